"""Tables of credit: products, rules and regulated numbers as dated rows; applications, sources, decisions, lines."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.credit.domain.applications import LIVE, TAKEN
from app.kernel.crypto import SealedJson, SealedText
from app.kernel.db import Base, Fen, Id, Instant, Ref


class ProductVersion(Base):
    """A product as it is offered from one day on."""

    __tablename__ = "product_versions"
    __table_args__ = (UniqueConstraint("code", "version"), UniqueConstraint("code", "effective_from"))

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32))
    version: Mapped[str] = mapped_column(String(16))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    effective_from: Mapped[date] = mapped_column(Date)
    effective_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)


class RuleSetVersion(Base):
    """What decides from one day on."""

    __tablename__ = "rule_set_versions"
    __table_args__ = (UniqueConstraint("version"), UniqueConstraint("product_code", "effective_from"))

    id: Mapped[Id]
    product_code: Mapped[str] = mapped_column(String(32))
    version: Mapped[str] = mapped_column(String(16))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    effective_from: Mapped[date] = mapped_column(Date)
    effective_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)


class RegulatedParameter(Base):
    """One number that a regulator or a market publishes, with the days on which it holds."""

    __tablename__ = "regulated_parameters"
    __table_args__ = (
        UniqueConstraint("name", "effective_from"),
        CheckConstraint("effective_to IS NULL OR effective_to > effective_from", name="days"),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(48))
    value: Mapped[Decimal] = mapped_column(Numeric(18, 6))
    effective_from: Mapped[date] = mapped_column(Date)
    effective_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)


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

    id: Mapped[Id]
    credit_line_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("credit_lines.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))  # limit, reserve, use, release, repay
    limit_fen: Mapped[Fen]  # change of the limit
    reserved_fen: Mapped[Fen]  # change of what is reserved
    used_fen: Mapped[Fen]  # change of what is used
    moved_at: Mapped[Instant]
