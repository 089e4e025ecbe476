"""Sessions: opened with a new id at every sign-in, found by the hash of their token, ended by time or by the person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.domain.sessions import (
    LIFETIMES,
    SLIDE_EVERY,
    WITHOUT_PHONE,
    CustomerClosed,
    Lifetime,
    PhoneNeeded,
    SessionInvalid,
)
from app.customers.models import Customer, CustomerSession
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


def authenticate(session: Session, *, token: str) -> CustomerPrincipal:
    """Who holds this token; moves the session's end on. Raises SessionInvalid, PhoneNeeded, CustomerClosed."""
    row = _live(session, token)
    if row.customer_id is None:
        raise PhoneNeeded("Give your phone number first.")
    if session.get_one(Customer, row.customer_id).status != "active":
        raise CustomerClosed("This account is closed.")
    _slide(row, LIFETIMES[row.channel])
    return CustomerPrincipal(
        customer_id=row.customer_id, session_id=row.id, stepped_up_at=row.stepped_up_at, channel=row.channel
    )


def waiting_session(session: Session, *, token: str) -> CustomerSession:
    """The session of somebody whose WeChat identity is known but not yet the phone. Raises SessionInvalid."""
    row = _live(session, token)
    if row.customer_id is not None or row.wechat_identity_id is None:
        raise SessionInvalid("Start signing in again.")
    return row


def revoke_session(session: Session, *, customer_id: UUID, session_id: UUID) -> SessionView:
    """End this or another device's session of the same person; twice is the same. Raises SessionUnknown."""
    row = session.get(CustomerSession, session_id)
    if row is None or row.customer_id != customer_id:
        raise SessionUnknown("There is no such session.")
    row.revoked_at = row.revoked_at or clock.now()
    return session_view(row)


def _live(session: Session, token: str) -> CustomerSession:
    now = clock.now()
    row = session.scalars(
        select(CustomerSession).where(CustomerSession.token_hash == crypto.token_hash(token))
    ).one_or_none()
    if row is None or row.revoked_at or min(row.expires_at, row.ends_at) <= now:
        raise SessionInvalid("Sign in again.")
    return row


def _slide(row: CustomerSession, lifetime: Lifetime) -> None:
    now = clock.now()
    if now - row.seen_at >= SLIDE_EVERY:
        row.seen_at = now
        row.expires_at = min(now + lifetime.idle, row.ends_at)
