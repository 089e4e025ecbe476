"""Consents and their texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.customers.domain.consents import KINDS, PARTNER_KINDS, ConsentUnknown, about_enterprise, names_partner
from app.customers.models import Consent, ConsentText
from app.kernel import clock
from app.kernel.pagination import Page, PageRequest, paginate

FEW_WORDS = ("title", "purpose", "recipient", "period", "withdrawal")


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
class ListedConsent(ConsentView):
    """A consent and what it is for, in few words of the reader's language."""

    title: str
    purpose: str
    recipient: str
    period: str
    withdrawal: str


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


def sharing_of(session: Session, *, customer_id: UUID) -> list[tuple[UUID, UUID]]:
    """Of each consent to tell a partner, ended or not, the partner and the consent."""
    query = select(Consent.partner_id, Consent.id).where(
        Consent.customer_id == customer_id, Consent.partner_id.is_not(None)
    )
    found = session.execute(query.order_by(Consent.id))
    return [(partner_id, consent_id) for partner_id, consent_id in found if partner_id is not None]


def consents(
    session: Session, customer_id: UUID, request: PageRequest, *, locale: str = "zh-CN"
) -> Page[ListedConsent]:
    """All consents of a customer, also ended ones, newest first; each in the words of the version agreed to."""
    page = paginate(session, select(Consent).where(Consent.customer_id == customer_id), Consent.id, request)
    kinds = {row.kind for row in page.items}
    texts = session.scalars(select(ConsentText).where(ConsentText.locale == locale, ConsentText.kind.in_(kinds)))
    words = {(text.kind, text.version): text for text in texts}
    return Page([_listed(row, words.get((row.kind, row.text_version))) for row in page.items], page.next_cursor)


def _listed(row: Consent, words: ConsentText | None) -> ListedConsent:
    told: dict[str, Any] = {name: getattr(words, name, "") for name in FEW_WORDS}
    return ListedConsent(**vars(view(row)), **told)


def agreed_text(session: Session, *, customer_id: UUID, consent_id: UUID) -> ConsentTextView:
    """The very text that this customer agreed to. Raises ConsentUnknown."""
    row = session.get(Consent, consent_id)
    if row is None or row.customer_id != customer_id:
        raise ConsentUnknown("There is no such consent.")
    key = {"kind": row.kind, "version": row.text_version, "locale": row.text_locale}
    return _text(session.scalars(select(ConsentText).filter_by(**key)).one())


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
