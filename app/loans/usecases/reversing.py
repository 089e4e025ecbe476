"""Taking a booked payment back: the loan stands as if it had never come, the book says so once, people are told."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import audit, clock, crash_points, ids
from app.kernel.outbox import emit
from app.kernel.states import transition
from app.ledger import usecases as ledger
from app.loans import domain
from app.loans.domain import reversals as rules
from app.loans.events import LoanReopened, RepaymentReversed
from app.loans.models import Loan, Repayment, RepaymentReversal
from app.loans.queries.history import cash_fen, history
from app.loans.usecases import correcting
from app.loans.usecases.booking import hold, post_parts, post_redivided


def reverse_payment(
    session: Session,
    *,
    repayment_id: UUID,
    reason: str,
    kind: str = "bounced",
    actor: str = "system",
    loan_id: UUID | None = None,
    reversal_id: UUID | None = None,
) -> RepaymentReversal:
    """Take a booked repayment back, once: rows, figures, line, class, certificate, book and events in one transaction.

    The loan becomes what it would be had the payment never come; payments after it are divided anew, each as of its own
    day. `kind` is bounced, chargeback or wrong_loan; `reason` is kept in the audit; `actor` is `staff:<id>` or
    `system`; `loan_id`, where given, must be the payment's. A repeat with the same `reversal_id` (default: one made of
    the payment's) answers what was done.

    Raises RepaymentUnknown, PaymentOfAnotherLoan, PaymentNotBooked, AlreadyReversed, ReversalOfReversal, ReasonUnknown,
    CreditGone, HistoryNotRebuildable, DayBeingClosed; nothing is changed then."""
    _check_said(kind, reason)
    last_closed_on, closing = ledger.hold_days(session)
    loan, repayment = _held(session, repayment_id, loan_id)
    reversal_id = reversal_id or ids.named("repayment_reversal", str(repayment_id))
    known = _known(session, repayment_id)
    if known and known.id == reversal_id:
        return known
    _check(repayment, known)
    before, amount_fen = correcting.standing(session, loan), cash_fen(repayment)
    correcting.check_rebuildable(session, loan)
    _days_that_ended(loan, before.status, last_closed_on, closing=closing)
    transition(session, repayment, domain.REPAYMENT_STATES, "reversed", actor=actor, facts={"kind": kind})
    session.flush()
    done = correcting.correct(session, loan, history(session, loan), target=repayment, before=before)
    post_parts(session, loan, repayment, "repayment_reversal", done.moves)
    post_redivided(session, loan, f"reversal_redivided:{repayment.id}", repayment, done)
    said = {"kind": kind, "reason": reason.strip()[:200], "amount_fen": amount_fen, "actor": actor}
    reversal = _keep(session, reversal_id, repayment, said, done)
    _tell(session, loan, reversal, reopened=done.before.status == "settled" != done.after.status)
    crash_points.reach("reversal.booked")
    return reversal


def _check_said(kind: str, reason: str) -> None:
    if kind not in rules.REVERSAL_KINDS or not reason.strip():
        raise rules.ReasonUnknown("Say what happened: bounced, chargeback or wrong_loan, and why.", kind=kind)


def _known(session: Session, repayment_id: UUID) -> RepaymentReversal | None:
    return session.scalar(select(RepaymentReversal).where(RepaymentReversal.repayment_id == repayment_id))


def _held(session: Session, repayment_id: UUID, loan_id: UUID | None) -> tuple[Loan, Repayment]:
    if session.get(RepaymentReversal, repayment_id):
        raise rules.ReversalOfReversal("A reversal is not taken back; book the payment that comes instead.")
    found = session.get(Repayment, repayment_id)
    if found is None:
        raise domain.RepaymentUnknown("There is no such repayment.")
    if loan_id and found.loan_id != loan_id:
        raise rules.PaymentOfAnotherLoan("The payment is not of this loan.")
    return hold(session, repayment_id)


def _days_that_ended(loan: Loan, status: str, last_closed_on: date | None, *, closing: bool) -> None:
    """A settled loan accrued nothing since it ended: it catches up with the days that the bank has closed."""
    if status != "settled" or last_closed_on is None:
        return
    if closing:
        raise rules.DayBeingClosed("A business day is being closed; try again in a few minutes.")
    if loan.written_off_on is None or loan.keeps_accruing:
        loan.accrued_through_on = max(loan.accrued_through_on, last_closed_on)


def _keep(
    session: Session, reversal_id: UUID, repayment: Repayment, made: dict[str, Any], done: correcting.Correction
) -> RepaymentReversal:
    seen = {"before": done.before.facts(), "after": done.after.facts()}
    about = {"repayment_id": repayment.id, "loan_id": repayment.loan_id, "reversed_at": clock.now()}
    reversal = RepaymentReversal(id=reversal_id, **about, **made, **seen)
    session.add(reversal)
    session.flush()
    return reversal


def _check(repayment: Repayment, known: RepaymentReversal | None) -> None:
    if known or repayment.status == "reversed":
        raise rules.AlreadyReversed("The payment was taken back before.")
    if repayment.status != "applied":
        raise rules.PaymentNotBooked("The payment is not booked on a loan.", status=repayment.status)


def _record(session: Session, reversal: RepaymentReversal) -> None:
    kind, _, who = reversal.actor.partition(":")
    audit.record(
        session,
        actor_kind=kind,
        actor_id=who or kind,
        action="repayment.reversed",
        subject_kind="loans",
        subject_id=reversal.loan_id,
        reason=reversal.reason,
        facts={
            "repayment_id": str(reversal.repayment_id), "kind": reversal.kind, "amount_fen": reversal.amount_fen,
            "before": reversal.before, "after": reversal.after,
        },
    )  # fmt: skip


def _tell(session: Session, loan: Loan, reversal: RepaymentReversal, *, reopened: bool) -> None:
    _record(session, reversal)
    about: dict[str, Any] = {
        "subject_id": loan.id,
        "application_id": loan.application_id,
        "customer_id": loan.customer_id,
        "partner_id": loan.partner_id,
        "order_id": loan.order_id,
    }
    emit(session, RepaymentReversed(**about, repayment_id=reversal.repayment_id, amount_fen=reversal.amount_fen))
    if reopened:
        emit(session, LoanReopened(**about))
