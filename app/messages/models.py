"""Tables of messages: what was told, by which way, with which grants, and what WeChat pushed to us."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, String, Time, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.crypto import SealedText
from app.kernel.db import Base, Id, Instant, Ref


class Message(Base):
    """One event told to one customer. The row is the inbox; `status` is how it went out besides."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("event_id", "kind"),
        Index("ix_messages_customer_id_id", "customer_id", "id"),
        Index("ix_messages_unread", "customer_id", postgresql_where=text("read_at IS NULL")),
    )

    id: Mapped[Id]
    customer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("customers.id"))
    kind: Mapped[str] = mapped_column(String(32))
    text_version: Mapped[int]
    event_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("outbox_events.id"))
    subject_id: Mapped[Ref]
    sealed_values: Mapped[str] = mapped_column(SealedText("messages.sealed_values"))  # JSON: sums, days, places
    status: Mapped[str] = mapped_column(String(16))
    due_at: Mapped[Instant]
    created_at: Mapped[Instant]
    read_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class MessageAttempt(Base):
    """One way that was tried, at most once each."""

    __tablename__ = "message_attempts"
    __table_args__ = (UniqueConstraint("message_id", "channel"),)

    id: Mapped[Id]
    message_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("messages.id"))
    channel: Mapped[str] = mapped_column(String(8))  # wechat, sms
    wechat_identity_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("wechat_identities.id"))
    opened_at: Mapped[Instant]
    outcome: Mapped[str | None] = mapped_column(String(16))  # sent, refused, unreachable, doubt
    errcode: Mapped[int | None]
    vendor_ref: Mapped[str | None] = mapped_column(String(32), index=True)
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    delivered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class MessageCredit(Base):
    """How often one WeChat user allowed one kind of message, and how often it was used."""

    __tablename__ = "message_credits"
    __table_args__ = (
        UniqueConstraint("wechat_identity_id", "kind"),
        CheckConstraint("claimed >= 0 AND confirmed >= 0 AND spent >= 0", name="counts"),
    )

    id: Mapped[Id]
    wechat_identity_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("wechat_identities.id"))
    kind: Mapped[str] = mapped_column(String(32))
    claimed: Mapped[int]
    confirmed: Mapped[int]
    spent: Mapped[int]
    refused_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[Instant]


class MessageQuietHours(Base):
    """When one group of messages disturbs nobody: a rule with dates and its source."""

    __tablename__ = "message_quiet_hours"

    id: Mapped[Id]
    applies_to: Mapped[str] = mapped_column(String(16))  # notice, reminder, security
    starts_at: Mapped[time] = mapped_column(Time)
    ends_at: Mapped[time] = mapped_column(Time)
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200))


class Appointment(Base):
    """When and where staff expects a customer."""

    __tablename__ = "appointments"
    __table_args__ = (
        Index(
            "uq_appointments_made",
            "customer_id",
            "starts_at",
            unique=True,
            postgresql_where=text("status = 'made'"),
        ),
    )

    id: Mapped[Id]
    customer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("customers.id"))
    starts_at: Mapped[Instant]
    place: Mapped[str] = mapped_column(SealedText("appointments.place"))  # may be the customer's own door
    status: Mapped[str] = mapped_column(String(16))  # made, cancelled
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[Instant]


class MessagePush(Base):
    """One push of WeChat, stored before anything is done with it; a copy of it meets the unique key."""

    __tablename__ = "message_pushes"
    __table_args__ = (UniqueConstraint("same_as"), UniqueConstraint("nonce_index"))

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(64))
    same_as: Mapped[str] = mapped_column(String(64))
    nonce_index: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(SealedText("message_pushes.body"))
    received_at: Mapped[Instant] = mapped_column(index=True)
    handled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[str | None] = mapped_column(String(32))
