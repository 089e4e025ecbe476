"""Products, rules and regulated numbers as dated rows, and the proposals by which they change."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
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

from app.kernel.db import Base, Id, Instant


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
    proposal_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("catalogue_proposals.id"))  # none: the first ones


class RuleSetVersion(Base):
    """What decides from one day on; with a share below 10000 it is a challenger of what decides otherwise."""

    __tablename__ = "rule_set_versions"
    __table_args__ = (
        UniqueConstraint("version"),
        CheckConstraint("share_bps BETWEEN 1 AND 10000", name="share"),
        Index(
            "uq_rule_set_versions_champion",
            "product_code",
            "effective_from",
            unique=True,
            postgresql_where=text("share_bps = 10000"),
        ),
    )

    id: Mapped[Id]
    product_code: Mapped[str] = mapped_column(String(32))
    version: Mapped[str] = mapped_column(String(16))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    effective_from: Mapped[date] = mapped_column(Date)
    effective_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)
    share_bps: Mapped[int] = mapped_column(Integer, default=10_000)
    proposal_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("catalogue_proposals.id"))  # none: the first one


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


class CatalogueProposal(Base):
    """A version of a product or of rules that one person proposed and another decides on."""

    __tablename__ = "catalogue_proposals"
    __table_args__ = (
        CheckConstraint("kind IN ('product', 'rules')", name="kind"),
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="four_eyes"),
        CheckConstraint("(status = 'proposed') = (decided_by IS NULL)", name="decided"),
        CheckConstraint("share_bps BETWEEN 1 AND 10000", name="share"),
        Index(
            "uq_catalogue_proposals_version",
            "kind",
            "product_code",
            "version",
            unique=True,
            postgresql_where=text("status <> 'rejected'"),
        ),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(8))
    product_code: Mapped[str] = mapped_column(String(32))
    version: Mapped[str] = mapped_column(String(16))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    effective_from: Mapped[date] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)
    share_bps: Mapped[int] = mapped_column(Integer, default=10_000)
    status: Mapped[str] = mapped_column(String(32))  # proposed, approved, rejected
    proposed_by: Mapped[str] = mapped_column(String(64))
    proposed_at: Mapped[Instant]
    what_if: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # counts only
    what_if_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    note: Mapped[str | None] = mapped_column(Text)
