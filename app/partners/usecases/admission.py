"""Admit partners, give and take publishable keys and origins; each act is in the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel import audit, clock, ids, states
from app.partners.domain import agreements, origins
from app.partners.models import Partner, PartnerOrigin, PublishableKey


def admit_partner(
    session: Session,
    *,
    code: str,
    name: str,
    effective_from: date,
    effective_to: date | None = None,
    agreement_no: str | None = None,
    signed_on: date | None = None,
    scopes: Collection[str] = agreements.SCOPES,
    actor: str = "system",
) -> UUID:
    """Write down a partner whose agreement is in force on these days (China, both included); answers its id.

    Raises CodeTaken, AgreementDays, ScopeUnknown.
    """
    agreements.check_agreement(effective_from, effective_to, scopes)
    partner = Partner(
        id=ids.new_id(),
        code=code,
        name=name,
        status="active",
        agreement_no=agreement_no,
        signed_on=signed_on,
        scopes=sorted(scopes),
        effective_from=effective_from,
        effective_to=effective_to,
        created_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(partner)
    except IntegrityError as error:
        raise agreements.CodeTaken("Another partner has this code.") from error
    _record(session, partner.id, "partner.admit", actor, {"code": code})
    return partner.id


def change_agreement(
    session: Session, *, partner_id: UUID, changes: Mapping[str, Any], reason: str, actor: str
) -> None:
    """What the agreement says from now on, under the names of `Partner`. Raises as `admit_partner`; PartnerUnknown."""
    partner = _hold(session, partner_id)
    before = {name: getattr(partner, name) for name in changes}
    for name, value in changes.items():
        setattr(partner, name, value)
    partner.scopes = sorted(partner.scopes)
    agreements.check_agreement(partner.effective_from, partner.effective_to, partner.scopes)
    facts: dict[str, object] = {name: [str(before[name]), str(value)] for name, value in changes.items()}
    _record(session, partner_id, "partner.change_agreement", actor, facts, reason)


def _hold(session: Session, partner_id: UUID) -> Partner:
    partner = session.get(Partner, partner_id, with_for_update=True)
    if partner is None:
        raise agreements.PartnerUnknown("There is no such partner.")
    return partner


def add_publishable_key(
    session: Session, *, partner_id: UUID, environment: str, key: str | None = None, actor: str = "system"
) -> str:
    """Make a `pk_live_…` or `pk_test_…` for the partner's pages; `environment` is `live` or `test`.

    `key`: one that was agreed beforehand, as a demo's; adding it twice is adding it once.
    """
    key = key or ids.new_token(f"pk_{environment}", 18)
    row = {"id": ids.new_id(), "partner_id": partner_id, "key": key, "created_at": clock.now()}
    added = insert(PublishableKey).values(row).on_conflict_do_nothing(index_elements=["key"])
    if session.execute(added.returning(PublishableKey.id)).first():
        _record(session, partner_id, "partner.add_publishable_key", actor, {"key": key})
    return key


def add_origin(
    session: Session, *, partner_id: UUID, origin: str, loopback_too: bool = False, actor: str = "system"
) -> None:
    """Let the partner show our frames on this origin; adding it twice is adding it once. Raises OriginMalformed."""
    row = {
        "id": ids.new_id(),
        "partner_id": partner_id,
        "origin": origins.check_origin(origin, loopback_too=loopback_too),
        "created_at": clock.now(),
    }
    added = insert(PartnerOrigin).values(row).on_conflict_do_nothing(index_elements=["partner_id", "origin"])
    if session.execute(added.returning(PartnerOrigin.id)).first():
        _record(session, partner_id, "partner.add_origin", actor, {"origin": origin})


def remove_origin(session: Session, *, partner_id: UUID, origin: str, actor: str = "system") -> None:
    """Our frames are not shown on this origin any more; sessions that are open there end."""
    session.execute(delete(PartnerOrigin).where(PartnerOrigin.partner_id == partner_id, PartnerOrigin.origin == origin))
    _record(session, partner_id, "partner.remove_origin", actor, {"origin": origin})


def suspend(session: Session, *, partner_id: UUID, reason: str, actor: str = "system") -> None:
    """The kill switch: no request, frame or new session of this partner is served until it is resumed."""
    _move(session, partner_id, "suspend", actor, reason)


def resume(session: Session, *, partner_id: UUID, reason: str, actor: str = "system") -> None:
    """Serve a suspended partner again."""
    _move(session, partner_id, "resume", actor, reason)


def _move(session: Session, partner_id: UUID, event: str, actor: str, reason: str) -> None:
    partner = _hold(session, partner_id)
    states.transition(session, partner, agreements.PARTNER_STATES, event, actor=actor)
    _record(session, partner_id, f"partner.{event}", actor, {}, reason)


def _record(
    session: Session, partner_id: UUID, action: str, actor: str, facts: dict[str, object], reason: str | None = None
) -> None:
    audit.record(
        session,
        actor_kind="system" if actor == "system" else "partner" if actor.startswith("partner:") else "staff",
        actor_id=actor.removeprefix("partner:"),
        action=action,
        subject_kind="partners",
        subject_id=partner_id,
        reason=reason,
        facts=facts,
    )
