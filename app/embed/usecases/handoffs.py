"""From a desktop to the mini-program: a code for one use, a number to compare, the customer who takes over."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.credit.queries import ApplicationView
from app.embed import domain, queries
from app.embed.models import EmbedSession, PageCode
from app.embed.usecases.applications import apply
from app.kernel import audit, clock, crypto, ids
from app.partners import queries as partners

HANDOFF = "handoff"


@dataclass(frozen=True)
class Handoff:
    """A way from this desktop to a phone, shown as a picture; the person compares the number on both."""

    id: UUID
    match_number: str
    expires_at: datetime
    code: str = field(repr=False)


def open_handoff(session: Session, *, handoff_id: UUID, embed_session_id: UUID) -> Handoff:
    """A way to a phone for five minutes. Earlier ones of this desktop end, also one that somebody else took over.

    Called again with the same id (after a crash, when nobody has seen the code) it gives a new code. Raises
    ComponentNotGranted.
    """
    opened = session.get_one(EmbedSession, embed_session_id, with_for_update=True)
    if "handoff" not in opened.components and opened.mode != "qr":
        raise domain.ComponentNotGranted("This session was opened without the handoff component.")
    _end_others(session, embed_session_id, handoff_id)
    row = session.get(PageCode, handoff_id) or PageCode(id=handoff_id, embed_session_id=embed_session_id, kind=HANDOFF)
    code, now = ids.new_token("epc", 18), clock.now()
    row.code_hash, row.match_number = crypto.token_hash(code), f"{secrets.randbelow(90) + 10}"
    row.created_at, row.expires_at = now, now + domain.HANDOFF_LIFE
    session.add(row)
    session.flush()
    return Handoff(row.id, row.match_number, row.expires_at, code)


def _end_others(session: Session, embed_session_id: UUID, handoff_id: UUID) -> None:
    mine = (PageCode.embed_session_id == embed_session_id, PageCode.kind == HANDOFF, PageCode.id != handoff_id)
    # a browser that took one over has a frame session of its own, which ends by itself
    alive = (PageCode.stopped_at.is_(None), or_(PageCode.used_at.is_(None), PageCode.customer_id.is_not(None)))
    session.execute(update(PageCode).where(*mine, *alive).values(stopped_at=clock.now()))


def look(session: Session, *, code: str) -> queries.ScannedOrder:
    """What a scanned code leads to, before anybody signs in; the desktop learns that it was scanned.

    Raises HandoffRefused, PartnerSuspended.
    """
    row = _waiting(session, code)
    row.scanned_at = row.scanned_at or clock.now()
    _check_partner(session, row)
    return queries.scanned_order(session, row)


def stop(session: Session, *, code: str, request_id: str = "") -> None:
    """Somebody says that this is not their screen: the code is worth nothing from now on. Raises HandoffRefused."""
    _stop(session, _waiting(session, code), "stopped", request_id)


def compare(session: Session, *, code: str, match_number: str, request_id: str = "") -> bool:
    """Whether this is the number on the desktop; another one ends the code. Raises HandoffRefused."""
    row = _waiting(session, code)
    if secrets.compare_digest(row.match_number or "", match_number):
        return True
    _stop(session, row, domain.MatchNumberWrong.code, request_id)
    return False


def take_over(session: Session, *, code: str, customer_id: UUID) -> queries.OwnHandoff:
    """This customer goes on with the order; nobody else can from now on. The number must have been compared.

    Raises HandoffRefused, OtherCustomer, PartnerSuspended.
    """
    row = _waiting(session, code)
    opened = session.get_one(EmbedSession, row.embed_session_id, with_for_update=True)
    if opened.customer_id not in (None, customer_id):
        raise domain.OtherCustomer("Somebody else has begun here; ask for a session of your own.")
    _check_partner(session, row)
    row.scanned_at, row.used_at, row.customer_id = row.scanned_at or clock.now(), clock.now(), customer_id
    session.flush()
    return queries.own_handoff(session, handoff_id=row.id, customer_id=customer_id)


def apply_by_handoff(
    session: Session,
    *,
    application_id: UUID,
    handoff_id: UUID,
    customer_id: UUID,
    enterprise_id: UUID,
    product_code: str,
    term_months: int,
    method: str,
) -> ApplicationView:
    """Apply for the order that was taken over; see `apply`. Raises HandoffUnknown, HandoffRefused, PartnerSuspended."""
    if queries.own_handoff(session, handoff_id=handoff_id, customer_id=customer_id).status != "confirmed":
        raise domain.HandoffRefused("This hand-off has ended.")
    row = session.get_one(PageCode, handoff_id)
    _check_partner(session, row)
    return apply(
        session,
        application_id=application_id,
        embed_session_id=row.embed_session_id,
        customer_id=customer_id,
        enterprise_id=enterprise_id,
        product_code=product_code,
        term_months=term_months,
        method=method,
    )


def _waiting(session: Session, code: str) -> PageCode:
    """The row of a code that nobody has taken over, locked: of two phones at once one waits and is refused."""
    query = select(PageCode).where(
        PageCode.code_hash == crypto.token_hash(code),
        PageCode.kind == HANDOFF,
        PageCode.used_at.is_(None),
        PageCode.stopped_at.is_(None),
        PageCode.expires_at > clock.now(),
    )
    row = session.scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise domain.HandoffRefused("This code was used, stopped, or is too old.")
    return row


def _check_partner(session: Session, row: PageCode) -> None:
    partners.partner_in_force(session, session.get_one(EmbedSession, row.embed_session_id).partner_id)


def _stop(session: Session, row: PageCode, why: str, request_id: str) -> None:
    row.stopped_at = clock.now()
    audit.record(
        session,
        actor_kind="embed",
        actor_id=str(row.embed_session_id),
        action="embed.handoff_stopped",
        subject_kind="embed_page_codes",
        subject_id=row.id,
        facts={"code": why},
        request_id=request_id,
    )
