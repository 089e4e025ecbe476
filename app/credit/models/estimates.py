"""Estimates: what a business may expect, without asking the bureau, kept so that they can be worked out again."""

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
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.crypto import SealedJson, SealedText
from app.kernel.db import Base, Id, Instant, Ref


class Estimate(Base):
    """One estimate. `low_fen` may be 0 where it depends on the credit report; both figures are 0 for no offer."""

    __tablename__ = "estimates"
    __table_args__ = (
        CheckConstraint("low_fen BETWEEN 0 AND high_fen", name="range"),
        Index("ix_estimates_enterprise_id_created_at", "enterprise_id", "created_at"),
    )

    id: Mapped[Id]
    customer_id: Mapped[Ref]
    enterprise_id: Mapped[Ref]
    product_code: Mapped[str] = mapped_column(String(32))
    product_version_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("product_versions.id"))
    rule_set_version_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("rule_set_versions.id"))
    status: Mapped[str] = mapped_column(String(32), index=True)  # collecting, waiting_data, quoted, not_quoted, failed
    attempt: Mapped[int] = mapped_column(Integer, default=0)
    stated: Mapped[dict[str, Any]] = mapped_column(SealedJson("estimates.stated"))  # what the customer says they owe
    inputs: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("estimates.inputs"))
    outcome: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("estimates.outcome"))
    digest: Mapped[str | None] = mapped_column(String(64))
    low_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    high_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[Instant]
    quoted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    valid_until: Mapped[date | None] = mapped_column(Date)


class EstimateSource(Base):
    """What one source answered for one estimate; asked again under the same number until it answers."""

    __tablename__ = "estimate_sources"
    __table_args__ = (UniqueConstraint("estimate_id", "source"), UniqueConstraint("query_no"))

    id: Mapped[Id]
    estimate_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("estimates.id"))
    source: Mapped[str] = mapped_column(String(16))
    query_no: Mapped[str] = mapped_column(String(32))
    consent_id: Mapped[UUID | None] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(String(16))  # asked, answered, nothing
    report: Mapped[str | None] = mapped_column(SealedText("estimate_sources.report"))
    asked_at: Mapped[Instant]
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
