"""A consent was withdrawn: what is not signed and rests on it stops at once, not only when it would next be used."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credit import events
from app.credit.domain.applications import CONSENT_KINDS, UNDECIDED, ContractBinding
from app.credit.models import Application
from app.credit.usecases.applications import end_without_loan, tell
from app.customers.queries import granted


def stop_with_consent(session: Session, *, customer_id: UUID, enterprise_id: UUID | None, kind: str) -> int:
    """End the unsigned applications that rest on a consent which is gone; answers how many.

    Given anew meanwhile, it carries them on. A signed contract stands: the loan it makes is managed under it.
    """
    live = (*UNDECIDED, "approved", "signing")
    query = select(Application).where(Application.customer_id == customer_id, Application.status.in_(live))
    if enterprise_id is not None:
        query = query.where(Application.enterprise_id == enterprise_id)
    given = granted(session, customer_id=customer_id, enterprise_id=enterprise_id, kinds=(kind,))
    if kind not in CONSENT_KINDS or kind in given:
        return 0
    return sum(_stop(session, row) for row in session.scalars(query.order_by(Application.id).with_for_update()))


def _stop(session: Session, row: Application) -> bool:
    try:
        end_without_loan(session, row, "withdraw", actor="consent_withdrawn")
    except ContractBinding:
        return False
    tell(session, row, events.ApplicationWithdrawn)
    return True
