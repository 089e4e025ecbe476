"""Booking the money of a repayment: divided, put on the schedule, the line and the book, and told; once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.credit import usecases as credit
from app.kernel import clock
from app.kernel.outbox import emit
from app.kernel.states import transition
from app.ledger.usecases import post
from app.loans import domain, queries
from app.loans.events import LoanSettled, RepaymentSucceeded
from app.loans.models import Loan, LoanInstalment, Repayment


def apply_payment(session: Session, *, repayment_id: UUID, amount_fen: int, paid_at: datetime) -> Repayment:
    """Book the money of a repayment, once: instalments, limit, ledger and events in one transaction.

    The payment counts for the day it was quoted for. What another payment settled in between becomes the customer's
    credit. Amounts in fen.
    """
    found = session.get_one(Repayment, repayment_id)
    loan = session.get_one(Loan, found.loan_id, with_for_update=True)
    # read anew: another worker may have booked it while this one waited for the loan
    repayment = session.get_one(Repayment, repayment_id, with_for_update=True, populate_existing=True)
    if repayment.status == "applied":
        return repayment
    instalments = queries.instalments(session, loan.id)
    parts = _divide(session, loan, repayment, instalments, amount_fen)
    _settle_instalments(session, repayment, instalments, parts, paid_at)
    loan.outstanding_principal_fen -= parts.principal_fen
    loan.credit_fen += parts.overpaid_fen
    transition(session, repayment, domain.REPAYMENT_STATES, "applied")
    repayment.principal_fen, repayment.interest_fen = parts.principal_fen, parts.interest_fen
    repayment.interest_returned_fen, repayment.overpaid_fen = parts.interest_returned_fen, parts.overpaid_fen
    repayment.paid_at = paid_at
    _book(session, loan, repayment, parts, paid_at)
    if loan.outstanding_principal_fen == 0 and loan.status == "active":
        _settle(session, loan, paid_at)
    return repayment


def _divide(
    session: Session, loan: Loan, repayment: Repayment, instalments: list[LoanInstalment], amount_fen: int
) -> domain.Parts:
    if loan.status != "active":
        return domain.Parts(0, 0, overpaid_fen=amount_fen)
    if repayment.kind == "payoff":
        return domain.divide_pay_off(amount_fen, queries.pay_off_quote(session, loan, repayment.quoted_on))
    rows = queries.as_rows(instalments)
    row = next((row for row in rows if row.number == repayment.instalment_number), None)
    return domain.divide_instalment(amount_fen, row)


def _settle_instalments(
    session: Session,
    repayment: Repayment,
    instalments: list[LoanInstalment],
    parts: domain.Parts,
    paid_at: datetime,
) -> None:
    if repayment.kind == "payoff" and parts.principal_fen:
        _replace_by_pay_off(session, repayment, instalments, parts, paid_at)
        return
    for instalment in instalments:
        if instalment.number == repayment.instalment_number and instalment.status == "due":
            instalment.paid_principal_fen += parts.principal_fen
            instalment.paid_interest_fen += parts.interest_fen
            if instalment.paid_principal_fen == instalment.principal_fen:
                instalment.status, instalment.paid_at = "paid", paid_at


def _replace_by_pay_off(
    session: Session,
    repayment: Repayment,
    instalments: list[LoanInstalment],
    parts: domain.Parts,
    paid_at: datetime,
) -> None:
    """What was left of the schedule gives way to one row: the schedule still adds up to the principal."""
    for instalment in instalments:
        if instalment.status == "due":
            instalment.status = "replaced"
    session.add(
        LoanInstalment(
            loan_id=repayment.loan_id,
            number=max(instalment.number for instalment in instalments) + 1,
            due_on=repayment.quoted_on,
            principal_fen=parts.principal_fen,
            interest_fen=parts.interest_fen - parts.interest_returned_fen,
            paid_principal_fen=parts.principal_fen,
            paid_interest_fen=parts.interest_fen - parts.interest_returned_fen,
            status="payoff",
            paid_at=paid_at,
        )
    )


def _book(session: Session, loan: Loan, repayment: Repayment, parts: domain.Parts, paid_at: datetime) -> None:
    post(
        session,
        key=f"repayment:{repayment.id}",
        template="repayment",
        amounts_fen={
            "principal": parts.principal_fen,
            "interest": parts.interest_fen,
            "penalty": 0,
            "fee": 0,
            "overpaid": parts.overpaid_fen,
            "interest_returned": parts.interest_returned_fen,
        },
        subject_id=loan.id,
        business_on=clock.local_day(paid_at),
        product_code=loan.product_code,
        partner_id=loan.partner_id,
    )
    if parts.principal_fen:
        credit.repay_line(session, line_id=loan.credit_line_id, principal_fen=parts.principal_fen)
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


def _settle(session: Session, loan: Loan, paid_at: datetime) -> None:
    transition(session, loan, domain.LOAN_STATES, "settled")
    loan.settled_at = paid_at
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
