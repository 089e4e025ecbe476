"""Events are told, messages delivered, waiting ones woken; each job is safe to run again and to kill at any point."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.kernel import crash_points
from app.kernel.db import transaction
from app.kernel.jobs import task
from app.webhooks import sender, ssrf, usecases
from config import settings


@task("webhooks.fan_out")
def fan_out(event_id: str, event: dict[str, Any]) -> None:
    """Tell the event's partner; the unique key of what was told makes a second run tell nothing."""
    with transaction() as session:
        usecases.tell(session, outbox_event_id=UUID(event_id))


@task("webhooks.deliver")
def deliver(message_id: str, lane: str | None = None) -> None:
    """Try one message: opened, sent, settled. Killed in between, it is tried again under the same webhook-id."""
    with transaction() as session:
        delivery = usecases.open_attempt(session, message_id=UUID(message_id), lane=lane)
    if delivery is None:
        return
    crash_points.reach("deliver.opened")
    allowed = ssrf.policy(settings.current().production)
    answer = sender.send(delivery.url, delivery.headers, delivery.body.encode(), policy=allowed)
    crash_points.reach("deliver.called")
    with transaction() as session:
        usecases.settle_attempt(
            session,
            attempt_id=delivery.attempt_id,
            delivered=answer.delivered,
            outcome=answer.outcome,
            http_status=answer.status,
            retry_after=answer.retry_after,
            answer_start=answer.start,
            duration_ms=answer.duration_ms,
        )


@task("webhooks.wake_waiting", cron="* * * * * */15")
def wake_waiting() -> None:
    """Take up messages that wait for room or lost their job; those it took up are not found a second time."""
    with transaction() as session:
        usecases.wake_waiting(session)


@task("webhooks.forget_old", cron="47 3 * * *")
def forget_old() -> None:
    """Forget what partners were told more than ninety days ago; running it again finds nothing."""
    while True:
        with transaction() as session:
            if not usecases.forget_old(session):
                return
