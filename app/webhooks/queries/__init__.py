"""What is known of endpoints, of what partners were told, and of deliveries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.kernel import clock, ids
from app.kernel.errors import NotFound
from app.kernel.pagination import Page, PageRequest, paginate
from app.partners.domain.versions import NEWEST
from app.webhooks.domain import retries
from app.webhooks.domain.told import in_version
from app.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookEvent, WebhookMessage, WebhookResult


class EventUnknown(NotFound):
    code = "webhook.event_unknown"


class EndpointUnknown(NotFound):
    code = "webhook.endpoint_unknown"


class AttemptUnknown(NotFound):
    code = "webhook.attempt_unknown"


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
    version: str
    created_at: datetime


@dataclass(frozen=True)
class EventView:
    """What a partner was told; `id` is the webhook-id of its deliveries."""

    id: str
    type: str
    timestamp: str
    data: dict[str, Any]
    version: str | None = None


@dataclass(frozen=True)
class AttemptView:
    """One try. Without an outcome it is under way or died with its process."""

    id: UUID
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


def read_place(shown: str) -> UUID:
    """Where to read on: after the event `evt_…`, or from an instant such as `2026-11-23T00:00:00Z`.

    Raises EventUnknown.
    """
    if shown.startswith("evt_"):
        return read_webhook_id(shown)
    try:
        instant = datetime.fromisoformat(shown)
    except ValueError as error:
        raise EventUnknown("`after` is an event's id or an instant with a zone.") from error
    if instant.tzinfo is None or instant.year < 2000:
        raise EventUnknown("`after` is an event's id or an instant with a zone.")
    return ids.first_id_at(instant)


def stored_event(session: Session, *, partner_id: UUID, event_id: UUID) -> WebhookEvent:
    """The event's row. Raises EventUnknown, also for another partner's."""
    found = session.get(WebhookEvent, event_id)
    if found is None or found.partner_id != partner_id:
        raise EventUnknown("There is no such event.")
    return found


def events(
    session: Session, *, partner_id: UUID, request: PageRequest, types: Sequence[str] = (), version: str = NEWEST
) -> Page[EventView]:
    """What this partner was told in ninety days, newest first, also what no endpoint took."""
    page = paginate(session, _told(partner_id, types), WebhookEvent.id, request)
    return Page([_event_view(found, version) for found in page.items], page.next_cursor)


def events_after(
    session: Session,
    *,
    partner_id: UUID,
    after: UUID,
    limit: int,
    types: Sequence[str] = (),
    version: str = NEWEST,
) -> list[EventView]:
    """What this partner was told after this event, oldest first: read on from the last one until nothing is left.

    The last ten seconds are left out, so that nothing can appear later before what was read.
    """
    settled = WebhookEvent.created_at < clock.now() - retries.SETTLED_AFTER
    query = _told(partner_id, types).where(WebhookEvent.id > after, settled).order_by(WebhookEvent.id).limit(limit)
    return [_event_view(found, version) for found in session.scalars(query)]


def told_between(partner_id: UUID, types: Sequence[str], from_: datetime, to: datetime) -> Select[WebhookEvent]:
    """What this partner was told from one instant to before another, oldest first."""
    first, last = ids.first_id_at(from_), ids.first_id_at(to)
    return _told(partner_id, types).where(WebhookEvent.id >= first, WebhookEvent.id < last).order_by(WebhookEvent.id)


def _told(partner_id: UUID, types: Sequence[str]) -> Select[WebhookEvent]:
    floor = ids.first_id_at(clock.now() - retries.KEPT)
    query = select(WebhookEvent).where(WebhookEvent.partner_id == partner_id, WebhookEvent.id >= floor)
    return query.where(WebhookEvent.type.in_(types)) if types else query


def endpoints(session: Session, *, partner_id: UUID, request: PageRequest) -> Page[EndpointView]:
    """The partner's endpoints, newest first."""
    query = select(WebhookEndpoint).where(WebhookEndpoint.partner_id == partner_id)
    page = paginate(session, query, WebhookEndpoint.id, request)
    return Page([endpoint_view(found) for found in page.items], page.next_cursor)


def endpoint(session: Session, *, partner_id: UUID, endpoint_id: UUID) -> EndpointView:
    """One endpoint of this partner. Raises EndpointUnknown, also for another partner's."""
    found = session.get(WebhookEndpoint, endpoint_id)
    if found is None or found.partner_id != partner_id:
        raise EndpointUnknown("There is no such endpoint.")
    return endpoint_view(found)


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


@dataclass(frozen=True)
class RequestView:
    """What was sent in one try; without its signatures, which whoever can read this could use."""

    url: str
    headers: dict[str, str]
    body: str


def attempt(
    session: Session, *, partner_id: UUID, endpoint_id: UUID, attempt_id: UUID
) -> tuple[AttemptView, RequestView]:
    """One try of this partner's endpoint with what was sent. Raises AttemptUnknown."""
    found = session.get(WebhookAttempt, attempt_id)
    endpoint = session.get(WebhookEndpoint, endpoint_id)
    if found is None or endpoint is None or (found.endpoint_id, endpoint.partner_id) != (endpoint_id, partner_id):
        raise AttemptUnknown("There is no such attempt.")
    event = session.get_one(WebhookEvent, session.get_one(WebhookMessage, found.message_id).event_id)
    timestamp = str(int(found.opened_at.timestamp()))
    headers = {"webhook-id": webhook_id(event.id), "webhook-timestamp": timestamp, "content-type": "application/json"}
    sent = RequestView(endpoint.url, headers, in_version(event.body, endpoint.version))
    return _attempt_views(session, [found])[0], sent


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
        version=found.version,
        created_at=found.created_at,
    )


def _event_view(found: WebhookEvent, version: str) -> EventView:
    return EventView(id=webhook_id(found.id), **json.loads(in_version(found.body, version)))


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
        id=attempt.id,
        event_id=webhook_id(event_id),
        type=kind,
        number=attempt.number,
        opened_at=attempt.opened_at,
        outcome=result.outcome if result else None,
        http_status=result.http_status if result else None,
        duration_ms=result.duration_ms if result else None,
        answer_start=result.answer_start if result else None,
    )
