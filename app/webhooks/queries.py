"""What is known of endpoints, of what partners were told, and of deliveries."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import invariants
from app.kernel.errors import NotFound
from app.kernel.pagination import Page, PageRequest, paginate
from app.webhooks.domain.told import TOLD
from app.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookEvent, WebhookMessage, WebhookResult


class EventUnknown(NotFound):
    code = "webhook.event_unknown"


@dataclass(frozen=True)
class EndpointView:
    """An endpoint without its secrets."""

    id: UUID
    partner_id: UUID
    url: str
    event_types: list[str]
    status: str
    disabled_reason: str | None
    failing_since: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class EventView:
    """What a partner was told; `id` is the webhook-id of its deliveries."""

    id: str
    type: str
    timestamp: str
    data: dict[str, Any]


@dataclass(frozen=True)
class AttemptView:
    """One try. Without an outcome it is under way or died with its process."""

    event_id: str
    type: str
    number: int
    opened_at: datetime
    outcome: str | None
    http_status: int | None
    duration_ms: int | None
    answer_start: str | None


def webhook_id(event_id: UUID) -> str:
    """The id that partners see: the same for every endpoint, every try and every replay."""
    return f"evt_{event_id.hex}"


def read_webhook_id(shown: str) -> UUID:
    """The event behind `evt_…`. Raises EventUnknown."""
    try:
        return UUID(hex=shown.removeprefix("evt_")) if shown.startswith("evt_") else UUID(shown)
    except ValueError as error:
        raise EventUnknown("There is no such event.") from error


def stored_event(session: Session, *, partner_id: UUID, event_id: UUID) -> WebhookEvent:
    """The event's row. Raises EventUnknown, also for another partner's."""
    found = session.get(WebhookEvent, event_id)
    if found is None or found.partner_id != partner_id:
        raise EventUnknown("There is no such event.")
    return found


def events(session: Session, *, partner_id: UUID, request: PageRequest) -> Page[EventView]:
    """What this partner was told, newest first, also what no endpoint took."""
    query = select(WebhookEvent).where(WebhookEvent.partner_id == partner_id)
    page = paginate(session, query, WebhookEvent.id, request)
    return Page([_event_view(found) for found in page.items], page.next_cursor)


def endpoints(session: Session, *, partner_id: UUID, request: PageRequest) -> Page[EndpointView]:
    """The partner's endpoints, newest first."""
    query = select(WebhookEndpoint).where(WebhookEndpoint.partner_id == partner_id)
    page = paginate(session, query, WebhookEndpoint.id, request)
    return Page([endpoint_view(found) for found in page.items], page.next_cursor)


def attempts(
    session: Session, *, request: PageRequest, partner_id: UUID | None = None, endpoint_id: UUID | None = None
) -> Page[AttemptView]:
    """The delivery log, newest first: of one endpoint, of one partner, or all of it for the bank's staff."""
    query = select(WebhookAttempt).join(WebhookEndpoint, WebhookEndpoint.id == WebhookAttempt.endpoint_id)
    if partner_id:
        query = query.where(WebhookEndpoint.partner_id == partner_id)
    if endpoint_id:
        query = query.where(WebhookAttempt.endpoint_id == endpoint_id)
    page = paginate(session, query, WebhookAttempt.id, request)
    return Page(_attempt_views(session, list(page.items)), page.next_cursor)


def endpoint_view(found: WebhookEndpoint) -> EndpointView:
    """An endpoint as others may see it."""
    return EndpointView(
        id=found.id,
        partner_id=found.partner_id,
        url=found.url,
        event_types=found.event_types,
        status=found.status,
        disabled_reason=found.disabled_reason,
        failing_since=found.failing_since,
        created_at=found.created_at,
    )


def _event_view(found: WebhookEvent) -> EventView:
    return EventView(id=webhook_id(found.id), **json.loads(found.body))


def _attempt_views(session: Session, found: list[WebhookAttempt]) -> list[AttemptView]:
    wanted = [attempt.id for attempt in found]
    results = {
        result.attempt_id: result
        for result in session.scalars(select(WebhookResult).where(WebhookResult.attempt_id.in_(wanted)))
    }
    told = session.execute(
        select(WebhookMessage.id, WebhookEvent.id, WebhookEvent.type)
        .join(WebhookEvent, WebhookEvent.id == WebhookMessage.event_id)
        .where(WebhookMessage.id.in_([attempt.message_id for attempt in found]))
    )
    events_by_message = {message_id: (event_id, kind) for message_id, event_id, kind in told}
    return [_attempt_view(each, results.get(each.id), *events_by_message[each.message_id]) for each in found]


def _attempt_view(attempt: WebhookAttempt, result: WebhookResult | None, event_id: UUID, kind: str) -> AttemptView:
    return AttemptView(
        event_id=webhook_id(event_id),
        type=kind,
        number=attempt.number,
        opened_at=attempt.opened_at,
        outcome=result.outcome if result else None,
        http_status=result.http_status if result else None,
        duration_ms=result.duration_ms if result else None,
        answer_start=result.answer_start if result else None,
    )


invariants.register(
    "I7",
    "every event a partner must hear of has its message, or the job that makes it is still to run",
    "SELECT o.id::text, o.name FROM outbox_events o WHERE o.payload ->> 'partner_id' IS NOT NULL"  # noqa: S608
    f" AND o.name IN ({', '.join(repr(name) for name in sorted(TOLD))})"
    " AND NOT EXISTS (SELECT 1 FROM webhook_events w WHERE w.outbox_event_id = o.id)"
    " AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs p WHERE p.task_name = 'webhooks.fan_out'"
    " AND p.status IN ('todo', 'doing') AND p.args ->> 'event_id' = o.id::text)",
)
invariants.register(
    "I7",
    "every message to a partner is delivered, given up with a reason, parked, or has a job that will deliver it",
    "SELECT m.id::text, m.due_at FROM webhook_messages m WHERE m.delivered_at IS NULL AND m.given_up_at IS NULL"
    " AND m.parked_at IS NULL AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs p"
    " WHERE p.task_name IN ('webhooks.deliver', 'webhooks.wake_waiting') AND p.status IN ('todo', 'doing')"
    " AND (p.args ->> 'message_id' = m.id::text OR p.task_name = 'webhooks.wake_waiting'))"
    " UNION ALL SELECT id::text, due_at FROM webhook_messages"
    " WHERE given_up_at IS NOT NULL AND given_up_reason IS NULL",
)
