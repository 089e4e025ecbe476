"""Applications with what their sources answered, how they were decided, and who looked again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.credit.domain.applications import LIVE, TAKEN
from app.kernel.crypto import SealedJson, SealedText
from app.kernel.db import Base, Fen, Id, Instant, Ref


def _statuses(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


class Application(Base):
    """One wish to borrow; `attempt` counts the tries to collect its sources."""

    __tablename__ = "applications"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("amount_fen > 0", name="amount"),
        Index(
            "uq_applications_enterprise_id_order_id",
            "enterprise_id",
            "order_id",
            unique=True,
            postgresql_where=text(f"order_id IS NOT NULL AND status IN ({_statuses(TAKEN)})"),
        ),
        Index(
            "uq_applications_enterprise_id_product_code",
            "enterprise_id",
            "product_code",
            unique=True,
            postgresql_where=text(f"order_id IS NULL AND status IN ({_statuses(LIVE)})"),
        ),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(24))
    customer_id: Mapped[Ref] = mapped_column(index=True)
    enterprise_id: Mapped[Ref]
    product_code: Mapped[str] = mapped_column(String(32))
    product_version_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("product_versions.id"))
    amount_fen: Mapped[Fen]
    term_months: Mapped[int] = mapped_column(Integer)
    method: Mapped[str] = mapped_column(String(24))
    purpose: Mapped[str] = mapped_column(String(24))
    partner_id: Mapped[UUID | None] = mapped_column(Uuid)
    order_id: Mapped[UUID | None] = mapped_column(Uuid)
    merchant_id: Mapped[UUID | None] = mapped_column(Uuid)  # the seller that the loan pays
    payee: Mapped[str | None] = mapped_column(SealedText("applications.payee"))
    status: Mapped[str] = mapped_column(String(32), index=True)
    attempt: Mapped[int] = mapped_column(Integer, default=0)
    approved_fen: Mapped[int | None] = mapped_column(BigInteger)
    credit_line_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("credit_lines.id"))
    submitted_at: Mapped[Instant]
    valid_until: Mapped[date | None] = mapped_column(Date)


class SourceSnapshot(Base):
    """What one source answered for one application; asked again under the same number until it answers."""

    __tablename__ = "source_snapshots"
    __table_args__ = (UniqueConstraint("application_id", "source"), UniqueConstraint("query_no"))

    id: Mapped[Id]
    application_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("applications.id"))
    customer_id: Mapped[Ref]
    source: Mapped[str] = mapped_column(String(16))
    query_no: Mapped[str] = mapped_column(String(32))
    consent_id: Mapped[UUID | None] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(String(16))  # asked, answered, nothing (the source knows no such subject)
    report: Mapped[str | None] = mapped_column(SealedText("source_snapshots.report"))
    asked_at: Mapped[Instant]
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Decision(Base):
    """One decision with all it rests on; append-only."""

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("application_id"),
        CheckConstraint("verdict IN ('approved', 'declined')", name="verdict"),
    )

    id: Mapped[Id]
    application_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("applications.id"))
    customer_id: Mapped[Ref]
    rule_set_version_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("rule_set_versions.id"))
    product_version_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("product_versions.id"))
    inputs: Mapped[str] = mapped_column(SealedText("decisions.inputs"))
    verdict: Mapped[str] = mapped_column(String(16))  # approved, declined: what may be counted without opening a record
    outcome: Mapped[dict[str, Any]] = mapped_column(SealedJson("decisions.outcome"))
    digest: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[Instant] = mapped_column(index=True)


class DecisionReview(Base):
    """A person looks at a refusal: because the customer asked, or because it was close (`second_look`)."""

    __tablename__ = "decision_reviews"
    __table_args__ = (
        UniqueConstraint("application_id"),
        Index("ix_decision_reviews_due_on", "due_on", postgresql_where=text("status IN ('open', 'claimed')")),
    )

    id: Mapped[Id]
    application_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("applications.id"))
    customer_id: Mapped[Ref]
    kind: Mapped[str] = mapped_column(String(16))  # requested, second_look
    status: Mapped[str] = mapped_column(String(32))  # open, claimed, upheld, reapply
    words: Mapped[str | None] = mapped_column(SealedText("decision_reviews.words"))  # what the customer says
    words_check: Mapped[str | None] = mapped_column(String(16))  # waiting, clean, suspicious, unchecked
    words_label: Mapped[int | None]  # WeChat's, of suspicious words
    answer: Mapped[str | None] = mapped_column(SealedText("decision_reviews.answer"))  # what staff answers
    asked_at: Mapped[Instant]
    due_on: Mapped[date] = mapped_column(Date)
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
