"""Tables of a change of phone and of the time in which nothing is bound afterwards."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.crypto import SealedText
from app.kernel.db import Base, Id, Instant


class PhoneChange(Base):
    """One change of the phone: shown by the old one, then by the new one, in one session and within minutes."""

    __tablename__ = "phone_changes"
    __table_args__ = (CheckConstraint("shown_by IN ('old_phone', 'identity')", name="shown_by"),)

    id: Mapped[Id]
    customer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("customers.id"), index=True)
    session_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("customer_sessions.id"))
    old_phone: Mapped[str] = mapped_column(SealedText("phone_changes.old_phone"))
    new_phone: Mapped[str] = mapped_column(SealedText("phone_changes.new_phone"))
    status: Mapped[str] = mapped_column(String(16))  # opened, old_shown, done
    shown_by: Mapped[str | None] = mapped_column(String(16))  # old_phone, identity: what proved the person
    opened_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    cool_off_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class CoolOffRule(Base):
    """How long nothing is signed, drawn or redirected after a change: a number with dates and its source."""

    __tablename__ = "cool_off_rules"
    __table_args__ = (
        UniqueConstraint("name", "effective_from"),
        CheckConstraint("hours >= 0", name="hours"),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(32))  # phone_changed
    hours: Mapped[int]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200))
