"""Staff admit partners and change what they may: what opens more waits for a second person, the rest holds at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.console import queries
from app.console.domain import partner_terms as domain
from app.console.domain.partner_terms import Terms
from app.console.models import PartnerChange
from app.credit import usecases as credit
from app.kernel import audit, clock, ids
from app.kernel.states import transition
from app.partners import queries as partner_queries
from app.partners import usecases as partners
from app.partners.domain.agreements import CodeTaken, check_agreement
from app.partners.domain.origins import check_origin

AGREED = ("name", "agreement_no", "signed_on", "effective_from", "effective_to", "scopes")


def propose_admission(
    session: Session, *, code: str, terms: Terms, reason: str, actor: str, loopback_too: bool = False
) -> UUID:
    """A new partner, for a second person to decide. Raises CodeTaken, LimitTakenAway, and as `_check` does."""
    if partner_queries.partner_by_code(session, code):
        raise CodeTaken("Another partner has this code.")
    _check(terms, loopback_too)
    if terms.limits_from is None or any(getattr(terms, name) is None for name in domain.LIMITS):
        raise domain.LimitTakenAway("A new partner has limits.")
    return _add(session, None, "admit", {}, {"code": code, **terms.as_json()}, True, reason, actor).id


def change_terms(
    session: Session, *, partner_id: UUID, terms: Terms, reason: str, actor: str, loopback_too: bool = False
) -> UUID:
    """Terms that open nothing hold at once, others wait for a second person; answers the change's id.

    Raises NothingChanged, LimitTakenAway, ChangeWaits, PartnerUnknown, and as `_check` does.
    """
    _one_by_one(session, partner_id)
    before = queries.terms(session, partner_id)
    after = domain.settled(before, terms)
    _check(after, loopback_too)
    domain.check_limits(before, after, clock.today())
    then = queries.terms(session, partner_id, on=after.limits_from or clock.today())
    widens = domain.widens(then, after)
    row = _add(session, partner_id, "terms", before.as_json(), after.as_json(), widens, reason, actor)
    if not widens:
        _apply(session, row, actor)
    return row.id


def propose_resumption(session: Session, *, partner_id: UUID, reason: str, actor: str) -> UUID:
    """Serve a partner again that was shut off; a second person decides. Raises ChangeWaits, NothingChanged."""
    if partner_queries.agreement(session, partner_id).status != "suspended":
        raise domain.NothingChanged("This partner is not shut off.")
    return _add(session, partner_id, "resume", {}, {}, True, reason, actor).id


def shut_off(session: Session, *, partner_id: UUID, reason: str, actor: str) -> None:
    """The kill switch, by one person and at once: interface, embed sessions and frames refuse this partner.

    What customers have borrowed and signed goes on. Raises PartnerUnknown, NotAllowedNow.
    """
    partners.suspend(session, partner_id=partner_id, reason=reason, actor=actor)


def decide(session: Session, *, change_id: UUID, decision: str, actor: str, note: str) -> None:
    """The word of a second person, `approve` or `reject`.

    Raises ChangeUnknown, OwnChange, NotAllowedNow, ChangeOutdated, and what admitting and changing raise.
    """
    row = session.get(PartnerChange, change_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise domain.ChangeUnknown("There is no such change.")
    if row.proposed_by == actor:
        raise domain.OwnChange("Another person must decide.")
    if decision == "approve" and row.kind == "terms" and row.partner_id:
        _one_by_one(session, row.partner_id)
        if queries.terms(session, row.partner_id).as_json() != row.before:
            raise domain.ChangeOutdated("The partner has changed since; propose it anew.")
    _decide(session, row, decision, actor, note)
    if decision == "approve":
        _apply(session, row, actor)


def _one_by_one(session: Session, partner_id: UUID) -> None:
    """Until the end of this transaction nobody else changes this partner's terms."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"partner_terms:{partner_id}", 0))))


def _check(terms: Terms, loopback_too: bool) -> None:
    """Raises AgreementDays, ScopeUnknown, OriginMalformed."""
    check_agreement(terms.effective_from, terms.effective_to, terms.scopes)
    for origin in terms.origins:
        check_origin(origin, loopback_too=loopback_too)


def _add(
    session: Session,
    partner_id: UUID | None,
    kind: str,
    before: dict[str, Any],
    after: dict[str, Any],
    widens: bool,
    reason: str,
    actor: str,
) -> PartnerChange:
    row = PartnerChange(
        id=ids.new_id(),
        partner_id=partner_id,
        kind=kind,
        before=before,
        after=after,
        widens=widens,
        reason=reason,
        status="proposed",
        proposed_by=actor,
        proposed_at=clock.now(),
    )
    if not widens:
        _decide(session, row, "approve", actor, None)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise domain.ChangeWaits("A change of this partner waits for a second person.") from error
    return row


def _decide(session: Session, row: PartnerChange, decision: str, actor: str, note: str | None) -> None:
    row.decided_by, row.decided_at, row.note = actor, clock.now(), note
    transition(session, row, domain.CHANGE_STATES, decision, actor=actor)


def _apply(session: Session, row: PartnerChange, actor: str) -> None:
    if row.kind == "resume" and row.partner_id:
        partners.resume(session, partner_id=row.partner_id, reason=row.reason, actor=actor)
        return
    stored = dict(row.after)
    code = stored.pop("code", "")
    after = domain.read_terms(stored)
    agreed = {name: getattr(after, name) for name in AGREED}
    if row.partner_id is None:
        row.partner_id = partners.admit_partner(session, code=code, actor=actor, **agreed)
        before = replace(after, origins=(), **dict.fromkeys(domain.LIMITS), limits_from=None)  # type: ignore[arg-type]
    else:
        before = domain.read_terms(row.before)
        changes = {name: value for name, value in agreed.items() if value != getattr(before, name)}
        if changes:
            partners.change_agreement(
                session, partner_id=row.partner_id, changes=changes, reason=row.reason, actor=actor
            )
    _apply_origins(session, row.partner_id, before, after, actor)
    _apply_limits(session, row.partner_id, before, after, row)


def _apply_origins(session: Session, partner_id: UUID, before: Terms, after: Terms, actor: str) -> None:
    for origin in sorted(set(before.origins) - set(after.origins)):
        partners.remove_origin(session, partner_id=partner_id, origin=origin, actor=actor)
    for origin in sorted(set(after.origins) - set(before.origins)):  # its spelling was checked when it was proposed
        partners.add_origin(session, partner_id=partner_id, origin=origin, loopback_too=True, actor=actor)


def _apply_limits(session: Session, partner_id: UUID, before: Terms, after: Terms, row: PartnerChange) -> None:
    """A limit that does not change keeps its own row; one whose day has passed while it waited begins today."""
    kinds = {"outstanding_fen": "partner", "merchant_fen": "merchant", "day_fen": "partner_day"}
    begins: date = max(after.limits_from or clock.today(), clock.today())
    for name, kind in kinds.items():
        limit_fen = getattr(after, name)
        if limit_fen is not None and limit_fen != getattr(before, name):
            credit.set_exposure_limit(
                session, kind=kind, key=str(partner_id), limit_fen=limit_fen, effective_from=begins, source=row.reason
            )
            audit.record(
                session,
                actor_kind="staff",
                actor_id=row.decided_by or "",
                action="partner.set_limit",
                subject_kind="partners",
                subject_id=partner_id,
                reason=row.reason,
                facts={"kind": kind, "limit_fen": limit_fen, "from": begins.isoformat(), "change_id": str(row.id)},
            )
