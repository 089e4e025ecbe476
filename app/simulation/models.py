"""Tables of the simulation."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Id, Instant

MOVING = text("ended_at IS NULL")


class ClockAdvance(Base):
    """One way of the clock, from an instant of business to a later one; `reached_at` is where it stands.

    `stopped_at` and `ended_at` are instants of the machines.
    """

    __tablename__ = "clock_advances"
    __table_args__ = (
        CheckConstraint("to_at > from_at AND reached_at BETWEEN from_at AND to_at", name="on"),
        Index("uq_clock_advances_moving", text("(ended_at IS NULL)"), unique=True, postgresql_where=MOVING),
    )

    id: Mapped[Id]
    partner_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("partners.id"))
    asked_by: Mapped[str] = mapped_column(String(80))
    from_at: Mapped[Instant]
    to_at: Mapped[Instant]
    reached_at: Mapped[Instant]
    stopped_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
