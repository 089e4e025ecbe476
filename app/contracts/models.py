"""Tables of contracts: versioned texts, cost sheets as shown, contracts with their documents and evidence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Date, DateTime, ForeignKey, Index, Integer, String, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.crypto import SealedText
from app.kernel.db import Base, Id, Instant, Ref


class DocumentText(Base):
    """The text of one kind of document, in one version; append-only."""

    __tablename__ = "document_texts"
    __table_args__ = (UniqueConstraint("kind", "version", "locale"),)

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(32))
    version: Mapped[str] = mapped_column(String(16))
    locale: Mapped[str] = mapped_column(String(8))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    effective_from: Mapped[date] = mapped_column(Date)
    effective_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)


class CostSheet(Base):
    """One sheet as it was shown; `terms_sha256` finds the sheet again when the same terms are asked for."""

    __tablename__ = "cost_sheets"
    __table_args__ = (
        UniqueConstraint("number"),
        Index(
            "uq_cost_sheets_application_id",
            "application_id",
            unique=True,
            postgresql_where=text("status <> 'superseded'"),
        ),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(24))
    application_id: Mapped[Ref] = mapped_column(index=True)
    customer_id: Mapped[Ref]
    status: Mapped[str] = mapped_column(String(32))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    terms_sha256: Mapped[str] = mapped_column(String(64))
    min_reading_s: Mapped[int] = mapped_column(Integer)
    shown_at: Mapped[Instant]
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Contract(Base):
    """One contract. The documents are sealed at rest and loaded only when asked for."""

    __tablename__ = "contracts"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("uq_contracts_application_id", "application_id", unique=True, postgresql_where=text("status <> 'void'")),
        Index(
            "ix_contracts_document_sha256", "document_sha256", postgresql_where=text("document_sha256 IS NOT NULL")
        ),
        Index("ix_contracts_sealed_sha256", "sealed_sha256", postgresql_where=text("sealed_sha256 IS NOT NULL")),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(24))
    application_id: Mapped[Ref] = mapped_column(index=True)
    customer_id: Mapped[Ref]
    cost_sheet_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cost_sheets.id"))
    document_text_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("document_texts.id"))
    status: Mapped[str] = mapped_column(String(32))
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    content: Mapped[str] = mapped_column(SealedText("contracts.content"), deferred=True)
    document: Mapped[str | None] = mapped_column(Text, deferred=True)
    document_sha256: Mapped[str | None] = mapped_column(String(64))
    sealed_document: Mapped[str | None] = mapped_column(Text, deferred=True)
    sealed_sha256: Mapped[str | None] = mapped_column(String(64))
    evidence: Mapped[str | None] = mapped_column(SealedText("contracts.evidence"), deferred=True)
    evidence_sha256: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[Instant]
    presented_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    read_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    signed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sealed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
