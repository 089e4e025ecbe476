"""Tables of the book; the application may only read them and call `post_journal`."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Fen, Id, Instant, Ref


class LedgerAccount(Base):
    """One account of the chart."""

    __tablename__ = "ledger_accounts"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(64))
    name_en: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))  # asset, liability, income


class Journal(Base):
    """One business event in the book; `key` makes posting it twice impossible."""

    __tablename__ = "journals"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(96), unique=True)
    template: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[Ref] = mapped_column(index=True)  # the loan, drawdown or payment it belongs to
    product_code: Mapped[str | None] = mapped_column(String(32))
    partner_id: Mapped[UUID | None]
    business_on: Mapped[date] = mapped_column(index=True)
    booked_at: Mapped[Instant]


class Entry(Base):
    """One line; debit positive, credit negative."""

    __tablename__ = "entries"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    journal_id: Mapped[UUID] = mapped_column(ForeignKey("journals.id"), index=True)
    account: Mapped[str] = mapped_column(String(32), ForeignKey("ledger_accounts.code"), index=True)
    amount_fen: Mapped[Fen]
