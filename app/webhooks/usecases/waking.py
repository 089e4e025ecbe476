"""Messages that wait for room at their endpoint, or whose job was lost, are taken up again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from app.kernel import clock, jobs
from app.webhooks.domain import retries
from app.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage, WebhookResult

# Lanes of their own, so that deliveries can have worker processes of their own. Only endpoints that have answered well
# and quickly are served in the first one: however many new, slow or failing ones hang at once, they fill the second.
PROVEN, UNPROVEN = "webhooks", "webhooks_unproven"
LOST_JOB = timedelta(minutes=5)
A_SWEEP = 500


def is_open() -> ColumnElement[bool]:
    """Neither delivered nor given up."""
    return and_(WebhookMessage.delivered_at.is_(None), WebhookMessage.given_up_at.is_(None))


def in_flight(session: Session, endpoint: WebhookEndpoint) -> Sequence[UUID]:
    """The messages that are on their way to this endpoint now; what died with its process counts for 30 s."""
    query = (
        select(WebhookAttempt.message_id)
        .outerjoin(WebhookResult, WebhookResult.attempt_id == WebhookAttempt.id)
        .where(
            WebhookAttempt.endpoint_id == endpoint.id,
            WebhookAttempt.opened_at > clock.machine() - retries.LOST_AFTER,
            WebhookResult.attempt_id.is_(None),
        )
    )
    return session.scalars(query).all()


def lane(endpoint: WebhookEndpoint) -> str:
    """Whose threads serve this endpoint."""
    return PROVEN if endpoint.proven_at and not endpoint.failing_since else UNPROVEN


def room(endpoint: WebhookEndpoint) -> int:
    """How many tries this endpoint may have in flight."""
    return retries.IN_FLIGHT if lane(endpoint) == PROVEN else retries.IN_FLIGHT_UNPROVEN


def is_paused(endpoint: WebhookEndpoint) -> bool:
    """Whether new messages leave it alone now; repeats keep to their schedule."""
    return endpoint.paused_until is not None and endpoint.paused_until > clock.now()


def wake(session: Session, endpoint: WebhookEndpoint) -> int:
    """Let parked messages of this endpoint try again, as many as it has room for, oldest first; answers how many."""
    free = room(endpoint) - len(in_flight(session, endpoint))
    query = select(WebhookMessage).where(
        WebhookMessage.endpoint_id == endpoint.id, WebhookMessage.parked_at.is_not(None), is_open()
    )
    if is_paused(endpoint):
        query = query.where(WebhookMessage.failures > 0)
    oldest = query.order_by(WebhookMessage.id).limit(max(free, 0)).with_for_update(skip_locked=True)
    return _take_up(session, session.scalars(oldest).all(), lane(endpoint))


def wake_waiting(session: Session) -> int:
    """Wake what has room now at every endpoint, and what is due for five minutes without a job; answers how many."""
    waiting = select(WebhookMessage.endpoint_id).where(WebhookMessage.parked_at.is_not(None), is_open())
    endpoints = session.scalars(select(WebhookEndpoint).where(WebhookEndpoint.id.in_(waiting))).all()
    lost = (
        select(WebhookMessage)
        .where(is_open(), WebhookMessage.parked_at.is_(None), WebhookMessage.due_at < clock.now() - LOST_JOB)
        .order_by(WebhookMessage.id)
        .limit(A_SWEEP)
        .with_for_update(skip_locked=True)
    )
    woken = sum(wake(session, endpoint) for endpoint in endpoints)
    return woken + _take_up(session, session.scalars(lost).all(), UNPROVEN)


def _take_up(session: Session, messages: Sequence[WebhookMessage], queue: str) -> int:
    for message in messages:
        message.parked_at = None
        message.due_at = clock.now()
        enqueue_try(session, message.id, queue)
    return len(messages)


def enqueue_try(session: Session, message_id: UUID, queue: str, after: timedelta | None = None) -> None:
    """A further try; its lock is the message's, or a repeat tomorrow would hold up today's news of the same object."""
    lock = f"webhooks:{message_id}"
    jobs.enqueue(session, "webhooks.deliver", queue=queue, lock=lock, after=after, message_id=message_id, lane=queue)
