"""Credit lines with their moves, and how much is out in all to a customer, product, partner or region."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Fen, Id, Instant, Ref


class CreditLine(Base):
    """What an enterprise may owe under one product. What is free = limit − reserved − used."""

    __tablename__ = "credit_lines"
    __table_args__ = (
        UniqueConstraint("enterprise_id", "product_code"),
        CheckConstraint("reserved_fen >= 0 AND used_fen >= 0", name="parts"),
        CheckConstraint("reserved_fen + used_fen <= limit_fen", name="limit"),
        CheckConstraint("(status = 'frozen') = (frozen_reason IS NOT NULL)", name="frozen"),
        Index("ix_credit_lines_valid_until", "valid_until", postgresql_where=text("status = 'active'")),
    )

    id: Mapped[Id]
    customer_id: Mapped[Ref]
    enterprise_id: Mapped[Ref]
    product_code: Mapped[str] = mapped_column(String(32))
    region_code: Mapped[str] = mapped_column(String(6))  # of the business when the line began: exposure counts there
    limit_fen: Mapped[Fen]
    reserved_fen: Mapped[Fen]
    used_fen: Mapped[Fen]
    status: Mapped[str] = mapped_column(String(16))  # active, frozen, expired
    valid_until: Mapped[date] = mapped_column(Date)
    review_on: Mapped[date] = mapped_column(Date)  # after this day nothing is drawn until somebody has looked
    frozen_reason: Mapped[str | None] = mapped_column(String(24))
    frozen_by: Mapped[str | None] = mapped_column(String(64))


class CreditLineMove(Base):
    """One change of a line, so that its figures can be proved; append-only."""

    __tablename__ = "credit_line_moves"
    __table_args__ = (
        Index(None, "partner_id", "moved_at", postgresql_where=text("partner_id IS NOT NULL")),
    )

    id: Mapped[Id]
    credit_line_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("credit_lines.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))  # limit, reserve, use, release, repay, repay_back
    limit_fen: Mapped[Fen]  # change of the limit
    reserved_fen: Mapped[Fen]  # change of what is reserved
    used_fen: Mapped[Fen]  # change of what is used
    partner_id: Mapped[UUID | None] = mapped_column(Uuid)  # through whom the draw came
    merchant_id: Mapped[UUID | None] = mapped_column(Uuid)  # whom it paid
    moved_at: Mapped[Instant]


class ExposureLimit(Base):
    """How much may be reserved and used for one key of a kind from one day on; `*` is any key without its own row.

    Of several for one day the newest counts."""

    __tablename__ = "exposure_limits"
    __table_args__ = (
        Index("ix_exposure_limits_kind_key", "kind", "key", "effective_from"),
        CheckConstraint("effective_to IS NULL OR effective_to > effective_from", name="days"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(16))  # one of LIMIT_KINDS
    key: Mapped[str] = mapped_column(String(64))
    limit_fen: Mapped[Fen]
    effective_from: Mapped[date] = mapped_column(Date)
    effective_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)


class ExposureCounter(Base):
    """What is reserved and used for one key: the sum of the lines' moves, kept so that a limit holds in a race.

    What was given back and is not counted yet (`ExposureReturn`) is still in it: never too little."""

    __tablename__ = "exposure_counters"
    __table_args__ = (UniqueConstraint("kind", "key"), CheckConstraint("held_fen >= 0", name="held"))

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(64))
    held_fen: Mapped[Fen]


class ExposureReturn(Base):
    """What was given back under a key that many share, until it is taken out of its counter: nobody waits for it."""

    __tablename__ = "exposure_returns"
    __table_args__ = (CheckConstraint("amount_fen > 0", name="amount"), Index(None, "kind", "key"))

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(64))
    amount_fen: Mapped[Fen]
