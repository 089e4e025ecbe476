"""Tables of mandates, debits and batches. Account numbers and files are sealed; the rows stay for good."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.crypto import SealedText
from app.kernel.db import Base, Fen, Id, Instant, Ref


class DebitRule(Base):
    """A number that somebody may change from a day on: hours, tries, whether parts are taken."""

    __tablename__ = "debit_rules"
    __table_args__ = (UniqueConstraint("name", "effective_from"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(32))
    value: Mapped[int]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200))


class DebitMandate(Base):
    """What a customer allows: debits of one account. Another account is another row; one is active at a time."""

    __tablename__ = "debit_mandates"
    __table_args__ = (
        Index("uq_debit_mandates_active", "customer_id", unique=True, postgresql_where="status = 'active'"),
        Index(None, "customer_id", "created_at"),
    )

    id: Mapped[Id]
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    account_no: Mapped[str] = mapped_column(SealedText("debit_mandates.account_no"))
    account_name: Mapped[str] = mapped_column(SealedText("debit_mandates.account_name"))
    bank_code: Mapped[str] = mapped_column(String(16))
    account_tail: Mapped[str] = mapped_column(String(4))
    text_version: Mapped[str] = mapped_column(String(32))
    text_sha256: Mapped[str] = mapped_column(String(64))
    consent_id: Mapped[UUID | None] = mapped_column(ForeignKey("consents.id"))
    status: Mapped[str] = mapped_column(String(16))
    ended_by: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[Instant]
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    usable_from: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class DebitBatch(Base):
    """One file to the core bank under one number for life, and the newest results that were read of it."""

    __tablename__ = "debit_batches"
    __table_args__ = (Index("ix_debit_batches_open", "status", postgresql_where="status IN ('made', 'sent')"),)

    id: Mapped[Id]
    batch_no: Mapped[str] = mapped_column(String(32), unique=True)
    status: Mapped[str] = mapped_column(String(16))
    made_on: Mapped[date]
    line_count: Mapped[int]
    total_fen: Mapped[Fen]
    file: Mapped[str | None] = mapped_column(SealedText("debit_batches.file"))
    results: Mapped[str | None] = mapped_column(SealedText("debit_batches.results"))
    made_at: Mapped[Instant]
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Debit(Base):
    """One debit for one payment order; its number is the order's, and it stands in one file only."""

    __tablename__ = "debits"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        Index("ix_debits_requested", "id", postgresql_where="status = 'requested'"),
        Index("ix_debits_returned", "reference_id", postgresql_where="status = 'returned'"),
        Index(None, "batch_id"),
        Index(None, "subject_id", "requested_at"),
    )

    id: Mapped[Id]
    debit_no: Mapped[str] = mapped_column(String(32), unique=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("payment_orders.id"), unique=True)
    mandate_id: Mapped[UUID] = mapped_column(ForeignKey("debit_mandates.id"))
    customer_id: Mapped[Ref]
    reference_id: Mapped[Ref]  # the repayment
    subject_id: Mapped[Ref]  # the loan
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("debit_batches.id"))
    amount_fen: Mapped[Fen]
    part_allowed: Mapped[bool]
    automatic: Mapped[bool]
    status: Mapped[str] = mapped_column(String(16))
    collected_fen: Mapped[int | None] = mapped_column(BigInteger)
    bank_serial: Mapped[str | None] = mapped_column(String(32))
    fail_code: Mapped[str | None] = mapped_column(String(64))
    requested_at: Mapped[Instant]
    completed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    returned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class DebitFinding(Base):
    """What a result file says and does not fit, or could not be booked: for a person to read, never changed."""

    __tablename__ = "debit_findings"
    __table_args__ = (UniqueConstraint("batch_id", "kind", "debit_no", "bank_serial", name="uq_debit_findings_line"),)

    id: Mapped[Id]
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("debit_batches.id"))
    kind: Mapped[str] = mapped_column(String(32))
    debit_no: Mapped[str] = mapped_column(String(32))
    bank_serial: Mapped[str] = mapped_column(String(32))
    amount_fen: Mapped[Fen]
    found_at: Mapped[Instant]
