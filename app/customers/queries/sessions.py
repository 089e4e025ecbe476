"""Devices on which a customer is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.customers.models import CustomerSession
from app.kernel import clock
from app.kernel.pagination import Page, PageRequest, paginate


@dataclass(frozen=True)
class SessionView:
    """One signed-in device."""

    session_id: UUID
    channel: str  # mini, h5, web
    device: str
    seen_from: str | None  # the coarse address of its last use
    current: bool  # the one that asks
    live: bool  # False: it sleeps, and WeChat wakes it without a code
    created_at: datetime
    seen_at: datetime
    revoked_at: datetime | None


def live_sessions(session: Session, customer_id: UUID, asking_id: UUID, request: PageRequest) -> Page[SessionView]:
    """The sessions that are good now, newest first; and of each WeChat account that has none, the last one: opening
    the mini-program there goes on without a code, so it can be ended like the others."""
    newer = aliased(CustomerSession)
    awake = CustomerSession.expires_at > clock.now()
    last = and_(
        CustomerSession.wechat_identity_id.is_not(None),
        ~exists().where(newer.wechat_identity_id == CustomerSession.wechat_identity_id, newer.id > CustomerSession.id),
    )
    query = select(CustomerSession).where(
        CustomerSession.customer_id == customer_id, CustomerSession.revoked_at.is_(None), or_(awake, last)
    )
    page = paginate(session, query, CustomerSession.id, request)
    return Page([session_view(row, asking_id) for row in page.items], page.next_cursor)


def session_view(row: CustomerSession, asking_id: UUID) -> SessionView:
    """A row as its owner sees it from the session `asking_id`."""
    return SessionView(
        session_id=row.id,
        channel=row.channel,
        device=row.device,
        seen_from=row.seen_from,
        current=row.id == asking_id,
        live=row.revoked_at is None and row.expires_at > clock.now(),
        created_at=row.created_at,
        seen_at=row.seen_at,
        revoked_at=row.revoked_at,
    )
