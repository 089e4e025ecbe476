"""What the console knows of its own: staff, who looked at a customer's data, and changes of partners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.console.domain.partner_terms import Terms
from app.console.models import PartnerChange, Reveal, Staff
from app.credit import queries as credit
from app.kernel import clock, crypto
from app.kernel.audit import AuditEntry
from app.partners import queries as partners


@dataclass(frozen=True)
class StaffView:
    """One member of staff."""

    staff_id: UUID
    number: str
    email: str
    name: str
    roles: tuple[str, ...]
    status: str


@dataclass(frozen=True)
class RevealView:
    """One look at a customer's data in the clear."""

    staff_number: str
    field: str
    reason: str
    revealed_at: datetime


def staff_member(session: Session, staff_id: UUID) -> StaffView:
    """One member of staff."""
    return _view(session.get_one(Staff, staff_id))


def staff_by_email(session: Session, email: str) -> StaffView | None:
    """The member of staff with this address of mail."""
    email_index = crypto.blind_index(email.strip().lower(), "staff.email")
    found = session.scalar(select(Staff).where(Staff.email_index == email_index))
    return _view(found) if found else None


def actor_name(session: Session, actor: str | None) -> str:
    """`0007 沈测` of `staff:<id>`; another actor as it is written, nobody yet is nothing."""
    who = (actor or "").partition(":")[2]
    try:
        found = staff_member(session, UUID(who))
    except (ValueError, NoResultFound):
        return actor or ""
    return f"{found.number} {found.name}"


def reveals_of(session: Session, customer_id: UUID, limit: int = 20) -> Sequence[RevealView]:
    """Who looked at this customer's data, newest first."""
    rows = session.execute(
        select(Reveal, Staff.number)
        .join(Staff, Staff.id == Reveal.staff_id)
        .where(Reveal.customer_id == customer_id)
        .order_by(Reveal.id.desc())
        .limit(limit)
    )
    return [RevealView(number, row.field, row.reason, row.revealed_at) for row, number in rows]


def _view(row: Staff) -> StaffView:
    return StaffView(row.id, row.number, row.email, row.name, tuple(row.roles), row.status)


def terms(session: Session, partner_id: UUID, *, on: date | None = None) -> Terms:
    """What a partner may today, with the limits that hold on a day. Raises PartnerUnknown."""
    found, key = partners.agreement(session, partner_id), str(partner_id)
    limits = credit.exposure_limits(
        session, on=on or clock.today(), keys=dict.fromkeys(("partner", "merchant", "partner_day"), key)
    )
    return Terms(
        name=found.name,
        agreement_no=found.agreement_no,
        signed_on=found.signed_on,
        effective_from=found.effective_from,
        effective_to=found.effective_to,
        scopes=found.scopes,
        origins=partners.origins(session, partner_id),
        outstanding_fen=limits.get("partner"),
        merchant_fen=limits.get("merchant"),
        day_fen=limits.get("partner_day"),
        limits_from=None,
    )


@dataclass(frozen=True)
class ChangeView:
    """A change of a partner, with the names of who proposed and who decided."""

    id: UUID
    partner_id: UUID | None
    kind: str
    before: dict[str, Any]
    after: dict[str, Any]
    widens: bool
    reason: str
    status: str
    proposed_by: str
    proposer: str
    proposed_at: datetime
    decider: str
    decided_at: datetime | None
    note: str | None


def partner_changes(session: Session, *, partner_id: UUID | None = None, limit: int = 20) -> Sequence[ChangeView]:
    """Changes of one partner, newest first; without one those that wait, of all partners and new ones."""
    query = select(PartnerChange).order_by(PartnerChange.id.desc()).limit(limit)
    query = query.where(PartnerChange.partner_id == partner_id if partner_id else PartnerChange.status == "proposed")
    return [_change(session, row) for row in session.scalars(query)]


def partner_of_change(session: Session, change_id: UUID) -> UUID | None:
    """Whom a change is about; None for a new partner and where there is no such change."""
    return session.scalar(select(PartnerChange.partner_id).where(PartnerChange.id == change_id))


def _change(session: Session, row: PartnerChange) -> ChangeView:
    own = [name for name in ChangeView.__dataclass_fields__ if name not in ("proposer", "decider")]
    names: dict[str, Any] = {
        "proposer": actor_name(session, row.proposed_by),
        "decider": actor_name(session, row.decided_by),
    }
    return ChangeView(**{name: getattr(row, name) for name in own}, **names)


@dataclass(frozen=True)
class AuditLine:
    """One entry of the audit trail."""

    occurred_at: datetime
    actor: str
    action: str
    reason: str | None
    facts: dict[str, Any]


def audit_of(session: Session, subject_id: UUID, limit: int = 50) -> Sequence[AuditLine]:
    """What was done to one thing, newest first."""
    query = select(AuditEntry).where(AuditEntry.subject_id == subject_id).order_by(AuditEntry.id.desc()).limit(limit)
    return [
        AuditLine(one.occurred_at, actor_name(session, one.actor_id), one.action, one.reason, one.facts)
        for one in session.scalars(query)
    ]
