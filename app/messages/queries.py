"""Reading messages, what is left of grants, and the quiet hours in force."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.customers import queries as customers
from app.kernel import invariants
from app.kernel.pagination import Page, PageRequest, paginate
from app.messages.domain import delivery
from app.messages.domain.texts import Locale
from app.messages.domain.values import filled
from app.messages.models import Appointment, Message, MessageCredit, MessageQuietHours


@dataclass(frozen=True)
class MessageView:
    """A message as its reader sees it."""

    message_id: UUID
    kind: str
    title: str
    text: str
    subject_id: UUID
    created_at: datetime
    read_at: datetime | None


def inbox(session: Session, *, customer_id: UUID, locale: Locale, request: PageRequest) -> Page[MessageView]:
    """A customer's messages, newest first, in their language."""
    page = paginate(session, select(Message).where(Message.customer_id == customer_id), Message.id, request)
    return Page([message_view(row, locale) for row in page.items], page.next_cursor)


def unread_count(session: Session, customer_id: UUID) -> int:
    """How many messages the customer has not opened."""
    query = select(func.count()).where(Message.customer_id == customer_id, Message.read_at.is_(None))
    return session.scalar(query) or 0


def message_view(row: Message, locale: Locale) -> MessageView:
    """A row in the words of its version."""
    words = filled(row.kind, row.text_version, values_of(row), locale)
    return MessageView(row.id, row.kind, words.title, words.body, row.subject_id, row.created_at, row.read_at)


@dataclass(frozen=True)
class AppointmentView:
    """When and where a customer is expected."""

    appointment_id: UUID
    starts_at: datetime
    place: str
    status: str  # made, cancelled
    made_by: str


def appointments(session: Session, customer_id: UUID, limit: int = 10) -> list[AppointmentView]:
    """A customer's appointments, the latest first; for staff."""
    query = select(Appointment).where(Appointment.customer_id == customer_id)
    rows = session.scalars(query.order_by(Appointment.starts_at.desc()).limit(limit))
    return [AppointmentView(row.id, row.starts_at, row.place, row.status, row.made_by) for row in rows]


def values_of(row: Message) -> dict[str, Any]:
    """What the message says of its event."""
    found: dict[str, Any] = json.loads(row.sealed_values)
    return found


def quiet_hours(session: Session, group: str) -> list[delivery.QuietHours]:
    """Every rule for a group of messages, whenever it is in force."""
    rows = session.scalars(select(MessageQuietHours).where(MessageQuietHours.applies_to == group))
    return [delivery.QuietHours(row.starts_at, row.ends_at, row.effective_from, row.effective_to) for row in rows]


def credits_left(session: Session, *, customer_id: UUID) -> Mapping[str, int]:
    """{kind: messages that the customer's newest mini-program identity still allows}."""
    identity = customers.wechat_identity(session, customer_id=customer_id, app="mini")
    if identity is None:
        return {}
    rows = session.scalars(select(MessageCredit).where(MessageCredit.wechat_identity_id == identity.identity_id))
    return {row.kind: delivery.left(row.claimed, row.confirmed, row.spent) for row in rows}


invariants.register(
    "I11",
    "every message that is on its way has a job, or an attempt whose end is still open",
    "SELECT m.id::text, m.status FROM messages m WHERE m.status IN ('open', 'sms') AND NOT EXISTS"
    " (SELECT 1 FROM procrastinate_jobs p WHERE p.task_name = 'messages.deliver'"
    " AND p.status IN ('todo', 'doing', 'failed') AND p.args ->> 'message_id' = m.id::text)",
)
