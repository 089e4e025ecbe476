"""Sessions: opened with a new id at every sign-in, found by the hash of their token, ended by time or by the person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app.customers.domain.sessions import (
    ELSEWHERE,
    LIFETIMES,
    SIGNED_OUT,
    SLIDE_EVERY,
    WITHOUT_PHONE,
    CustomerClosed,
    Lifetime,
    PhoneNeeded,
    SessionInvalid,
    coarse_address,
)
from app.customers.models import Customer, CustomerSession, WechatIdentity
from app.customers.queries.sessions import SessionView, session_view
from app.kernel import clock, crypto, ids
from app.kernel.audience import CustomerPrincipal
from app.kernel.errors import NotFound


class SessionUnknown(NotFound):
    code = "session.not_found"


@dataclass(frozen=True)
class OpenedSession:
    """A new session and the token that opens it; the token is shown once and only its hash is stored."""

    session_id: UUID
    customer_id: UUID | None
    expires_at: datetime
    token: str = field(repr=False)


def open_session(
    session: Session, *, customer_id: UUID | None, wechat_identity_id: UUID | None, channel: str, device: str
) -> OpenedSession:
    """A new session; without a customer it lives 15 minutes and serves only to finish signing in."""
    if customer_id is not None and session.get_one(Customer, customer_id).status != "active":
        raise CustomerClosed("This account is closed.")
    lifetime = LIFETIMES[channel] if customer_id else WITHOUT_PHONE
    now, token = clock.now(), ids.new_token("cs")
    row = CustomerSession(
        id=ids.new_id(),
        customer_id=customer_id,
        wechat_identity_id=wechat_identity_id,
        token_hash=crypto.token_hash(token),
        channel=channel,
        device=device[:64],
        created_at=now,
        seen_at=now,
        expires_at=now + lifetime.idle,
        ends_at=now + lifetime.absolute,
    )
    session.add(row)
    session.flush()
    return OpenedSession(row.id, customer_id, row.expires_at, token)


def authenticate(session: Session, *, token: str, address: str = "") -> CustomerPrincipal:
    """Who holds this token; moves the session's end on. `address` is where the request comes from.

    Raises SessionInvalid, PhoneNeeded, CustomerClosed.
    """
    row = _live(session, token)
    if row.customer_id is None:
        raise PhoneNeeded("Give your phone number first.")
    if session.get_one(Customer, row.customer_id).status != "active":
        raise CustomerClosed("This account is closed.")
    _slide(row, LIFETIMES[row.channel], coarse_address(address))
    return CustomerPrincipal(
        customer_id=row.customer_id, session_id=row.id, stepped_up_at=row.stepped_up_at, channel=row.channel
    )


def rotate_token(session: Session, *, session_id: UUID) -> OpenedSession:
    """The same session under a new token: what was read along before is worth nothing from now on."""
    row, token = session.get_one(CustomerSession, session_id), ids.new_token("cs")
    row.token_hash = crypto.token_hash(token)
    return OpenedSession(row.id, row.customer_id, row.expires_at, token)


def waiting_session(session: Session, *, token: str) -> CustomerSession:
    """The session of somebody whose WeChat identity is known but not yet the phone. Raises SessionInvalid."""
    row = _live(session, token)
    if row.customer_id is not None or row.wechat_identity_id is None:
        raise SessionInvalid("Start signing in again.", why="unknown")
    return row


def revoke_session(session: Session, *, customer_id: UUID, session_id: UUID, asking_id: UUID) -> SessionView:
    """End this or another device's session of the same person; twice is the same. Raises SessionUnknown.

    Another device (`asking_id` is the session that asks) cannot come back by WeChat's word alone.
    """
    row = session.get(CustomerSession, session_id, with_for_update=True)
    if row is None or row.customer_id != customer_id:
        raise SessionUnknown("There is no such session.")
    if row.revoked_at is None:
        row.revoked_at, row.ended_by = clock.now(), SIGNED_OUT if row.id == asking_id else ELSEWHERE
        if row.id != asking_id:
            _shut(session, WechatIdentity.id == row.wechat_identity_id)
    return session_view(row, asking_id)


def end_others(session: Session, *, customer_id: UUID, session_id: UUID, why: str) -> int:
    """End all sessions of a person but this one, and WeChat's silent way in with them; answers how many were live."""
    now = clock.now()
    others = select(CustomerSession).where(
        CustomerSession.customer_id == customer_id,
        CustomerSession.id != session_id,
        CustomerSession.revoked_at.is_(None),
    )
    rows = session.scalars(others.with_for_update()).all()
    live = [row for row in rows if row.expires_at > now]
    for row in rows:
        row.revoked_at, row.ended_by = now, why
    _shut(session, WechatIdentity.customer_id == customer_id)
    return len(live)


def _shut(session: Session, which: ColumnElement[bool]) -> None:
    """A WeChat account signs in silently; where that is not wanted any more, it takes a code to the phone again."""
    session.execute(update(WechatIdentity).where(which).values(shut_at=clock.now()))


def _live(session: Session, token: str) -> CustomerSession:
    now = clock.now()
    row = session.scalars(
        select(CustomerSession).where(CustomerSession.token_hash == crypto.token_hash(token))
    ).one_or_none()
    if row is None:
        raise SessionInvalid("Sign in again.", why="unknown")
    if row.revoked_at:
        raise SessionInvalid("This session was ended; sign in again.", why=row.ended_by or "unknown")
    if min(row.expires_at, row.ends_at) <= now:
        raise SessionInvalid("Sign in again.", why="expired")
    return row


def _slide(row: CustomerSession, lifetime: Lifetime, seen_from: str) -> None:
    now = clock.now()
    if seen_from and row.seen_from is None:
        row.seen_from = seen_from
    if now - row.seen_at >= SLIDE_EVERY:
        row.seen_at, row.seen_from = now, seen_from or row.seen_from
        row.expires_at = min(now + lifetime.idle, row.ends_at)
