"""Booking the money of a repayment: divided, put on the schedule, the line and the book, and told; once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import clock, crash_points
from app.kernel.outbox import Event, emit_all
from app.kernel.states import transition
from app.ledger.usecases import post
from app.loans import domain
from app.loans.domain.reversals import CreditGone, HistoryNotRebuildable
from app.loans.events import LoanSettled, RepaymentSucceeded
from app.loans.models import Loan, Repayment
from app.loans.queries.history import Payment, history, in_order
from app.loans.usecases import correcting, settling
from app.loans.usecases.dividing import take_in

OVER = frozenset({"applied", "reversed"})


def apply_payment(session: Session, *, repayment_id: UUID, amount_fen: int, paid_at: datetime) -> Repayment:
    """Book the money of a repayment, once: instalments, limit, ledger and events in one transaction.

    The payment counts for the day it was quoted for, also when that day is over: penalty and interest are those of
    that day, and what came after it is put right as if it had come in time. In the book it stands on the first day that
    is still open. What another payment settled in between becomes the customer's credit. Amounts in fen.
    """
    loan, repayment = hold(session, repayment_id)
    if repayment.status in OVER:
        return repayment
    status = loan.status
    if not (_came_late(session, loan, repayment) and _book_late(session, loan, repayment, amount_fen, paid_at)):
        _book(session, loan, repayment, amount_fen, paid_at)
    told: list[Event] = [_paid(loan, repayment, amount_fen)]
    if loan.status == "settled" != status:
        told.append(settled(loan))
    emit_all(session, told)
    return repayment


def hold(session: Session, repayment_id: UUID) -> tuple[Loan, Repayment]:
    """A repayment and its loan, locked and read anew by one statement: whatever changes a loan waits here for its turn,
    and sees then what another worker has booked. Raises NoResultFound."""
    query = select(Loan, Repayment).join(Repayment, Repayment.loan_id == Loan.id).where(Repayment.id == repayment_id)
    found = session.execute(query.with_for_update().execution_options(populate_existing=True)).one()
    return found[0], found[1]


def _came_late(session: Session, loan: Loan, repayment: Repayment) -> bool:
    """Whether something that counts for a later day is done already: an end of day, another payment."""
    on = repayment.quoted_on
    if on <= loan.accrued_through_on:
        return True
    if on >= clock.today():
        return False
    later = select(Repayment.id).where(
        Repayment.loan_id == loan.id, Repayment.status == "applied", Repayment.quoted_on > on
    )
    return session.scalar(later.limit(1)) is not None


def _mark(session: Session, repayment: Repayment, paid_at: datetime) -> None:
    repayment.booked_at, repayment.paid_at = clock.now(), paid_at
    transition(session, repayment, domain.REPAYMENT_STATES, "applied")


def _book(session: Session, loan: Loan, repayment: Repayment, amount_fen: int, paid_at: datetime) -> None:
    before, on_line_fen = settling.earned(loan), settling.on_line_fen(loan)
    take_in(session, loan, repayment, amount_fen=amount_fen, paid_at=paid_at)
    _mark(session, repayment, paid_at)
    crash_points.reach("payment.taken_in")
    post_parts(session, loan, repayment, "repayment", domain.moves(before, settling.earned(loan)))
    correcting.move_line(session, loan, on_line_fen)
    crash_points.reach("payment.booked")


def _book_late(session: Session, loan: Loan, repayment: Repayment, amount_fen: int, paid_at: datetime) -> bool:
    """As if it had come in time; false where the loan's history cannot be lived through anew: money is never refused,
    it is then booked on the loan as it stands."""
    before = correcting.standing(session, loan)
    try:
        with session.begin_nested():
            correcting.check_rebuildable(session, loan)
            known = history(session, loan)
            _mark(session, repayment, paid_at)
            assert repayment.booked_at is not None
            new = Payment(repayment.quoted_on, repayment.booked_at, repayment, amount_fen)
            done = correcting.correct(session, loan, in_order([*known, new]), target=repayment, before=before)
    except (HistoryNotRebuildable, CreditGone):
        return False
    post_parts(session, loan, repayment, "repayment", done.moves)
    post_redivided(session, loan, f"repayment_redivided:{repayment.id}", repayment, done)
    crash_points.reach("late_payment.booked")
    return True


def post_parts(
    session: Session, loan: Loan, repayment: Repayment, template: str, moves: Mapping[str, int]
) -> None:
    """One journal for the money of a repayment and what it moves between earned and received; once by its name.

    What came when the loan was written off is regained, or no longer: `template` is repayment or repayment_reversal.
    """
    if repayment.recovered:
        template = {"repayment": "recovery", "repayment_reversal": "recovery_reversal"}[template]
    assert repayment.paid_at is not None, "money is booked when it was paid"
    parts = ("principal", "interest", "penalty", "overpaid", "interest_returned")
    amounts_fen = {name: getattr(repayment, f"{name}_fen") or 0 for name in parts}
    post(
        session,
        key=f"{template}:{repayment.id}",
        template=template,
        amounts_fen={**amounts_fen, **({"fee": 0} if template == "repayment" else {}), **moves},
        subject_id=loan.id,
        business_on=clock.local_day(repayment.paid_at),
        product_code=loan.product_code,
        partner_id=loan.partner_id,
    )


def post_redivided(
    session: Session, loan: Loan, key: str, repayment: Repayment, done: correcting.Correction
) -> None:
    """What other payments settle and what is lost differently from now on; no journal where nothing differs."""
    assert repayment.paid_at is not None, "money is booked when it was paid"
    amounts_fen = done.redivided
    post_losses(session, loan, key, done.lost_fen, clock.local_day(repayment.paid_at))
    if any(amounts_fen.values()):
        post(
            session,
            key=key,
            template="repayment_redivided",
            amounts_fen=amounts_fen,
            subject_id=loan.id,
            business_on=clock.local_day(repayment.paid_at),
            product_code=loan.product_code,
            partner_id=loan.partner_id,
        )


def post_losses(session: Session, loan: Loan, key: str, lost_fen: int, on: date) -> None:
    """The allowance gets what a loss took from it, or gives back what it did not: no provisions are kept here before.

    A bank that keeps them elsewhere maps the two accounts onto its own. No journal for 0.
    """
    if lost_fen:
        template = "loss_provided" if lost_fen > 0 else "loss_released"
        post(
            session,
            key=f"{template}:{key}",
            template=template,
            amounts_fen={"amount": abs(lost_fen)},
            subject_id=loan.id,
            business_on=on,
            product_code=loan.product_code,
            partner_id=loan.partner_id,
        )


def _paid(loan: Loan, repayment: Repayment, amount_fen: int) -> RepaymentSucceeded:
    return RepaymentSucceeded(
        subject_id=loan.id,
        repayment_id=repayment.id,
        application_id=loan.application_id,
        customer_id=loan.customer_id,
        partner_id=loan.partner_id,
        order_id=loan.order_id,
        amount_fen=amount_fen,
    )


def settled(loan: Loan) -> LoanSettled:
    """What is told of a loan of which nothing is owed any more."""
    return LoanSettled(
        subject_id=loan.id,
        application_id=loan.application_id,
        customer_id=loan.customer_id,
        partner_id=loan.partner_id,
        order_id=loan.order_id,
    )
