"""What partners were told is kept for ninety days; of each object the last word longer, for its sequence goes on."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Exists, exists, select, text
from sqlalchemy.orm import Session, aliased

from app.kernel import clock, ids
from app.webhooks.domain import retries
from app.webhooks.models import WebhookAttempt, WebhookEvent, WebhookMessage

A_SWEEP = 1000


def forget_old(session: Session) -> int:
    """Delete up to a thousand old events with all their messages, attempts and results; answers how many.

    Nothing that is still to be delivered or was tried within the ninety days is touched. The application may not delete
    events: a function of the database's owner does, and only what is old by the database's own clock.
    """
    floor = ids.first_id_at(clock.now() - retries.KEPT)
    newer, message, attempt = aliased(WebhookEvent), aliased(WebhookMessage), aliased(WebhookAttempt)
    followed = exists().where(
        newer.object_id == WebhookEvent.object_id,
        newer.object_kind == WebhookEvent.object_kind,
        newer.sequence > WebhookEvent.sequence,
    )
    is_open = message.delivered_at.is_(None) & message.given_up_at.is_(None)
    alive = exists().where(message.event_id == WebhookEvent.id, is_open | _tried(attempt, message, floor))
    old = select(WebhookEvent.id).where(WebhookEvent.id < floor, followed, ~alive)
    doomed = session.scalars(old.order_by(WebhookEvent.id).limit(A_SWEEP)).all()
    forgotten = session.scalar(text("SELECT webhooks_forget(:events)"), {"events": list(doomed)})
    return int(forgotten or 0)


def _tried(attempt: type[WebhookAttempt], message: type[WebhookMessage], floor: UUID) -> Exists:
    return exists().where(attempt.message_id == message.id, attempt.id >= floor)
