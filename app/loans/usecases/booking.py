"""Booking the money of a repayment: divided, put on the schedule, the line and the book, and told; once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credit import usecases as credit
from app.kernel import clock
from app.kernel.outbox import emit
from app.kernel.states import transition
from app.ledger.usecases import post
from app.loans import domain, queries
from app.loans.events import LoanSettled, RepaymentSucceeded
from app.loans.models import Loan, LoanInstalment, Repayment
from app.loans.usecases import redrawing, settling


def apply_payment(session: Session, *, repayment_id: UUID, amount_fen: int, paid_at: datetime) -> Repayment:
    """Book the money of a repayment, once: instalments, limit, ledger and events in one transaction.

    The payment counts for the day it was quoted for, also when that day is over: penalty and interest are those of
    that day. In the book it stands on the first day that is still open. What another payment settled in between
    becomes the customer's credit. Amounts in fen.
    """
    loan = _hold_loan(session, repayment_id)
    # read anew: another worker may have booked it while this one waited for the loan
    repayment = session.get_one(Repayment, repayment_id, with_for_update=True, populate_existing=True)
    if repayment.status == "applied":
        return repayment
    instalments = queries.instalments(session, loan.id)
    before, status = settling.earned(loan), loan.status
    division = _divide(session, loan, repayment, instalments, amount_fen)
    settling.settle(session, loan, instalments, division, on=repayment.quoted_on, paid_at=paid_at)
    parts = division.parts
    transition(session, repayment, domain.REPAYMENT_STATES, "applied")
    repayment.principal_fen, repayment.interest_fen = parts.principal_fen, parts.interest_fen
    repayment.interest_returned_fen, repayment.overpaid_fen = parts.interest_returned_fen, parts.overpaid_fen
    repayment.penalty_fen, repayment.paid_at = parts.penalty_fen, paid_at
    book(session, loan, repayment, parts, domain.moves(before, settling.earned(loan)))
    if loan.status == "settled" != status:
        _tell_settled(session, loan)
    return repayment


def _hold_loan(session: Session, repayment_id: UUID) -> Loan:
    """The loan of a repayment, locked and read anew: whatever changes a loan waits here for its turn."""
    of_loan = select(Repayment.loan_id).where(Repayment.id == repayment_id).scalar_subquery()
    query = select(Loan).where(Loan.id == of_loan).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one()


def _divide(
    session: Session, loan: Loan, repayment: Repayment, instalments: Sequence[LoanInstalment], amount_fen: int
) -> domain.Division:
    if loan.status not in domain.OPEN_LOAN:
        return domain.Division(overpaid_fen=amount_fen)
    on = repayment.quoted_on
    rows = queries.as_rows(loan, instalments, on)
    if repayment.kind == "payoff":
        return domain.divide_pay_off(amount_fen, queries.pay_off_quote(session, loan, on), rows)
    if repayment.kind == "prepayment":
        return redrawing.divide(session, loan, repayment, instalments, amount_fen)
    order = queries.allocation_order(session, loan, on)
    if repayment.kind == "due":
        return domain.divide_due(amount_fen, domain.due_rows(rows, on), order)
    row = next((row for row in rows if row.number == repayment.instalment_number), None)
    return domain.divide_instalment(amount_fen, row, order)


def book(session: Session, loan: Loan, repayment: Repayment, parts: domain.Parts, moves: dict[str, int]) -> None:
    """One journal for the money and what it moves between earned and received; the line; the event."""
    assert repayment.paid_at is not None, "money is booked when it was paid"
    post(
        session,
        key=f"repayment:{repayment.id}",
        template="repayment",
        amounts_fen={
            "principal": parts.principal_fen,
            "interest": parts.interest_fen,
            "penalty": parts.penalty_fen,
            "fee": 0,
            "overpaid": parts.overpaid_fen,
            "interest_returned": parts.interest_returned_fen,
            **moves,
        },
        subject_id=loan.id,
        business_on=clock.local_day(repayment.paid_at),
        product_code=loan.product_code,
        partner_id=loan.partner_id,
    )
    if parts.principal_fen:
        line = {"line_id": loan.credit_line_id, "application_id": loan.application_id}
        credit.repay_line(session, principal_fen=parts.principal_fen, **line)
    emit(
        session,
        RepaymentSucceeded(
            subject_id=loan.id,
            repayment_id=repayment.id,
            application_id=loan.application_id,
            customer_id=loan.customer_id,
            partner_id=loan.partner_id,
            order_id=loan.order_id,
            amount_fen=parts.cash_fen,
        ),
    )


def _tell_settled(session: Session, loan: Loan) -> None:
    emit(
        session,
        LoanSettled(
            subject_id=loan.id,
            application_id=loan.application_id,
            customer_id=loan.customer_id,
            partner_id=loan.partner_id,
            order_id=loan.order_id,
        ),
    )
