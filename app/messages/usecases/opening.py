"""An event becomes one message: a row in the inbox, and a job that sends it when nobody sleeps."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.customers import queries as customers
from app.customers.domain.masking import mask_phone
from app.kernel import clock, ids, jobs
from app.kernel.outbox import OutboxEvent
from app.messages import queries
from app.messages.domain import delivery
from app.messages.domain.texts import KINDS, Locale
from app.messages.domain.told import telling
from app.messages.models import Appointment, Message
from app.messages.usecases import reminders

QUEUE = "messages"


def tell(session: Session, *, event_id: UUID) -> UUID | None:
    """Make the message of an event; None when it was made before or there is nothing (any more) to tell."""
    event = session.get_one(OutboxEvent, event_id)
    told = telling(event.name, event.payload)
    if told is None:
        return None
    customer_id = UUID(event.payload["customer_id"])
    if told.kind == "phone_changed":
        told.values["phone"] = mask_phone(customers.person(session, customer_id).phone)
    if told.kind in ("appointment", "appointment_cancelled"):
        expected = session.get_one(Appointment, event.subject_id)
        if told.kind == "appointment" and expected.status != "made":
            return None  # called off before anybody was told
        told.values.update(at=expected.starts_at.isoformat(), place=expected.place)
    if KINDS[told.kind].group == "reminder":
        owed_fen = reminders.owed_fen(session, told.kind, event.subject_id, told.values["due_on"])
        if not owed_fen:
            return None
        told.values["amount_fen"] = owed_fen
    return open_message(
        session,
        event_id=event_id,
        kind=told.kind,
        customer_id=customer_id,
        subject_id=event.subject_id,
        values=told.values,
    )


def open_message(
    session: Session, *, event_id: UUID, kind: str, customer_id: UUID, subject_id: UUID, values: dict[str, Any]
) -> UUID | None:
    """Write the message into the inbox and enqueue its sending, once for an event; None when it was made before.

    `values` are plain JSON: amount_fen, due_on, at, place, phone (masked), as the kind's text wants them.
    """
    now, known = clock.now(), KINDS[kind]
    due_at = delivery.next_allowed(now, queries.quiet_hours(session, known.group))
    row = {
        "id": ids.new_id(),
        "customer_id": customer_id,
        "kind": kind,
        "text_version": known.version,
        "event_id": event_id,
        "subject_id": subject_id,
        "sealed_values": json.dumps(values),
        "status": "open",
        "due_at": due_at,
        "created_at": now,
    }
    written = insert(Message).values(row).on_conflict_do_nothing(index_elements=["event_id", "kind"])
    message_id = session.scalar(written.returning(Message.id))
    if message_id is not None:
        enqueue(session, message_id, after_s=(due_at - now).total_seconds())
    return message_id


def enqueue(session: Session, message_id: UUID, *, after_s: float = 0.0) -> None:
    """A job that looks after this message, one at a time."""
    lock = f"messages.deliver:{message_id}"
    after = timedelta(seconds=after_s) if after_s > 0 else None
    jobs.enqueue(session, "messages.deliver", queue=QUEUE, lock=lock, after=after, message_id=message_id)


def read_message(session: Session, *, customer_id: UUID, message_id: UUID, locale: Locale) -> queries.MessageView:
    """The customer opened it; the first time counts. Raises MessageUnknown, also for somebody else's."""
    row = session.get(Message, message_id)
    if row is None or row.customer_id != customer_id:
        raise delivery.MessageUnknown("You have no such message.")
    row.read_at = row.read_at or clock.now()
    return queries.message_view(row, locale)
