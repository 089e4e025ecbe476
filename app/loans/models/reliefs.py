"""Tables of what the bank gave up of loans: waivers, write-offs, and the rules of the latter."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Fen, Id, Instant


class LoanRelief(Base):
    """A waiver or a write-off that two people decided. `granted` is what they decided; the sums without that word are
    what it gave up, which another history of the loan makes less or more."""

    __tablename__ = "loan_reliefs"
    __table_args__ = (
        CheckConstraint("kind IN ('waiver', 'write_off')", name="kind"),
        CheckConstraint(
            "(kind = 'write_off') = (keeps_accruing IS NOT NULL) AND (kind = 'write_off') = (keeps_line IS NOT NULL)",
            name="policy",
        ),
        CheckConstraint(
            "kind = 'write_off' OR (principal_fen <= granted_principal_fen AND interest_fen <= granted_interest_fen"
            " AND penalty_fen <= granted_penalty_fen AND compound_fen <= granted_compound_fen)",
            name="within",
        ),
        Index("uq_loan_reliefs_write_off", "loan_id", unique=True, postgresql_where=text("kind = 'write_off'")),
    )

    id: Mapped[Id]  # of the decision
    loan_id: Mapped[UUID] = mapped_column(ForeignKey("loans.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    effective_on: Mapped[date]
    booked_at: Mapped[Instant]
    reason_code: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(200))
    actor: Mapped[str] = mapped_column(String(64))
    granted_principal_fen: Mapped[Fen]
    granted_interest_fen: Mapped[Fen]
    granted_penalty_fen: Mapped[Fen]
    granted_compound_fen: Mapped[Fen]
    keeps_accruing: Mapped[bool | None]
    keeps_line: Mapped[bool | None]
    principal_fen: Mapped[Fen]
    interest_fen: Mapped[Fen]
    penalty_fen: Mapped[Fen]
    compound_fen: Mapped[Fen]
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)


class WriteOffRule(Base):
    """When a loan may be written off, and what then becomes of its accrual and its line; from a day on."""

    __tablename__ = "write_off_rules"
    __table_args__ = (UniqueConstraint("effective_from"),)

    id: Mapped[Id]
    effective_from: Mapped[date]
    source: Mapped[str] = mapped_column(Text)
    min_class: Mapped[int] = mapped_column(SmallInteger)
    overdue_above: Mapped[int]
    keeps_accruing: Mapped[bool]
    keeps_line: Mapped[bool]
