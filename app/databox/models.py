"""Tables of the data box: documents of businesses, and who did what with each."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, LargeBinary, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Id, Instant


class Document(Base):
    """One file of one business. Content and reading are sealed under the business's key; erased ones are NULL."""

    __tablename__ = "documents"
    __table_args__ = (
        Index("ix_documents_enterprise_id_id", "enterprise_id", "id"),
        Index(
            "uq_documents_live",
            "enterprise_id",
            "content_index",
            unique=True,
            postgresql_where=text("status IN ('received', 'to_confirm', 'confirmed')"),
        ),
    )

    id: Mapped[Id]
    enterprise_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("enterprises.id"))
    uploaded_by: Mapped[UUID] = mapped_column(Uuid, ForeignKey("customers.id"))
    content_index: Mapped[str] = mapped_column(String(64))  # keyed hash of the business's bytes
    size_bytes: Mapped[int]
    kind: Mapped[str | None] = mapped_column(String(16))
    media_type: Mapped[str | None] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(16))
    refusal: Mapped[str | None] = mapped_column(String(32))
    refusal_place: Mapped[str | None] = mapped_column(String(32))
    sealed_content: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_reading: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[Instant]
    confirmed_by: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("customers.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class DocumentAccess(Base):
    """One thing that somebody did with a document; only ever added to."""

    __tablename__ = "document_accesses"

    id: Mapped[Id]
    document_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("documents.id"), index=True)
    customer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("customers.id"))
    action: Mapped[str] = mapped_column(String(16))
    occurred_at: Mapped[Instant]
