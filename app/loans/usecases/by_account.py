"""Repaying from the customer's bank account: when they ask for it, and by itself when something is due."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.debits import queries as debit_queries
from app.debits import usecases as debits
from app.debits.domain import NoMandate
from app.debits.queries import MandateView
from app.engine.prepayment import Mode
from app.kernel import clock, ids
from app.loans import domain
from app.loans.domain.reversals import AlreadyReversed
from app.loans.models import Loan, Repayment, RepaymentReversal
from app.loans.usecases.repayments import (
    PURPOSE,
    Way,
    cancel_repayment,
    open_repayment,
    payable_repayment,
    payment_ready,
)
from app.loans.usecases.reversing import reverse_payment
from app.payments import queries as payment_queries
from app.payments.queries import OrderView
from app.payments.usecases import attach_prepay

RETURNED = "扣款被付款行退回"


def open_by_account(
    session: Session,
    *,
    repayment_id: UUID,
    customer_id: UUID,
    loan_id: UUID,
    kind: str,
    amount_fen: int | None = None,
    mode: Mode | None = None,
    automatic: bool = False,
) -> tuple[Repayment, OrderView, MandateView]:
    """Fix an amount as `open_repayment` does and have it debited; get-or-create by id.

    It counts for the day it was asked for, also when the core bank tells of it later. What is due may be taken in part.
    Raises NoMandate and what `open_repayment` raises.
    """
    mandate = debit_queries.usable_mandate(session, customer_id)
    if mandate is None:
        raise NoMandate("Name a bank account first, or wait until a new one may be used.")
    repayment, order = open_repayment(
        session,
        repayment_id=repayment_id,
        customer_id=customer_id,
        loan_id=loan_id,
        kind=kind,
        way=Way("bank_account", ""),
        amount_fen=amount_fen,
        mode=mode,
    )
    _ask(session, repayment, order, automatic)
    attach_prepay(session, order_id=order.order_id)
    return payment_ready(session, repayment_id=repayment.id), order, mandate


def _ask(session: Session, repayment: Repayment, order: OrderView, automatic: bool) -> None:
    request = debits.DebitRequest(
        order_id=order.order_id,
        debit_no=order.out_trade_no,
        customer_id=repayment.customer_id,
        reference_id=repayment.id,
        subject_id=repayment.loan_id,
        amount_fen=repayment.amount_fen,
        part_wanted=repayment.kind == "due",
        automatic=automatic,
    )
    debits.open_debit(session, request=request)


def cancel_by_account(session: Session, *, customer_id: UUID, repayment_id: UUID) -> Repayment:
    """Give up a debit that is in no file yet. Raises RepaymentUnknown, RepaymentOver, DebitInFlight."""
    repayment = payable_repayment(session, customer_id=customer_id, repayment_id=repayment_id)
    order = payment_queries.order_of(session, purpose=PURPOSE, reference_id=repayment_id)
    assert order is not None, "a repayment is opened together with its order"
    debits.withdraw_debit(session, order_id=order.order_id)
    cancel_repayment(session, repayment_id=repayment_id, order_id=order.order_id)
    return repayment


def loans_to_collect(session: Session) -> Sequence[UUID]:
    """Loans that owe something today and whose customers allow debits."""
    customers = debit_queries.customers_to_debit(session)
    return session.scalars(
        select(Loan.id)
        .where(
            Loan.customer_id.in_(customers),
            Loan.status.in_(domain.OWING),
            Loan.next_due_on <= clock.today(),
        )
        .order_by(Loan.id)
    ).all()


def collect_due(session: Session, *, loan_id: UUID) -> Repayment | None:
    """Debit what is due on a loan today, when the rules allow another try now and nothing else is being paid.

    Raises what `open_by_account` raises: a repayment that waits for WeChat Pay is RepaymentOpen.
    """
    loan = session.get_one(Loan, loan_id, with_for_update=True)
    due_on = loan.next_due_on
    if loan.status not in domain.OWING or due_on is None or due_on > clock.today():
        return None
    if not debit_queries.may_try(session, subject_id=loan_id, due_on=due_on):
        return None
    done = debit_queries.tries(session, subject_id=loan_id, due_on=due_on)
    repayment, _, _ = open_by_account(
        session,
        repayment_id=ids.named("debit_of_due", f"{loan_id}:{due_on}:{done.since_due}"),
        customer_id=loan.customer_id,
        loan_id=loan_id,
        kind="due",
        automatic=True,
    )
    return repayment


def returns_to_book(session: Session) -> Sequence[UUID]:
    """Repayments that stand on their loans although the core bank took the money of their debits back."""
    returned = debit_queries.returned_references()
    query = select(Repayment.id).where(Repayment.id.in_(returned), Repayment.status == "applied")
    return session.scalars(query.order_by(Repayment.id)).all()


def book_return(session: Session, *, repayment_id: UUID) -> None:
    """Take the repayment of a returned debit off its loan, once; the bank's own account was moved with the result.

    Whoever of the staff took it off before (bounced, chargeback) did this already. Money that they moved to another
    loan is AlreadyReversed: a person takes it off there. Raises what `reverse_payment` raises.
    """
    try:
        reverse_payment(session, repayment_id=repayment_id, reason=RETURNED)
    except AlreadyReversed:
        moved = RepaymentReversal.repayment_id == repayment_id, RepaymentReversal.kind == "wrong_loan"
        if session.scalar(select(RepaymentReversal.id).where(*moved)):
            raise
