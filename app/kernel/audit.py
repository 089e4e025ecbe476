"""The audit trail: who did what to which thing and why; append-only for the application."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel import clock
from app.kernel.db import Base, Id, Instant, Ref


class AuditEntry(Base):
    """One act of one person or program."""

    __tablename__ = "audit_entries"

    id: Mapped[Id]
    actor_kind: Mapped[str] = mapped_column(String(16))  # staff, customer, partner, system
    actor_id: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    subject_kind: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[Ref] = mapped_column(index=True)
    reason: Mapped[str | None] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    request_id: Mapped[str] = mapped_column(String(64))
    occurred_at: Mapped[Instant]


def record(
    session: Session,
    *,
    actor_kind: str,
    actor_id: str,
    action: str,
    subject_kind: str,
    subject_id: UUID,
    reason: str | None = None,
    facts: dict[str, Any] | None = None,
    request_id: str = "",
) -> None:
    """Write one entry in the caller's transaction; `facts` hold no personal data."""
    session.add(
        AuditEntry(
            actor_kind=actor_kind,
            actor_id=actor_id,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            reason=reason,
            facts=facts or {},
            request_id=request_id,
            occurred_at=clock.now(),
        )
    )
