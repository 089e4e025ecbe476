"""Tables of bills, differences and decisions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Numeric,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Fen, Id, Instant, Ref

CHANNEL = String(16)
NUMBER = String(64)
MaybeFen = Mapped[int | None]


class BillImport(Base):
    """One file or statement as it was issued; another digest for the same day is another issue of it."""

    __tablename__ = "bill_imports"
    __table_args__ = (UniqueConstraint("channel", "day", "digest"),)

    id: Mapped[Id]
    channel: Mapped[str] = mapped_column(CHANNEL)
    day: Mapped[date]
    digest: Mapped[str] = mapped_column(NUMBER)
    status: Mapped[str] = mapped_column(String(16))  # loading, loaded
    row_count: Mapped[int] = mapped_column(BigInteger)
    complete: Mapped[bool]
    totals_agree: Mapped[bool]
    started_at: Mapped[Instant]
    loaded_at: Mapped[Instant | None]


class BillRow(Base):
    """One line, in our terms."""

    __tablename__ = "bill_rows"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("bill_imports.id"), primary_key=True)
    line_no: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    their_no: Mapped[str] = mapped_column(NUMBER, index=True)
    our_no: Mapped[str] = mapped_column(NUMBER, index=True)
    related_no: Mapped[str] = mapped_column(NUMBER)
    merchant: Mapped[str] = mapped_column(NUMBER)
    amount_fen: Mapped[Fen]
    fee_milli: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(NUMBER)
    occurred_at: Mapped[Instant]


class ReconciliationDay(Base):
    """How one channel stands on one day; sums in fen by the bill that counts now."""

    __tablename__ = "reconciliation_days"
    __table_args__ = (UniqueConstraint("channel", "day"),)

    id: Mapped[Id]
    channel: Mapped[str] = mapped_column(CHANNEL)
    day: Mapped[date]
    status: Mapped[str] = mapped_column(String(16))  # waiting, explained, differences
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("bill_imports.id"))
    row_count: Mapped[int] = mapped_column(BigInteger)
    in_fen: Mapped[Fen]
    out_fen: Mapped[Fen]
    fee_fen: Mapped[Fen]  # of the channel's fees, what is in the book for this day
    checked_at: Mapped[Instant]


class BillDifference(Base):
    """One thing in which a bill and the book differ, until somebody explains it or it goes away by itself."""

    __tablename__ = "bill_differences"
    __table_args__ = (UniqueConstraint("channel", "day", "kind", "key"),)

    id: Mapped[Id]
    channel: Mapped[str] = mapped_column(CHANNEL)
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(String(24))
    key: Mapped[str] = mapped_column(String(96))
    their_no: Mapped[str | None] = mapped_column(NUMBER)
    our_no: Mapped[str | None] = mapped_column(NUMBER)
    related_no: Mapped[str | None] = mapped_column(NUMBER)
    line_no: Mapped[int | None]
    ours_fen: MaybeFen = mapped_column(BigInteger)
    theirs_fen: MaybeFen = mapped_column(BigInteger)
    fee_milli: MaybeFen = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(String(96))
    status: Mapped[str] = mapped_column(String(16), index=True)  # open, explained, corrected, gone
    found_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]


class ChannelFeeRate(Base):
    """What a channel may charge for a payment, by agreement, in a period."""

    __tablename__ = "channel_fee_rates"

    channel: Mapped[str] = mapped_column(CHANNEL, primary_key=True)
    effective_from: Mapped[date] = mapped_column(primary_key=True)
    effective_to: Mapped[date | None]
    rate: Mapped[Decimal] = mapped_column(Numeric(9, 6))
    source: Mapped[str] = mapped_column(String(200))


class MoneyProposal(Base):
    """What one member of staff wants to do with money and another one decides."""

    __tablename__ = "money_proposals"
    __table_args__ = (
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="four_eyes"),
        CheckConstraint("(status = 'proposed') = (decided_by IS NULL)", name="decided"),
        CheckConstraint("status IN ('proposed', 'approved', 'rejected')", name="status"),
        Index(
            "uq_money_proposals_open",
            "subject_kind",
            "subject_key",
            unique=True,
            postgresql_where=text("status = 'proposed'"),
        ),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(24))
    subject_kind: Mapped[str] = mapped_column(String(16))  # payment, transfer, refund, difference, …
    subject_key: Mapped[str] = mapped_column(NUMBER)
    amount_fen: MaybeFen = mapped_column(BigInteger)
    loan_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # of what is done to a loan
    reason: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(16))
    proposed_by: Mapped[Ref]
    proposed_at: Mapped[Instant]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decision_reason: Mapped[str | None] = mapped_column(String(200))
