"""Interest as income: what the days have earned, what was paid, and where the difference stands in the book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.engine.daycount import year_fraction
from app.engine.positions import broken_day_count
from app.engine.rounding import Rounding, to_fen
from app.engine.terms import DayCount

# As `accrue.sql` counts: under ACT/ACT a day is 1/365 or 1/366 of a year.
YEAR_DAYS = {DayCount.THIRTY_360: 360, DayCount.ACT_360: 360, DayCount.ACT_365: 365, DayCount.ACT_ACT: 365 * 366}


@dataclass(frozen=True)
class Period:
    """The interest period that runs: its planned interest, the principal that bears it, all interest planned before."""

    start_on: date
    end_on: date
    principal_fen: int
    interest_fen: int
    before_fen: int
    carried: Decimal = Decimal(0)
    """Interest earned before the period and due with it, after a change of terms: fen × days of the year, exact."""


def accrued_interest(
    period: Period, on: date, annual_rate: Decimal, day_count: DayCount, rounding: Rounding = Rounding.HALF_UP
) -> int:
    """Interest earned up to a day (the day itself not counted), from the beginning of the loan, in whole fen.

    Within a period principal × rate × actual days ÷ year, rounded as the loan rounds, never more than the planned
    interest, which is reached on the period's last day. The year is the loan's; days inside a period of a loan that
    counts whole months (30/360) are actual days over 360, as in `engine.positions` and so in every pay-off quote.
    """
    if on >= period.end_on:
        return period.before_fen + period.interest_fen
    days, year = year_fraction(period.start_on, max(on, period.start_on), broken_day_count(day_count))
    earned = period.principal_fen * Fraction(annual_rate) * Fraction(days, year)
    earned += Fraction(period.carried) / YEAR_DAYS[day_count]
    return period.before_fen + min(period.interest_fen, to_fen(earned, rounding))


def carried_product(carried: Fraction, day_count: DayCount) -> Decimal:
    """Interest in fen as fen × days of the year: a number of at most six decimals, because rates have six."""
    product = carried * YEAR_DAYS[day_count] * 1_000_000
    assert product.denominator == 1, "interest is a sum of fen × rate × days"
    return Decimal(product.numerator).scaleb(-6)


@dataclass(frozen=True)
class Earned:
    """Interest (or penalty) of one loan: accrued by time, received from the customer, in fen.

    A loan that no longer accrues to income (`accruing` false) has as income what was received, and the rest is kept
    off the balance sheet. In every case: received = income + ahead − receivable.

    Of a loan that was written off, `booked_fen` is the income that stays, whatever is received afterwards: that is
    regained (`recoveries`), and what is owed stands off the balance sheet.
    """

    accrued_fen: int
    paid_fen: int
    accruing: bool
    booked_fen: int | None = None

    @property
    def receivable_fen(self) -> int:
        return max(0, self.accrued_fen - self.paid_fen) if self._on_balance else 0

    @property
    def off_balance_fen(self) -> int:
        return 0 if self._on_balance else max(0, self.accrued_fen - self.paid_fen)

    @property
    def ahead_fen(self) -> int:
        """Received before it was earned: a liability."""
        return max(0, self.paid_fen - self.accrued_fen) if self.booked_fen is None else 0

    @property
    def _on_balance(self) -> bool:
        return self.accruing and self.booked_fen is None

    @property
    def income_fen(self) -> int:
        if self.booked_fen is not None:
            return self.booked_fen
        return self.accrued_fen if self.accruing else min(self.accrued_fen, self.paid_fen)


def moves(before: tuple[Earned, Earned], after: tuple[Earned, Earned]) -> dict[str, int]:
    """What a change of (interest, penalty) posts, by the symbols of the ledger's templates, without the cash."""
    found: dict[str, int] = {}
    for kind, old, new in zip(("interest", "penalty"), before, after, strict=True):
        found |= signed(f"{kind}_accrued", f"{kind}_unaccrued", new.income_fen - old.income_fen)
        found |= signed(f"{kind}_ahead", f"{kind}_ahead_used", new.ahead_fen - old.ahead_fen)
    off = sum(one.off_balance_fen for one in after) - sum(one.off_balance_fen for one in before)
    return found | signed("off_balance_in", "off_balance_out", off)


@dataclass(frozen=True)
class Loss:
    """What of a loan was lost for good, and what principal of a loan written off is still claimed; in fen."""

    principal_fen: int
    interest_fen: int
    penalty_fen: int
    claims_fen: int

    @property
    def total_fen(self) -> int:
        return self.principal_fen + self.interest_fen + self.penalty_fen


def losses(before: Loss, after: Loss) -> dict[str, int]:
    """What a change of losses and claims posts, by the symbols of the ledger's templates."""
    found = signed("claims_in", "claims_out", after.claims_fen - before.claims_fen)
    for name in ("principal", "interest", "penalty"):
        change_fen = getattr(after, f"{name}_fen") - getattr(before, f"{name}_fen")
        found |= signed(f"lost_{name}_more", f"lost_{name}_less", change_fen)
    return found


def signed(up: str, down: str, change_fen: int) -> dict[str, int]:
    """A change as two amounts of which one is zero: templates know no negative amounts."""
    return {up: max(0, change_fen), down: max(0, -change_fen)}
