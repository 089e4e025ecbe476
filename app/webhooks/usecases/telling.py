"""An event becomes what its partner is told, and a message for each endpoint that wants it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.credit import queries as credit
from app.kernel import clock, ids, jobs
from app.kernel.errors import Unprocessable
from app.kernel.outbox import OutboxEvent
from app.orders import queries as orders
from app.webhooks import queries
from app.webhooks.domain import retries, told
from app.webhooks.models import WebhookEndpoint, WebhookEvent, WebhookMessage
from app.webhooks.usecases.endpoints import known_endpoint
from app.webhooks.usecases.waking import lane


class RangeTooLarge(Unprocessable):
    """More than a thousand events: ask for a shorter stretch, or for fewer types."""

    code = "webhook.range_too_large"


def tell(session: Session, *, outbox_event_id: UUID) -> int:
    """Write what the event's partner is told and enqueue its deliveries; answers how many messages were made.

    Telling the same event again makes nothing. Events of customers who came without a partner are told to nobody.
    """
    event = session.get_one(OutboxEvent, outbox_event_id)
    partner_id, order_id = _whose(session, event)
    if partner_id is None:
        return 0
    order_ref = orders.order(session, order_id).order_ref if order_id else event.payload.get("order_ref")
    made = [_write(session, event, message, payload, partner_id, order_ref) for message, payload in _messages(event)]
    return sum(_spread(session, written) for written in made if written)


def _messages(event: OutboxEvent) -> list[tuple[told.Told, Mapping[str, Any]]]:
    if event.name == told.TRIGGERED:
        message = told.sample(event.payload["message_type"])
        return [(message, told.sample_payload(message, event.subject_id))]
    return [(message, event.payload) for message in told.TOLD.get(event.name, ())]


def _whose(session: Session, event: OutboxEvent) -> tuple[UUID | None, UUID | None]:
    """(partner, order) as the event says; else as its application says."""
    payload = event.payload
    if "partner_id" not in payload and payload.get("application_id"):
        application = credit.application(session, UUID(payload["application_id"]))
        return application.partner_id, application.order_id
    partner_id, order_id = payload.get("partner_id"), payload.get("order_id")
    return UUID(partner_id) if partner_id else None, UUID(order_id) if order_id else None


def _write(
    session: Session,
    event: OutboxEvent,
    message: told.Told,
    payload: Mapping[str, Any],
    partner_id: UUID,
    order_ref: str | None,
) -> WebhookEvent | None:
    object_id = UUID(payload[message.object_id])
    known = _last(session, message.object_kind, object_id)
    sequence = known.sequence + 1 if known else 1
    row: Mapping[str, Any] = {
        "id": ids.new_id(),
        "partner_id": partner_id,
        "outbox_event_id": event.id,
        "type": message.type,
        "object_kind": message.object_kind,
        "object_id": object_id,
        "object_status": message.object_status,
        "sequence": sequence,
        "body": told.write_body(
            message,
            payload,
            occurred_at=event.occurred_at,
            sequence=sequence,
            previous_status=known.object_status if known else None,
            order_ref=order_ref,
        ),
        "occurred_at": event.occurred_at,
        "created_at": clock.now(),
    }
    written = insert(WebhookEvent).values(row).on_conflict_do_nothing(index_elements=["outbox_event_id", "type"])
    return session.scalars(written.returning(WebhookEvent)).one_or_none()


def _last(session: Session, object_kind: str, object_id: UUID) -> WebhookEvent | None:
    """The newest that was told of this object. Two at once meet at the unique sequence, and one job runs again."""
    query = select(WebhookEvent).where(WebhookEvent.object_id == object_id, WebhookEvent.object_kind == object_kind)
    return session.scalar(query.order_by(WebhookEvent.sequence.desc()).limit(1))


def _spread(session: Session, event: WebhookEvent, endpoint_id: UUID | None = None) -> int:
    endpoints = [one for one in _listening(session, event) if endpoint_id in (None, one.id)]
    for endpoint in endpoints:
        _enqueue(session, event, endpoint)
    return len(endpoints)


def _listening(session: Session, event: WebhookEvent) -> list[WebhookEndpoint]:
    query = select(WebhookEndpoint).where(
        WebhookEndpoint.partner_id == event.partner_id, WebhookEndpoint.status == "active"
    )
    if event.type in told.ONLY_ITSELF:
        return list(session.scalars(query.where(WebhookEndpoint.id == event.object_id)))
    return [endpoint for endpoint in session.scalars(query) if told.wants(endpoint.event_types, event.type)]


def _enqueue(session: Session, event: WebhookEvent, endpoint: WebhookEndpoint) -> None:
    """A message that is done is opened again; one that is still open goes on as it is."""
    now = clock.now()
    row = {
        "id": ids.new_id(),
        "endpoint_id": endpoint.id,
        "event_id": event.id,
        "failures": 0,
        "due_at": now,
        "created_at": now,
    }
    anew = {"failures": 0, "due_at": now, "parked_at": None, "delivered_at": None, "given_up_at": None}
    written = (
        insert(WebhookMessage)
        .values(row)
        .on_conflict_do_update(
            index_elements=["endpoint_id", "event_id"],
            set_={**anew, "given_up_reason": None},
            where=func.coalesce(WebhookMessage.delivered_at, WebhookMessage.given_up_at).is_not(None),
        )
    )
    message_id = session.scalar(written.returning(WebhookMessage.id))
    if message_id:  # the lock keeps first tries about one object in order, as long as they succeed
        lock, queue = f"webhooks:{endpoint.id}:{event.object_id}", lane(endpoint)
        jobs.enqueue(session, "webhooks.deliver", queue=queue, lock=lock, message_id=message_id, lane=queue)


def replay(session: Session, *, partner_id: UUID, event_id: UUID) -> int:
    """Send an event again, under the same webhook-id, to every endpoint that listens now; answers to how many.

    Raises EventUnknown.
    """
    event = queries.stored_event(session, partner_id=partner_id, event_id=event_id)
    return _spread(session, event)


def replay_range(
    session: Session,
    *,
    partner_id: UUID,
    from_: datetime,
    to: datetime | None,
    types: Sequence[str] = (),
    endpoint_id: UUID | None = None,
) -> tuple[int, int]:
    """Send again what happened from one instant to before another, oldest first, to all listeners or one endpoint.

    Answers how many events and how many messages. Raises RangeTooLarge, EventTypeUnknown, EndpointUnknown.
    """
    told.check_types(list(types))
    if endpoint_id:
        known_endpoint(session, partner_id, endpoint_id)
    span = queries.told_between(partner_id, types, from_, to or clock.now())
    found = session.scalars(span.limit(retries.MOST_REPLAYED + 1)).all()
    if len(found) > retries.MOST_REPLAYED:
        raise RangeTooLarge("Ask for a shorter stretch.", most=retries.MOST_REPLAYED)
    return len(found), sum(_spread(session, event, endpoint_id) for event in found)
