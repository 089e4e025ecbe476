"""What is known of partners' developers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.portal.models import PortalMember


@dataclass(frozen=True)
class MemberView:
    """A developer without the password."""

    id: UUID
    login: str
    role: str
    created_at: datetime


def members(session: Session, partner_id: UUID) -> list[MemberView]:
    """The partner's team, oldest first, without those who were removed."""
    query = select(PortalMember).where(PortalMember.partner_id == partner_id, PortalMember.removed_at.is_(None))
    return [_view(found) for found in session.scalars(query.order_by(PortalMember.id))]


def member(session: Session, member_id: UUID) -> MemberView:
    """Whoever this is."""
    return _view(session.get_one(PortalMember, member_id))


def _view(found: PortalMember) -> MemberView:
    return MemberView(found.id, found.login, found.role, found.created_at)
