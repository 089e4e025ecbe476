"""Devices on which a customer is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.models import CustomerSession
from app.kernel import clock
from app.kernel.pagination import Page, PageRequest, paginate


@dataclass(frozen=True)
class SessionView:
    """One signed-in device."""

    session_id: UUID
    channel: str  # mini, h5, web
    device: str
    created_at: datetime
    seen_at: datetime
    revoked_at: datetime | None


def live_sessions(session: Session, customer_id: UUID, request: PageRequest) -> Page[SessionView]:
    """The sessions that are good now, newest first."""
    query = select(CustomerSession).where(
        CustomerSession.customer_id == customer_id,
        CustomerSession.revoked_at.is_(None),
        CustomerSession.expires_at > clock.now(),
    )
    page = paginate(session, query, CustomerSession.id, request)
    return Page([session_view(row) for row in page.items], page.next_cursor)


def session_view(row: CustomerSession) -> SessionView:
    """A row as others see it."""
    return SessionView(row.id, row.channel, row.device, row.created_at, row.seen_at, row.revoked_at)
