"""What becomes of one payment on a loan: divided by what it was paid for, and put on the rows; live and lived anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.loans import domain, queries
from app.loans.models import Loan, LoanInstalment, Repayment
from app.loans.usecases import redrawing, settling


def take_in(
    session: Session, loan: Loan, repayment: Repayment, *, amount_fen: int, paid_at: datetime,
    by: settling.Step = settling.step,
) -> domain.Parts:  # fmt: skip
    """Divide a payment as of its day, settle with it, and note its parts. `by` moves the loan's status."""
    instalments = queries.instalments(session, loan.id)
    repayment.recovered = loan.status == "written_off"
    division = divide(session, loan, repayment, instalments, amount_fen)
    settling.settle(session, loan, instalments, division, on=repayment.quoted_on, paid_at=paid_at, by=by)
    parts = division.parts
    repayment.principal_fen, repayment.interest_fen = parts.principal_fen, parts.interest_fen
    repayment.interest_returned_fen, repayment.overpaid_fen = parts.interest_returned_fen, parts.overpaid_fen
    repayment.penalty_fen, repayment.paid_at = parts.penalty_fen, paid_at
    return parts


def divide(
    session: Session, loan: Loan, repayment: Repayment, instalments: Sequence[LoanInstalment], amount_fen: int
) -> domain.Division:
    """How the money is divided. What it was meant for may have changed since it was quoted, when an earlier payment was
    taken back or came late: then it does the nearest thing, as `engine.replay.payments` does."""
    if loan.status not in domain.OWING:
        return domain.Division(overpaid_fen=amount_fen)
    on = repayment.quoted_on
    if repayment.kind == "prepayment" and loan.status in domain.OPEN_LOAN:
        return redrawing.divide(session, loan, repayment, instalments, amount_fen)
    rows = queries.as_rows(loan, instalments, on)
    if repayment.interest_free and cancellable(loan, rows, on, amount_fen):
        return domain.divide_cancelled(amount_fen, loan.outstanding_principal_fen, loan.paid_interest_fen)
    if repayment.kind == "payoff" or repayment.recovered:  # of a claim that is lost, all that comes is taken
        quote = queries.pay_off_quote(session, loan, on, instalments)
        if quote.total_fen <= amount_fen:
            return domain.divide_pay_off(amount_fen, quote, rows)
    order = queries.allocation_order(session, loan, on)
    due = domain.due_rows(rows, on)
    if repayment.kind != "instalment":
        return domain.divide_due(amount_fen, due, order)
    row = next((row for row in rows if row.number == repayment.instalment_number and row.total_fen), None)
    if row is None or not any(one.number < row.number for one in due):
        return domain.divide_instalment(amount_fen, row, order)
    return domain.divide_due(amount_fen, [*due, *([] if row in due else [row])], order)


def cancellable(loan: Loan, rows: Sequence[domain.Row], on: date, amount_fen: int) -> bool:
    """Whether this sum can end the loan as if it had never been: all principal, before anything is due."""
    return amount_fen >= loan.outstanding_principal_fen and not domain.due_rows(rows, on)
