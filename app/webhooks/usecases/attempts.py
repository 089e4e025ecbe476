"""One try to deliver a message: opened before the call, settled after it, each in its own transaction.

A slow endpoint must slow nobody else, and the worker's threads are few. So endpoints that have not answered well and
quickly have threads of their own; an endpoint has at most two tries in flight (one of those); a message that finds no
room is parked and its thread goes on; new messages leave an endpoint alone for a while after a time-out. Whoever
settles wakes the next, and a sweep wakes what was forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel import clock, crypto, ids
from app.webhooks.domain import retries, signing, told
from app.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookEvent, WebhookMessage, WebhookResult
from app.webhooks.queries import webhook_id
from app.webhooks.usecases.endpoints import switch_off
from app.webhooks.usecases.waking import PROVEN, enqueue_try, in_flight, is_paused, room, wake
from app.webhooks.usecases.waking import lane as lane_of

EARLY = timedelta(seconds=1)
GONE = 410
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Delivery:
    """A POST that is to be made now."""

    attempt_id: UUID
    url: str
    headers: dict[str, str] = field(repr=False)
    body: str = field(repr=False)


def open_attempt(session: Session, *, message_id: UUID, lane: str | None = None) -> Delivery | None:
    """Write down that the message is tried now; None when it is done, not due, or its endpoint has no room.

    `lane`: where this runs; a message whose endpoint has meanwhile failed or become slow is passed to the other one.
    """
    message = session.get_one(WebhookMessage, message_id, with_for_update=True)
    endpoint = session.get_one(WebhookEndpoint, message.endpoint_id, with_for_update=True)
    now = clock.now()
    if message.delivered_at or message.given_up_at or message.due_at > now + EARLY:
        return None
    if endpoint.status != "active":
        _give_up(message, "endpoint_disabled")
        return None
    if lane == PROVEN and lane_of(endpoint) != lane:
        enqueue_try(session, message_id, lane_of(endpoint))
        return None
    if not _has_room(session, message, endpoint):
        message.parked_at = now
        return None
    number = session.scalar(
        select(func.coalesce(func.max(WebhookAttempt.number), 0)).where(WebhookAttempt.message_id == message_id)
    )
    wire = clock.machine()  # the receiver holds the signature's time against its own clock
    attempt = WebhookAttempt(
        id=ids.new_id(), message_id=message_id, endpoint_id=endpoint.id, number=(number or 0) + 1, opened_at=wire
    )
    session.add(attempt)
    return _delivery(attempt, endpoint, session.get_one(WebhookEvent, message.event_id), wire)


def _has_room(session: Session, message: WebhookMessage, endpoint: WebhookEndpoint) -> bool:
    if message.failures == 0 and is_paused(endpoint):
        return False
    under_way = in_flight(session, endpoint)
    return len(under_way) < room(endpoint) and message.id not in under_way


def _delivery(attempt: WebhookAttempt, endpoint: WebhookEndpoint, event: WebhookEvent, now: datetime) -> Delivery:
    secrets = [endpoint.secret]
    if endpoint.previous_secret and endpoint.previous_until and endpoint.previous_until > now:
        secrets.append(endpoint.previous_secret)
    body = told.in_version(event.body, endpoint.version)
    signed = signing.sign(secrets, crypto.keys().webhook_key, webhook_id=webhook_id(event.id), signed_at=now, body=body)
    headers = {"Content-Type": "application/json", "User-Agent": "Dukou-Webhooks/1", "Accept-Encoding": "identity"}
    return Delivery(attempt.id, endpoint.url, headers | signed, body)


def settle_attempt(
    session: Session,
    *,
    attempt_id: UUID,
    delivered: bool,
    outcome: str,
    http_status: int | None,
    retry_after: str | None,
    answer_start: str,
    duration_ms: int,
) -> None:
    """Write the result, decide what comes next, and wake who waited for the room."""
    attempt = session.get_one(WebhookAttempt, attempt_id)
    message = session.get_one(WebhookMessage, attempt.message_id, with_for_update=True)
    endpoint = session.get_one(WebhookEndpoint, attempt.endpoint_id, with_for_update=True)
    session.add(
        WebhookResult(
            attempt_id=attempt_id,
            outcome="delivered" if delivered else outcome,
            http_status=http_status,
            duration_ms=duration_ms,
            answer_start=answer_start,
            finished_at=clock.machine(),
        )
    )
    log.info("webhook", endpoint=str(endpoint.id), outcome=outcome, status=http_status, number=attempt.number)
    if delivered:
        _succeed(message, endpoint, quick=duration_ms <= retries.QUICK_MS)
    else:
        asked = retries.read_retry_after(retry_after, clock.now())
        _note_failure(session, endpoint, outcome, http_status, asked)
        _plan(session, message, endpoint, asked)
    session.flush()
    wake(session, endpoint)


def _succeed(message: WebhookMessage, endpoint: WebhookEndpoint, *, quick: bool) -> None:
    message.delivered_at = message.delivered_at or clock.now()
    message.parked_at = message.given_up_at = message.given_up_reason = None
    endpoint.failing_since = endpoint.paused_until = None
    endpoint.timeouts = 0
    endpoint.proven_at = (endpoint.proven_at or clock.now()) if quick else None


def _note_failure(
    session: Session, endpoint: WebhookEndpoint, outcome: str, http_status: int | None, asked: timedelta | None
) -> None:
    now = clock.now()
    endpoint.failing_since, endpoint.proven_at = endpoint.failing_since or now, None
    endpoint.timeouts = endpoint.timeouts + 1 if outcome == "timeout" else 0
    if endpoint.timeouts or asked:
        wait = max(retries.pause(endpoint.timeouts) if endpoint.timeouts else timedelta(0), asked or timedelta(0))
        endpoint.paused_until = max(now + wait, endpoint.paused_until or now)
    if endpoint.status != "active":
        return
    if http_status == GONE:
        switch_off(session, endpoint, "gone")
    elif now - endpoint.failing_since >= retries.FAILING_LIMIT:
        switch_off(session, endpoint, "failing")


def _plan(session: Session, message: WebhookMessage, endpoint: WebhookEndpoint, asked: timedelta | None) -> None:
    if message.delivered_at or message.given_up_at:  # another try of the same message came first
        return
    message.failures += 1
    wait = retries.next_wait(message.failures, asked)
    if endpoint.status != "active":
        _give_up(message, "endpoint_disabled")
    elif wait is None:
        _give_up(message, "tries_used_up")
    else:
        message.due_at = clock.now() + wait
        enqueue_try(session, message.id, lane_of(endpoint), wait)


def _give_up(message: WebhookMessage, reason: str) -> None:
    message.given_up_at, message.given_up_reason, message.parked_at = clock.now(), reason, None
