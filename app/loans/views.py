"""Loans as people read them: rows joined with what is derived from them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import segno

from app.adapters.wechat_pay import PayOrder
from app.debits.queries import MandateView
from app.engine.calculator import RemainingSchedule, described
from app.engine.prepayment import Mode
from app.engine.uppercase import uppercase
from app.loans import domain, queries
from app.loans.models import Loan, LoanInstalment, Repayment
from app.payments.queries import OrderView

_COPIED = (
    *("id", "loan_no", "application_id", "contract_id", "principal_fen", "outstanding_principal_fen", "credit_fen"),
    *("all_in_annual_rate", "annual_rate", "method", "term_months", "start_on"),
)


def loan(found: Loan, schedule: Sequence[LoanInstalment], on: date) -> dict[str, Any]:
    """A loan with its schedule, what is due on a day, and the next payment."""
    rows = queries.as_rows(found, schedule, on) if found.status in domain.OWING else []
    following, days = domain.next_row(rows), domain.dpd(found.next_due_on, on, queries.late_terms(found))
    return {name: getattr(found, name) for name in _COPIED} | {
        "status": domain.shown_status(found.status, days),
        "written_off_on": found.written_off_on,
        "overdue_days": days,
        "penalty_fen": sum(row.penalty_fen + row.compound_fen for row in rows),
        "due_now_fen": sum(row.total_fen for row in domain.due_rows(rows, on)),
        "next_due_on": following.due_on if following else None,
        "next_payment_fen": following.total_fen if following else None,
        "instalments": [_row(found, row, on) for row in schedule if row.status != "replaced"],
    }


def repricing(found: Loan) -> dict[str, Any] | None:
    """How the rate follows the LPR; None for a fixed one."""
    if not found.repricing:
        return None
    said = {name: found.repricing[name] for name in ("benchmark", "spread_bps", "on")}
    return {**said, "next_on": found.reprices_on}


def _row(found: Loan, row: LoanInstalment, on: date) -> dict[str, Any]:
    late = queries.late_terms(found)
    owed = queries.owed(row, on, late) if row.status == "due" else None
    return {
        "number": row.number,
        "due_on": row.due_on,
        "principal_fen": row.principal_fen,
        "interest_fen": row.interest_fen,
        "payment_fen": row.principal_fen + row.interest_fen,
        "paid_fen": row.paid_principal_fen + row.paid_interest_fen,
        "waived_fen": row.waived_principal_fen
        + row.waived_interest_fen
        + row.waived_penalty_fen
        + row.waived_compound_fen,
        "penalty_fen": owed.penalty_fen + owed.compound_fen if owed else 0,
        "overdue_days": domain.dpd(row.due_on, on, late) if owed and owed.is_late_if_unpaid else 0,
        "status": row.status,
        "paid_at": row.paid_at,
    }


def payable(repayment: Repayment, order: PayOrder, answered: str | dict[str, str]) -> dict[str, Any]:
    """A repayment that waits for its money, with what WeChat Pay answered for the way in which it is paid."""
    shown = {
        "jsapi": {"payment": answered},
        "h5": {"h5_url": answered},
        "native": {"code_url": answered, "code_picture": _picture(str(answered))},
    }
    nothing = dict.fromkeys(("payment", "h5_url", "code_url", "code_picture", "account"))
    known = {"repayment": repayment, "pay_by": order.pay_by, "pay_until": order.expires_at}
    return {**known, **nothing, **shown[order.pay_by]}


def debited(repayment: Repayment, order: OrderView, mandate: MandateView) -> dict[str, Any]:
    """A repayment whose money comes from the customer's account; there is nothing more to do for them."""
    nothing = dict.fromkeys(("payment", "h5_url", "code_url", "code_picture"))
    known = {"repayment": repayment, "pay_by": "bank_account", "pay_until": order.expires_at}
    return {**known, **nothing, "account": mandate.account}


def _picture(text: str) -> dict[str, Any]:
    matrix = segno.make(text, error="m", micro=False).matrix
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark)
    return {"size": len(matrix), "path": path}


def receipt(repayment: Repayment, of_loan: Loan, bank_name: str) -> dict[str, Any]:
    """What the bank confirms to have received. Raises NoReceipt before the payment is booked."""
    if repayment.status != "applied":
        raise domain.NoReceipt("The payment is not booked yet.", status=repayment.status)
    return {
        "receipt_no": repayment.receipt_no,
        "loan_no": of_loan.loan_no,
        "bank_name": bank_name,
        "amount_fen": repayment.amount_fen,
        "amount_uppercase": uppercase(repayment.amount_fen),
        "principal_fen": repayment.principal_fen,
        "interest_fen": repayment.interest_fen,
        "interest_returned_fen": repayment.interest_returned_fen,
        "penalty_fen": repayment.penalty_fen,
        "overpaid_fen": repayment.overpaid_fen,
        "outstanding_principal_fen": of_loan.outstanding_principal_fen,
        "kind": repayment.kind,
        "recovered": repayment.recovered,
        "paid_at": repayment.paid_at,
    }


def remaining(left: RemainingSchedule) -> dict[str, Any]:
    """A schedule that is left after paying early, with what it saves beside it."""
    plan = left.schedule
    return {
        "instalments": plan.instalments,
        "total_interest_fen": plan.total_interest_fen,
        "total_fee_fen": plan.total_fee_fen,
        "all_in_annual_rate": plan.all_in_annual_rate,
        "effective_annual_rate": plan.effective_annual_rate,
        "interest_saved_fen": left.interest_saved_fen,
    }


def early_repayment(quote: domain.EarlyRepayment) -> dict[str, Any]:
    """Both outcomes of an early repayment; None for one that was not asked for."""
    any_ = next(iter(quote.outcomes.values()))  # what the amount settles is the same in both
    left = {
        mode: remaining(RemainingSchedule(described(done.plan), done.interest_saved_fen))
        for mode, done in quote.outcomes.items()
    }
    return {
        "valid_on": quote.valid_on,
        "amount_fen": quote.amount_fen,
        "pay_off_fen": quote.pay_off_fen,
        "penalty_fen": quote.penalty_fen,
        "arrears_fen": any_.arrears_fen + quote.arrears_fen,
        "interest_fen": any_.interest_fen,
        "principal_fen": any_.principal_fen,
        "lower_instalment": left.get(Mode.LOWER_INSTALMENT),
        "shorter_term": left.get(Mode.SHORTER_TERM),
    }
