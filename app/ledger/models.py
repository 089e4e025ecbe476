"""Tables of the book; the application may only read them and call `post_journal`."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Fen, Id, Instant, Ref


class LedgerAccount(Base):
    """One account of the chart."""

    __tablename__ = "ledger_accounts"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(64))
    name_en: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))  # asset, liability, income, expense, memo


class Journal(Base):
    """One business event in the book; `key` makes posting it twice impossible."""

    __tablename__ = "journals"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(96), unique=True)
    template: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[Ref] = mapped_column(index=True)  # the loan, drawdown or payment it belongs to
    product_code: Mapped[str | None] = mapped_column(String(32))
    partner_id: Mapped[UUID | None]
    business_on: Mapped[date] = mapped_column(index=True)  # the day in whose books it stands
    value_on: Mapped[date]  # the day it belongs to: an earlier one when that was closed already
    booked_at: Mapped[Instant]


class Entry(Base):
    """One line; debit positive, credit negative."""

    __tablename__ = "entries"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    journal_id: Mapped[UUID] = mapped_column(ForeignKey("journals.id"), index=True)
    account: Mapped[str] = mapped_column(String(32), ForeignKey("ledger_accounts.code"), index=True)
    amount_fen: Mapped[Fen]


class BusinessDay(Base):
    """A day of the books; one without a row is open. Days are closed one after another."""

    __tablename__ = "business_days"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'closing', 'closed')", name="state"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL AND digest IS NOT NULL)", name="closed"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    cut_off_at: Mapped[Instant]
    closing_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]
    digest: Mapped[str | None] = mapped_column(String(64))  # of what the end of day left behind


class CalendarDay(Base):
    """Whether banks settle on a day, and who said so."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    source: Mapped[str] = mapped_column(String(200))
