"""Tables of changes of live loans and of the dated rules for them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Id, Instant


class LoanChange(Base):
    """One change of a loan's terms, for good: what was agreed, where the loan stood before and after, and who agreed.

    People change a loan once a day at most; on that day it may be repriced as well. Only added to: what a change has
    done is undone by another one.
    """

    __tablename__ = "loan_changes"
    __table_args__ = (
        Index(
            "uq_loan_changes_agreed", "loan_id", "effective_on", unique=True,
            postgresql_where=text("kind <> 'repricing'"),
        ),
        Index(
            "uq_loan_changes_repriced", "loan_id", "effective_on", unique=True,
            postgresql_where=text("kind = 'repricing'"),
        ),
        CheckConstraint(
            "kind IN ('rate_change', 'repricing', 'due_day_change', 'extension', 'restructuring')", name="kind"
        ),
        CheckConstraint("proposed_by <> approved_by OR kind = 'repricing'", name="four_eyes"),
    )

    id: Mapped[Id]
    loan_id: Mapped[UUID] = mapped_column(ForeignKey("loans.id"))
    kind: Mapped[str] = mapped_column(String(24))
    effective_on: Mapped[date]
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    journal_keys: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(200))
    proposed_by: Mapped[str] = mapped_column(String(64))
    approved_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[Instant]


class LoanChangeRule(Base):
    """What a regulator or the bank says about changes, with the day from which it holds; floors are classes 1 to 5."""

    __tablename__ = "loan_change_rules"
    __table_args__ = (UniqueConstraint("effective_from"),)

    id: Mapped[Id]
    effective_from: Mapped[date]
    source: Mapped[str] = mapped_column(Text)
    extensions_most: Mapped[int]
    short_months: Mapped[int]  # loans agreed for at most so long …
    short_percent: Mapped[int]  # … are extended by at most this part of the agreed term
    medium_months: Mapped[int]
    medium_percent: Mapped[int]
    long_most_months: Mapped[int]
    extended_floor: Mapped[int] = mapped_column(SmallInteger)
    extended_months: Mapped[int]
    restructured_floor: Mapped[int] = mapped_column(SmallInteger)
    restructured_bad_floor: Mapped[int] = mapped_column(SmallInteger)
    restructured_months: Mapped[int]
    restructured_periods: Mapped[int]
