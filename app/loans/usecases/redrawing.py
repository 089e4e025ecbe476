"""A part prepayment on the rows of a schedule: the rest gives way to the engine's new plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from app.engine.errors import PrepaymentError
from app.engine.positions import own_interests
from app.engine.prepayment import Mode, prepay
from app.engine.schedules import Schedule
from app.loans import domain, queries
from app.loans.domain.prepaying import divide_prepayment
from app.loans.models import Loan, LoanInstalment, Repayment
from app.loans.queries.plans import plan_in_force
from app.loans.usecases.drawing_up import NOTHING_LATE, asks_for_what_it_earned, drawn_up


def divide(
    session: Session, loan: Loan, repayment: Repayment, instalments: Sequence[LoanInstalment], amount_fen: int
) -> domain.Division:
    """How the money of a part prepayment is divided on the day it was quoted for; notes what the new plan came from.

    When the amount settles the loan by then it is a pay-off, when it no longer reaches the principal it pays what is
    due: money that came is never refused.
    """
    assert repayment.mode, "a prepayment says what becomes of the rest"
    on = repayment.quoted_on
    rows, plan = queries.as_rows(loan, instalments, on), plan_in_force(session, loan, instalments)
    plan_amount_fen = amount_fen - sum(row.penalty_fen + row.compound_fen for row in rows) - plan.arrears_fen
    try:
        done = prepay(plan.schedule, on, plan.paid_fen, plan_amount_fen, Mode(repayment.mode))
    except PrepaymentError as error:
        if error.reason == "settles_loan":
            return domain.divide_pay_off(amount_fen, queries.pay_off_quote(session, loan, on, instalments), rows)
        order = queries.allocation_order(session, loan, on)
        return domain.divide_due(amount_fen, domain.due_rows(rows, on), order)
    repayment.plan_paid_fen, repayment.plan_amount_fen = plan.paid_fen, plan_amount_fen
    return divide_prepayment(amount_fen, rows, done, loan.outstanding_principal_fen)


def redraw(
    session: Session,
    loan: Loan,
    instalments: Sequence[LoanInstalment],
    division: domain.Division,
    plan: Schedule,
    *,
    on: date,
    paid_at: datetime,
) -> list[LoanInstalment]:
    """Put a divided part prepayment on the schedule; answers the rows that are new.

    One row holds what was paid early. What had been paid ahead of rows that give way moves into it, so that the plan
    begins with nothing paid and principal still adds up.
    """
    asks_for_what_it_earned(instalments)
    ahead = [row for row in instalments if row.status in ("due", "paid") and row.due_on > on]
    principal_fen = division.early_principal_fen + sum(row.paid_principal_fen for row in ahead)
    interest_fen = division.early_interest_fen + sum(row.paid_interest_fen for row in ahead)
    for row in ahead:
        row.status, row.replaced_on = "replaced", on
        row.paid_principal_fen = row.paid_interest_fen = 0
    number = max(row.number for row in instalments) + 1
    prepaid = LoanInstalment(
        **NOTHING_LATE, loan_id=loan.id, number=number, due_on=on, principal_fen=principal_fen,
        interest_fen=interest_fen, paid_principal_fen=principal_fen, paid_interest_fen=interest_fen, status="prepaid",
        paid_at=paid_at, drawn_on=on,
    )  # fmt: skip
    rest = drawn_up(loan, plan, after=number, drawn_on=on)
    session.add_all([prepaid, *rest])
    _begin_period(loan, plan, on)
    return [prepaid, *rest]


def _begin_period(loan: Loan, plan: Schedule, on: date) -> None:
    """From the day on, interest accrues on the new plan; all interest until then has been paid with the prepayment."""
    loan.period_start_on, loan.period_end_on = on, plan.due_on[0]
    loan.period_principal_fen, loan.period_interest_fen = plan.terms.principal_fen, own_interests(plan)[0]
    loan.interest_before_fen, loan.period_carried = loan.paid_interest_fen, Decimal(0)
    reached_on = max(on, loan.accrued_through_on + timedelta(days=1))
    loan.accrued_interest_fen = queries.interest_earned(loan, reached_on)
