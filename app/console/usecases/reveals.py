"""Looking at a customer's data in the clear: with a reason, counted, and on the record before it is shown."""

from __future__ import annotations

import unicodedata
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.console import domain
from app.console.domain import NotYourRole, ReasonNeeded, Shown, TooManyReveals
from app.console.models import Reveal, Staff
from app.customers import queries as customers
from app.kernel import audit, clock, ids
from app.kernel.audience import StaffPrincipal

MIN_REASON = 4
MAX_REASON = 200


def reveal(
    session: Session, *, principal: StaffPrincipal, customer_id: UUID, field: str, reason: str, request_id: str
) -> Shown:
    """One field of one customer. Raises NotYourRole, ReasonNeeded, TooManyReveals, CustomerUnknown."""
    if not domain.may(principal.roles, "reveal"):
        raise NotYourRole("Your role does not need this data.")
    reason = unicodedata.normalize("NFC", " ".join(domain.plain(reason).split()))
    if field not in domain.REVEAL_FIELDS or not MIN_REASON <= len(reason) <= MAX_REASON:
        raise ReasonNeeded(f"Say in {MIN_REASON} to {MAX_REASON} characters why you need this.")
    person = customers.person(session, customer_id)
    session.get_one(Staff, principal.staff_id, with_for_update=True)  # looks of one person are counted one by one
    _check_limit(session, principal.staff_id)
    session.add(
        Reveal(
            id=ids.new_id(),
            staff_id=principal.staff_id,
            customer_id=customer_id,
            field=field,
            reason=reason,
            revealed_at=clock.now(),
        )
    )
    audit.record(
        session,
        actor_kind="staff",
        actor_id=str(principal.staff_id),
        action="customer.revealed",
        subject_kind="customers",
        subject_id=customer_id,
        reason=reason,
        facts={"field": field},
        request_id=request_id,
    )
    return Shown(field, getattr(person, field) or "—")


def _check_limit(session: Session, staff_id: UUID) -> None:
    since = clock.now() - domain.REVEAL_WINDOW
    count, oldest = session.execute(
        select(func.count(), func.min(Reveal.revealed_at)).where(
            Reveal.staff_id == staff_id, Reveal.revealed_at > since
        )
    ).one()
    if count >= domain.REVEALS_AN_HOUR:
        wait_s = int((oldest - since).total_seconds()) + 1
        raise TooManyReveals("You have looked at too much personal data within an hour.", retry_after_s=wait_s)
