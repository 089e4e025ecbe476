"""What is known of partners."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import call_log, clock
from app.kernel.pagination import Page, PageRequest, paginate
from app.partners.domain.agreements import PartnerSuspended, PartnerUnknown
from app.partners.domain.keys import TEST
from app.partners.models import Partner, PartnerKey, PartnerOrigin, PublishableKey


@dataclass(frozen=True)
class PartnerView:
    """A partner for other capabilities and for itself."""

    id: UUID
    code: str
    name: str
    status: str
    in_force: bool


@dataclass(frozen=True)
class Agreement:
    """What was agreed with a partner, and where it stands."""

    id: UUID
    code: str
    name: str
    status: str
    in_force: bool
    agreement_no: str | None
    signed_on: date | None
    scopes: tuple[str, ...]
    effective_from: date
    effective_to: date | None
    created_at: datetime


@dataclass(frozen=True)
class KeyView:
    """A key without its secret."""

    key_id: str
    algorithm: str
    scopes: list[str]
    networks: list[str]
    mode: str
    version: str
    not_before: datetime
    not_after: datetime
    revoked_at: datetime | None
    created_at: datetime

    @property
    def works(self) -> bool:
        """Begun, not ended, not taken back."""
        return self.revoked_at is None and self.not_before <= clock.now() < self.not_after


def key_view(found: PartnerKey) -> KeyView:
    """A key as its partner may see it."""
    return KeyView(**{name: getattr(found, name) for name in KeyView.__dataclass_fields__})


def own_keys(session: Session, *, partner_id: UUID, request: PageRequest) -> Page[KeyView]:
    """The partner's keys, newest first, also those that ended."""
    page = paginate(session, select(PartnerKey).where(PartnerKey.partner_id == partner_id), PartnerKey.id, request)
    return Page([key_view(found) for found in page.items], page.next_cursor)


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


def partner_names(session: Session, partner_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What partners are called, by their ids."""
    rows = session.execute(select(Partner.id, Partner.name).where(Partner.id.in_(list(partner_ids))))
    return {row.id: row.name for row in rows}


def agreement(session: Session, partner_id: UUID) -> Agreement:
    """What was agreed with one partner. Raises PartnerUnknown."""
    found = session.get(Partner, partner_id)
    if found is None:
        raise PartnerUnknown("There is no such partner.")
    return _agreement(found)


def agreements(session: Session, request: PageRequest) -> Page[Agreement]:
    """All partners, newest first."""
    page = paginate(session, select(Partner), Partner.id, request)
    return Page([_agreement(found) for found in page.items], page.next_cursor)


def _agreement(found: Partner) -> Agreement:
    facts = {name: getattr(found, name) for name in Agreement.__dataclass_fields__ if name != "in_force"}
    return Agreement(**{**facts, "scopes": tuple(found.scopes)}, in_force=in_force(found))


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


def publishable_keys(session: Session, partner_id: UUID) -> list[str]:
    """The names of this partner in its own pages that work, oldest first."""
    query = select(PublishableKey.key).where(
        PublishableKey.partner_id == partner_id, PublishableKey.revoked_at.is_(None)
    )
    return list(session.scalars(query.order_by(PublishableKey.id)))


def unregistered(session: Session, partner_id: UUID, wanted: Iterable[str]) -> list[str]:
    """Those of `wanted` on which this partner may not show our frames."""
    known = origins(session, partner_id)
    return [origin for origin in wanted if origin not in known]


def origins_of_publishable_key(session: Session, key: str, mode: str = TEST) -> tuple[str, ...]:
    """The origins for `frame-ancestors` of the frames under this key; none for an unknown, dead or other mode's key."""
    if key.startswith("pk_") and not key.startswith(f"pk_{mode}_"):
        return ()
    query = (
        select(Partner)
        .join(PublishableKey, PublishableKey.partner_id == Partner.id)
        .where(PublishableKey.key == key, PublishableKey.revoked_at.is_(None))
    )
    found = session.scalar(query)
    return origins(session, found.id) if found and in_force(found) else ()


def _view(found: Partner) -> PartnerView:
    return PartnerView(found.id, found.code, found.name, found.status, in_force(found))


def calls(session: Session, *, partner_id: UUID, wanted: call_log.Wanted, most: int) -> list[call_log.Call]:
    """What the partner's servers asked in seven days, newest first; also what only claimed one of its keys."""
    keys = own_keys(session, partner_id=partner_id, request=PageRequest(100, None, "partner_callers"))
    owners = [str(partner_id), *(f"key:{key.key_id}" for key in keys.items)]
    return call_log.calls(owners, wanted, most=most)
