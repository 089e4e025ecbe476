"""Tables of the numbers of servicing and of the end of day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Fen, Id, Instant, Ref


class ServicingRule(Base):
    """Numbers of servicing that a regulator or the bank may change, with the days on which they hold."""

    __tablename__ = "servicing_rules"
    __table_args__ = (UniqueConstraint("effective_from"),)

    id: Mapped[Id]
    effective_from: Mapped[date]
    source: Mapped[str] = mapped_column(Text)
    due_soon_days: Mapped[int]  # before the due day, for the reminder
    principal_first_above: Mapped[int]  # days past due above which payments settle principal first
    income_stops_above: Mapped[int]  # days past due above which interest is kept off the balance sheet
    special_mention_above: Mapped[int]
    substandard_above: Mapped[int]
    doubtful_above: Mapped[int]
    loss_above: Mapped[int]
    restructured_months: Mapped[int]


class EndOfDayChunk(Base):
    """A range of loans by key that one transaction brings through the end of one day."""

    __tablename__ = "end_of_day_chunks"

    day: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_id: Mapped[Ref]
    last_id: Mapped[Ref]
    done_at: Mapped[Instant | None]
    loans: Mapped[int]
    digest: Mapped[Decimal | None] = mapped_column(Numeric)


class EndOfDaySum(Base):
    """What a chunk of loans of one product and partner adds to the day's journal; summed when the day is closed."""

    __tablename__ = "end_of_day_sums"
    __table_args__ = (Index("ix_end_of_day_sums_day", "day", "number"),)

    id: Mapped[Id]
    day: Mapped[date]
    number: Mapped[int]
    product_code: Mapped[str] = mapped_column(String(32))
    partner_id: Mapped[UUID | None]
    interest_income_fen: Mapped[Fen]
    interest_ahead_fen: Mapped[Fen]
    penalty_income_fen: Mapped[Fen]
    penalty_ahead_fen: Mapped[Fen]
    off_balance_fen: Mapped[Fen]
