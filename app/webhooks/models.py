"""Rows of webhook endpoints, the events partners are told, their messages and every attempt to deliver one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, DateTime, ForeignKey, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.crypto import SealedText
from app.kernel.db import Base, Id, Instant, Ref

Maybe = DateTime(timezone=True)


class WebhookEndpoint(Base):
    """A URL of a partner. `failing_since`: no success since; `timeouts`: in a row; `paused_until`: for new messages.

    `proven_at`: it has answered well and quickly since then; null: not yet, or not any more. `version`: of its bodies.
    """

    __tablename__ = "webhook_endpoints"

    id: Mapped[Id]
    partner_id: Mapped[Ref] = mapped_column(Uuid, index=True)
    url: Mapped[str] = mapped_column(String(500))
    event_types: Mapped[list[str]] = mapped_column(JSON)
    secret: Mapped[str] = mapped_column(SealedText("webhook_endpoints.secret"))
    previous_secret: Mapped[str | None] = mapped_column(SealedText("webhook_endpoints.previous_secret"))
    previous_until: Mapped[datetime | None] = mapped_column(Maybe)
    status: Mapped[str] = mapped_column(String(16))
    disabled_reason: Mapped[str | None] = mapped_column(String(32))
    failing_since: Mapped[datetime | None] = mapped_column(Maybe)
    timeouts: Mapped[int] = mapped_column(Integer, default=0)
    paused_until: Mapped[datetime | None] = mapped_column(Maybe)
    proven_at: Mapped[datetime | None] = mapped_column(Maybe)
    version: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[Instant]


class WebhookEvent(Base):
    """What a partner is told, made once: the body never changes."""

    __tablename__ = "webhook_events"
    __table_args__ = (
        UniqueConstraint("outbox_event_id", "type"),
        UniqueConstraint("object_id", "object_kind", "sequence"),
        Index(None, "partner_id", "id"),
    )

    id: Mapped[Id]
    partner_id: Mapped[Ref]
    outbox_event_id: Mapped[Ref]
    type: Mapped[str] = mapped_column(String(64))
    object_kind: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[Ref]
    object_status: Mapped[str] = mapped_column(String(32))
    sequence: Mapped[int] = mapped_column(Integer)
    body: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[Instant]
    created_at: Mapped[Instant]


class WebhookMessage(Base):
    """One event for one endpoint: open until `delivered_at` or `given_up_at` is set.

    `due_at`: the next try. `parked_at`: it was due, but the endpoint had no room; woken when there is.
    """

    __tablename__ = "webhook_messages"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id"),
        Index(
            "ix_webhook_messages_open",
            "endpoint_id",
            "due_at",
            postgresql_where="delivered_at IS NULL AND given_up_at IS NULL",
        ),
    )

    id: Mapped[Id]
    endpoint_id: Mapped[Ref] = mapped_column(Uuid, ForeignKey("webhook_endpoints.id"))
    event_id: Mapped[Ref] = mapped_column(Uuid, ForeignKey("webhook_events.id"), index=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[Instant]
    parked_at: Mapped[datetime | None] = mapped_column(Maybe)
    delivered_at: Mapped[datetime | None] = mapped_column(Maybe)
    given_up_at: Mapped[datetime | None] = mapped_column(Maybe)
    given_up_reason: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[Instant]


class WebhookAttempt(Base):
    """Written before the call: an attempt without a result died with its process, and may have arrived."""

    __tablename__ = "webhook_attempts"
    __table_args__ = (UniqueConstraint("message_id", "number"), Index(None, "endpoint_id", "opened_at"))

    id: Mapped[Id]
    message_id: Mapped[Ref] = mapped_column(Uuid, ForeignKey("webhook_messages.id"))
    endpoint_id: Mapped[Ref] = mapped_column(Uuid, ForeignKey("webhook_endpoints.id"))
    number: Mapped[int] = mapped_column(Integer)
    opened_at: Mapped[Instant]


class WebhookResult(Base):
    """What came of an attempt; `answer_start` is text of the partner's server: escape it wherever it is shown."""

    __tablename__ = "webhook_results"

    attempt_id: Mapped[Ref] = mapped_column(Uuid, ForeignKey("webhook_attempts.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(16))
    http_status: Mapped[int | None] = mapped_column(Integer)
    duration_ms: Mapped[int] = mapped_column(Integer)
    answer_start: Mapped[str] = mapped_column(String(500))
    finished_at: Mapped[Instant]
