"""What an instalment owes on a day, penalty and compound interest included.

Penalty grows by the day on what is unpaid, and what is unpaid changes with every part payment. An instalment therefore
keeps its interest-bearing product (积数): the sum of unpaid fen × days. Penalty is that product × rate ÷ 360, rounded
once whenever somebody asks, so that neither asking nor paying in parts lets it drift.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.engine.daycount import days_between
from app.engine.overdue import days_past_due
from app.engine.rounding import to_fen

PENALTY_YEAR_DAYS = 360  # ACT/360, as `engine.overdue.PenaltyRule` counts


@dataclass(frozen=True)
class LateTerms:
    """What the loan's terms say about being late. `penalty_rate` is the full yearly rate."""

    penalty_rate: Decimal
    grace_days: int
    compound: bool


@dataclass(frozen=True)
class Product:
    """Unpaid principal and unpaid interest × days of one instalment, counted up to a day (None: not begun)."""

    principal_days: int = 0
    interest_days: int = 0
    counted_on: date | None = None


@dataclass(frozen=True)
class Row:
    """What an instalment still owes, in fen."""

    number: int
    due_on: date
    principal_fen: int
    interest_fen: int
    penalty_fen: int = 0
    compound_fen: int = 0

    @property
    def total_fen(self) -> int:
        return self.principal_fen + self.interest_fen + self.penalty_fen + self.compound_fen

    @property
    def is_late_if_unpaid(self) -> bool:
        """Whether principal or interest is unpaid: what days past due count from."""
        return self.principal_fen + self.interest_fen > 0


def dpd(next_due_on: date | None, on: date, terms: LateTerms) -> int:
    """Days past due of a loan whose oldest unpaid instalment fell due on a day; 0 within grace."""
    return days_past_due(next_due_on, on, terms.grace_days) if next_due_on else 0


def late_product(known: Product, row: Row, on: date, terms: LateTerms) -> Product:
    """The product up to a day, if nothing is paid until then; within grace nothing counts, missed it counts from the
    due day, on what is unpaid by then. Source: 银发〔2003〕251号 as `engine.overdue` reads it."""
    if not days_past_due(row.due_on, on, terms.grace_days):
        return known
    since = known.counted_on or row.due_on
    days = max(0, days_between(since, on))
    return Product(
        known.principal_days + row.principal_fen * days,
        known.interest_days + row.interest_fen * days,
        max(since, on),
    )


def penalty_fen(product_days: int, terms: LateTerms) -> int:
    """Product × yearly rate ÷ 360, half-up."""
    return to_fen(product_days * Fraction(terms.penalty_rate) / PENALTY_YEAR_DAYS)
