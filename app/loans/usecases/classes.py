"""Classes of loans: a worse one is applied by the end of day, a better one waits for a member of staff."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel import audit, clock
from app.loans import domain
from app.loans.models import ClassChange, Loan


def confirm_class(session: Session, *, change_id: UUID, actor: str, reason: str | None = None) -> Loan:
    """Give a loan the better class that was proposed. Raises ProposalUnknown, ProposalOver."""
    change, loan = _open(session, change_id)
    loan.asset_class = change.to_class
    _decide(session, change, "confirmed", actor, reason)
    return loan


def reject_class(session: Session, *, change_id: UUID, actor: str, reason: str) -> Loan:
    """Leave the loan in its class; the same is not proposed again for a month. Raises ProposalUnknown, ProposalOver."""
    change, loan = _open(session, change_id)
    _decide(session, change, "rejected", actor, reason)
    return loan


def _open(session: Session, change_id: UUID) -> tuple[ClassChange, Loan]:
    known = session.get(ClassChange, change_id)
    if known is None:
        raise domain.ProposalUnknown("There is no such proposal.")
    # the loan first, as everybody who changes a loan: the end of day may withdraw the proposal meanwhile
    loan = session.get_one(Loan, known.loan_id, with_for_update=True, populate_existing=True)
    change = session.get_one(ClassChange, change_id, with_for_update=True, populate_existing=True)
    if change.status != "proposed":
        raise domain.ProposalOver("The proposal is over.", status=change.status)
    return change, loan


def _decide(session: Session, change: ClassChange, status: str, actor: str, reason: str | None = None) -> None:
    change.status, change.decided_by, change.decided_at = status, actor, clock.now()
    facts = {"from_class": change.from_class, "to_class": change.to_class}
    kind, _, who = actor.partition(":")
    audit.record(
        session,
        actor_kind=kind,
        actor_id=who or kind,
        action=f"loan_class.{status}",
        subject_kind="loans",
        subject_id=change.loan_id,
        reason=reason,
        facts=facts,
    )
