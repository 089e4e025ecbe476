"""What the console knows of its own: staff, and who looked at a customer's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.console.models import Reveal, Staff
from app.kernel import crypto


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
