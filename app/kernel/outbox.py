"""Events: what happened is written in the transaction of the change, and its listeners' jobs are enqueued with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel import clock, ids, jobs
from app.kernel.db import Base, Id, Instant, Ref

_EVENTS = (
    "INSERT INTO outbox_events (id, name, subject_id, payload, occurred_at)"
    " SELECT id, name, subject, payload::json, :at FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]),"
    " CAST(:subjects AS uuid[]), CAST(:payloads AS text[])) AS event (id, name, subject, payload)"
)
_TOLD = text(" ".join(("WITH told AS (", _EVENTS, ")", jobs.DEFER)))
# A part of a statement that does more at once: told if its part `moved` has its row (see `kernel.states`).
EVENT_OF_MOVED = (
    "INSERT INTO outbox_events (id, name, subject_id, payload, occurred_at)"
    " SELECT :event_id, :event_name, moved.id, CAST(:event_payload AS json), :event_at FROM moved"
)
_listeners: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events: `name` in the past tense, `subject_id` the thing it happened to. Ids and sums only."""

    name: ClassVar[str]
    subject_id: UUID

    def payload(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {key: _plain(value) for key, value in vars(self).items()}


class OutboxEvent(Base):
    """One event as it was written."""

    __tablename__ = "outbox_events"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[Ref] = mapped_column(index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    occurred_at: Mapped[Instant]


def listen(listeners: Mapping[str, tuple[str, ...]]) -> None:
    """Install {event name: task names}; the table is `app/wiring.py`."""
    global _listeners  # noqa: PLW0603  one table a process
    _listeners = listeners


def emit(session: Session, event: Event) -> UUID:
    """Write the event and enqueue each listener as `task(event_id=…, event={…})`, all in this transaction.

    One listener hears of one subject in order. Its lock is its own: a job holds up the later ones of its lock until it
    succeeds or gives up, so that what only tells must never stand before what moves money.
    """
    return emit_all(session, [event])[0]


def emit_all(session: Session, events: Sequence[Event]) -> list[UUID]:
    """Write many events and enqueue all their listeners, by one statement; the same as `emit` one by one."""
    if not events:
        return []
    told = [(ids.new_id(), event, event.payload()) for event in events]
    session.execute(
        _TOLD,
        {
            "ids": [number for number, _, _ in told],
            "names": [event.name for _, event, _ in told],
            "subjects": [event.subject_id for _, event, _ in told],
            "payloads": [json.dumps(payload) for _, _, payload in told],
            "at": clock.now(),
            **jobs.defer([job for number, event, payload in told for job in _heard(event, number, payload)]),
        },
    )
    return [number for number, _, _ in told]


def event_of_moved(event: Event) -> dict[str, Any]:
    """The parameters of EVENT_OF_MOVED and of `jobs.DEFER_FOR_MOVED`; the same as `emit`, for the row that is moved."""
    number, payload = ids.new_id(), event.payload()
    return {
        "event_id": number,
        "event_name": event.name,
        "event_payload": json.dumps(payload),
        "event_at": clock.now(),
        **jobs.defer(_heard(event, number, payload)),
    }


def _heard(event: Event, number: UUID, payload: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """The jobs of those who listen, each with its lock."""
    return [
        (name, f"{name}:{event.subject_id}", {"event_id": str(number), "event": payload})
        for name in _listeners.get(event.name, ())
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value
