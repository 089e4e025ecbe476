"""What is known of partners."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import clock
from app.partners.domain.agreements import PartnerSuspended, PartnerUnknown
from app.partners.models import Partner, PartnerOrigin, PublishableKey


@dataclass(frozen=True)
class PartnerView:
    """A partner for other capabilities and for itself."""

    id: UUID
    code: str
    name: str
    status: str
    in_force: bool


def in_force(partner: Partner) -> bool:
    """Active, and today is within the agreement."""
    today = clock.today()
    ended = partner.effective_to is not None and partner.effective_to < today
    return partner.status == "active" and partner.effective_from <= today and not ended


def partner(session: Session, partner_id: UUID) -> PartnerView:
    """One partner. Raises PartnerUnknown."""
    found = session.get(Partner, partner_id)
    if found is None:
        raise PartnerUnknown("There is no such partner.")
    return _view(found)


def partner_by_code(session: Session, code: str) -> PartnerView | None:
    """The partner with this code."""
    found = session.scalar(select(Partner).where(Partner.code == code))
    return _view(found) if found else None


def partner_in_force(session: Session, partner_id: UUID) -> PartnerView:
    """One partner whose agreement is in force. Raises PartnerUnknown, PartnerSuspended."""
    view = partner(session, partner_id)
    if not view.in_force:
        raise PartnerSuspended("The agreement with this partner is not in force.")
    return view


def origins(session: Session, partner_id: UUID) -> tuple[str, ...]:
    """The origins on which this partner may show our frames, sorted."""
    query = select(PartnerOrigin.origin).where(PartnerOrigin.partner_id == partner_id)
    return tuple(sorted(session.scalars(query)))


def unregistered(session: Session, partner_id: UUID, wanted: Iterable[str]) -> list[str]:
    """Those of `wanted` on which this partner may not show our frames."""
    known = origins(session, partner_id)
    return [origin for origin in wanted if origin not in known]


def origins_of_publishable_key(session: Session, key: str) -> tuple[str, ...]:
    """The origins for `frame-ancestors` of the frames under this key; none for an unknown or dead key."""
    query = (
        select(Partner)
        .join(PublishableKey, PublishableKey.partner_id == Partner.id)
        .where(PublishableKey.key == key, PublishableKey.revoked_at.is_(None))
    )
    found = session.scalar(query)
    return origins(session, found.id) if found and in_force(found) else ()


def _view(found: Partner) -> PartnerView:
    return PartnerView(found.id, found.code, found.name, found.status, in_force(found))
