"""Consents: given one by one to the text in force, withdrawn as easily, with their history kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.customers.domain.consents import (
    LOCALES,
    ConsentMissing,
    ConsentSubjectWrong,
    ConsentTextChanged,
    ConsentUnknown,
    about_enterprise,
    names_partner,
)
from app.customers.domain.people import NotAMember
from app.customers.events import ConsentWithdrawn
from app.customers.models import Consent
from app.customers.queries.consents import ConsentTextView, ConsentView, current_texts, granted, view
from app.customers.queries.enterprises import membership
from app.kernel import clock, outbox

# The partial unique index of live consents: a race of two equal consents leaves one.
_LIVE: dict[str, Any] = {
    "index_elements": ["customer_id", "enterprise_id", "kind", "partner_id"],
    "index_where": text("withdrawn_at IS NULL"),
}


def grant(
    session: Session,
    *,
    consent_id: UUID,
    customer_id: UUID,
    kind: str,
    text_version: str,
    text_sha256: str,
    enterprise_id: UUID | None,
    facts: dict[str, Any],
    partner_id: UUID | None = None,
) -> ConsentView:
    """Record the consent to exactly the text in force; the same consent given again is the one that stands.

    Raises ConsentTextChanged when version or hash are not the current text's, ConsentSubjectWrong, NotAMember.
    """
    _check_subject(session, customer_id, enterprise_id, partner_id, kind)
    current = _current(session, kind, text_version, text_sha256)
    standing = _standing(session, customer_id, enterprise_id, kind, partner_id)
    if standing is not None and standing.text_sha256 == current.sha256:
        return view(standing)
    if standing is not None:
        standing.withdrawn_at, standing.ended_by = clock.now(), "newer_text"
        session.flush()
    row = {
        "id": consent_id,
        "customer_id": customer_id,
        "enterprise_id": enterprise_id,
        "partner_id": partner_id,
        "kind": kind,
        "text_version": current.version,
        "text_locale": current.locale,
        "text_sha256": current.sha256,
        "granted_at": clock.now(),
        "granted_facts": facts,
    }
    _insert(session, row)
    made = _standing(session, customer_id, enterprise_id, kind, partner_id)
    assert made is not None
    return view(made)


def _insert(session: Session, row: dict[str, Any]) -> None:
    try:
        with session.begin_nested():
            session.execute(insert(Consent).values(row).on_conflict_do_nothing(**_LIVE))
    except IntegrityError as error:  # the partner's row is another capability's: the database knows it
        raise ConsentSubjectWrong("There is no such partner.") from error


def withdraw(session: Session, *, customer_id: UUID, consent_id: UUID) -> ConsentView:
    """End a consent from now on; withdrawing twice is the same. Raises ConsentUnknown."""
    row = session.get(Consent, consent_id, with_for_update=True)
    if row is None or row.customer_id != customer_id:
        raise ConsentUnknown("There is no such consent.")
    if row.withdrawn_at is None:
        row.withdrawn_at, row.ended_by = clock.now(), "customer"
        outbox.emit(
            session,
            ConsentWithdrawn(
                subject_id=row.id, customer_id=customer_id, enterprise_id=row.enterprise_id, kind=row.kind
            ),
        )
    return view(row)


def require_consents(
    session: Session, *, customer_id: UUID, enterprise_id: UUID | None, kinds: Iterable[str]
) -> dict[str, ConsentView]:
    """The live consents of all these kinds. Raises ConsentMissing, which lists those that are not given."""
    kinds = list(kinds)
    found = granted(session, customer_id=customer_id, enterprise_id=enterprise_id, kinds=kinds)
    missing = [kind for kind in kinds if kind not in found]
    if missing:
        raise ConsentMissing("This step needs your consent first.", missing=missing)
    return found


def _check_subject(
    session: Session, customer_id: UUID, enterprise_id: UUID | None, partner_id: UUID | None, kind: str
) -> None:
    if names_partner(kind) != (partner_id is not None):
        raise ConsentSubjectWrong("Give the partner for consents that name one, and for no others.")
    if about_enterprise(kind) != (enterprise_id is not None):
        raise ConsentSubjectWrong("Give the enterprise for consents about an enterprise, and for no others.")
    if enterprise_id is None:
        return
    link = membership(session, customer_id=customer_id, enterprise_id=enterprise_id)
    if link is None or link.role != "legal_rep":
        raise NotAMember("You are not the legal representative of such an enterprise.")


def _current(session: Session, kind: str, version: str, sha256: str) -> ConsentTextView:
    for locale in LOCALES:
        for current in current_texts(session, locale=locale, kinds=(kind,)):
            if (current.version, current.sha256) == (version, sha256):
                return current
    raise ConsentTextChanged("Show the text in force and ask again.", kind=kind)


def _standing(
    session: Session, customer_id: UUID, enterprise_id: UUID | None, kind: str, partner_id: UUID | None
) -> Consent | None:
    query = select(Consent).where(
        Consent.customer_id == customer_id,
        Consent.enterprise_id.is_not_distinct_from(enterprise_id),
        Consent.kind == kind,
        Consent.partner_id.is_not_distinct_from(partner_id),
        Consent.withdrawn_at.is_(None),
    )
    return session.scalars(query.with_for_update()).one_or_none()
