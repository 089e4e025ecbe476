"""What is agreed about a loan, and the shape of one row of its schedule."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from .rounding import Rounding


class Method(StrEnum):
    """How principal comes back."""

    EQUAL_INSTALMENT = "equal_instalment"
    EQUAL_PRINCIPAL = "equal_principal"
    INTEREST_ONLY = "interest_only"
    BULLET = "bullet"
    FLAT = "flat"
    CUSTOM = "custom"


class DayCount(StrEnum):
    """How the length of a period in years is measured; see `daycount`."""

    THIRTY_360 = "30/360"
    ACT_360 = "act/360"
    ACT_365 = "act/365"
    ACT_ACT = "act/act"


class Unit(StrEnum):
    """What a period is counted in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS_IN = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}
DAYS_IN = {Unit.DAY: 1, Unit.WEEK: 7}


class FirstPeriod(StrEnum):
    """What happens to the days between the start and the first anchor day.

    SHORT: their interest is a row of its own on the first anchor day, before the agreed number of instalments.
    MERGED: their interest is added to the first whole instalment. LONG: there is no due day on the first anchor day;
    the first instalment covers these days and a whole period together, by actual days.
    """

    SHORT = "short"
    LONG = "long"
    MERGED = "merged"


class HolidayRule(StrEnum):
    """What happens to a due day on which banks are closed."""

    SAME_DAY = "same_day"
    NEXT_WORKING_DAY = "next_working_day"
    NEXT_WORKING_DAY_WITH_INTEREST = "next_working_day_with_interest"


@dataclass(frozen=True, slots=True)
class Every:
    """The length of a whole period, such as every 1 month."""

    unit: Unit = Unit.MONTH
    count: int = 1

    @property
    def months(self) -> int:
        """Calendar months in the period, or 0 when it is counted in days."""
        return self.count * MONTHS_IN.get(self.unit, 0)

    @property
    def days(self) -> int:
        """Days in the period, or 0 when it is counted in months."""
        return self.count * DAYS_IN.get(self.unit, 0)

    @property
    def nominal_days(self) -> int:
        """Days under 30/360: 30 a month, 7 a week."""
        return self.months * 30 or self.days

    @property
    def periods_a_year(self) -> Decimal:
        """12 ÷ months, 52 ÷ weeks, 365 ÷ days: what an IRR of one period is multiplied by."""
        if self.months:
            return Decimal(12) / self.months
        return Decimal(52) / self.count if self.unit is Unit.WEEK else Decimal(365) / self.count


MONTHLY = Every()


class FeeAt(StrEnum):
    """When a fee is taken."""

    START = "start"
    INSTALMENT = "instalment"


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee taken once at the start or again with each instalment."""

    at: FeeAt
    amount_fen: int


@dataclass(frozen=True)
class Terms:
    """Everything a schedule depends on; checked by `schedules.schedule`, not here.

    `due_on` overrides the generated due days. `anchor_day` is the day of the month on which instalments fall
    (default: the day of `start_on`); a month without that day uses its last day and the anchor stays.
    `principal_plan_fen` belongs to the custom method: the principal of each instalment. `holidays` moves generated due
    days; given ones are what they are. `instalment_step_fen` is what the level instalment, or the level principal, is
    rounded to (100: whole yuan); the last instalment takes the rest.
    """

    principal_fen: int
    annual_rate: Decimal
    method: Method
    instalments: int
    start_on: date
    every: Every = MONTHLY
    due_on: tuple[date, ...] | None = None
    day_count: DayCount = DayCount.THIRTY_360
    rounding: Rounding = Rounding.HALF_UP
    smoothing: bool = False
    fees: tuple[Fee, ...] = ()
    anchor_day: int | None = None
    first_period: FirstPeriod = FirstPeriod.SHORT
    holidays: HolidayRule = HolidayRule.SAME_DAY
    principal_plan_fen: tuple[int, ...] | None = None
    principal_grace: int = 0
    interest_grace: int = 0
    instalment_step_fen: int = 1

    @property
    def start_fee_fen(self) -> int:
        """Fees taken from the money at the start."""
        return sum(fee.amount_fen for fee in self.fees if fee.at is FeeAt.START)

    @property
    def instalment_fee_fen(self) -> int:
        """Fees taken with each instalment."""
        return sum(fee.amount_fen for fee in self.fees if fee.at is FeeAt.INSTALMENT)


class Instalment(NamedTuple):
    """One row of a schedule; `payment_fen` includes the row's fee, `balance_fen` is what is left after it."""

    number: int
    due_on: date
    principal_fen: int
    interest_fen: int
    fee_fen: int
    payment_fen: int
    balance_fen: int
