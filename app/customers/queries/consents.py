"""Consents and their texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.customers.domain.consents import KINDS, PARTNER_KINDS, about_enterprise, names_partner
from app.customers.models import Consent, ConsentText
from app.kernel import clock
from app.kernel.pagination import Page, PageRequest, paginate


@dataclass(frozen=True)
class ConsentView:
    """A consent of a person to one text, for one enterprise or for themselves."""

    consent_id: UUID
    kind: str
    enterprise_id: UUID | None
    partner_id: UUID | None
    text_version: str
    text_locale: str
    text_sha256: str
    granted_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class ConsentTextView:
    """The text of one kind in force."""

    kind: str
    version: str
    locale: str
    title: str
    text: str
    sha256: str
    effective_from: date
    about_enterprise: bool
    names_partner: bool


def granted(
    session: Session, *, customer_id: UUID, enterprise_id: UUID | None, kinds: Iterable[str]
) -> dict[str, ConsentView]:
    """The live consents among `kinds`: personal ones of the customer, and those about this enterprise."""
    rows = session.scalars(
        select(Consent).where(
            Consent.customer_id == customer_id,
            Consent.kind.in_(list(kinds)),
            Consent.withdrawn_at.is_(None),
            or_(Consent.enterprise_id.is_(None), Consent.enterprise_id == enterprise_id),
        )
    )
    return {row.kind: view(row) for row in rows}


def sharing_with(session: Session, *, partner_id: UUID, customer_ids: Iterable[UUID]) -> dict[UUID, ConsentView]:
    """The live consents by which some customers let this partner know how its loans are repaid, by customer."""
    rows = session.scalars(
        select(Consent).where(
            Consent.partner_id == partner_id,
            Consent.kind.in_(PARTNER_KINDS),
            Consent.customer_id.in_(list(customer_ids)),
            Consent.withdrawn_at.is_(None),
        )
    )
    return {row.customer_id: view(row) for row in rows}


def consents(session: Session, customer_id: UUID, request: PageRequest) -> Page[ConsentView]:
    """All consents of a customer, also ended ones, newest first."""
    page = paginate(session, select(Consent).where(Consent.customer_id == customer_id), Consent.id, request)
    return Page([view(row) for row in page.items], page.next_cursor)


def current_texts(session: Session, *, locale: str, kinds: Iterable[str] = KINDS) -> Sequence[ConsentTextView]:
    """The newest text in force today of each kind, in the order in which people are asked."""
    rows = session.scalars(
        select(ConsentText)
        .where(ConsentText.locale == locale, ConsentText.effective_from <= clock.today())
        .order_by(ConsentText.kind, ConsentText.effective_from.desc(), ConsentText.version.desc())
        .ext(distinct_on(ConsentText.kind))
    )
    found = {row.kind: row for row in rows}
    return [_text(found[kind]) for kind in kinds if kind in found]


def view(row: Consent) -> ConsentView:
    """A row as others see it."""
    return ConsentView(
        consent_id=row.id,
        kind=row.kind,
        enterprise_id=row.enterprise_id,
        partner_id=row.partner_id,
        text_version=row.text_version,
        text_locale=row.text_locale,
        text_sha256=row.text_sha256,
        granted_at=row.granted_at,
        withdrawn_at=row.withdrawn_at,
    )


def _text(row: ConsentText) -> ConsentTextView:
    return ConsentTextView(
        kind=row.kind,
        version=row.version,
        locale=row.locale,
        title=row.title,
        text=row.text,
        sha256=row.sha256,
        effective_from=row.effective_from,
        about_enterprise=about_enterprise(row.kind),
        names_partner=names_partner(row.kind),
    )
