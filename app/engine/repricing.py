"""Loans priced on the loan prime rate: the contract rate, and the days on which it follows the LPR."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from .checks import check_rate, is_integer
from .due_dates import add_months, add_periods
from .errors import ScheduleError
from .terms import Every

BENCHMARKS = ("lpr_1y", "lpr_5y")
ONE_YEAR_UP_TO_MONTHS = 60  # for longer loans the LPR "over five years" is quoted
PUBLISHED_DAY = 20


class RepricedOn(StrEnum):
    """Once a year: on the first of January, or on the day of the year on which the loan began."""

    JANUARY = "january"
    ANNIVERSARY = "anniversary"


@dataclass(frozen=True, slots=True)
class Floating:
    """A rate that follows a benchmark: benchmark + spread, set anew once a year. A spread below 0 is a discount."""

    benchmark: str
    spread_bps: int
    on: RepricedOn

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> "Floating":
        """What a contract says. Raises ValueError for what is no floating rate."""
        if raw["benchmark"] not in BENCHMARKS:
            raise ValueError(f"benchmark, one of {', '.join(BENCHMARKS)}")
        if not is_integer(raw["spread_bps"]):
            raise ValueError("spread_bps, whole basis points")
        return cls(raw["benchmark"], raw["spread_bps"], RepricedOn(raw["on"]))

    def next_day(self, start_on: date, after: date) -> date:
        """The first repricing day after a day. An anniversary keeps the day of the month: 29 February is 28 in most
        years and 29 again in leap years."""
        if self.on is RepricedOn.JANUARY:
            return date(after.year + 1, 1, 1)
        years = max(1, after.year - start_on.year)
        day = add_months(start_on, 12 * years, start_on.day)
        return day if day > after else add_months(start_on, 12 * (years + 1), start_on.day)


def benchmark_for(term_months: int) -> str:
    """The LPR that goes with a loan's term: one year, or over five years."""
    return "lpr_1y" if term_months <= ONE_YEAR_UP_TO_MONTHS else "lpr_5y"


def published_before(day: date, works: Callable[[date], bool]) -> date:
    """The last day before `day` on which the LPR is published: each month's 20th, or the next working day.

    Source: the National Interbank Funding Centre's calendar since August 2019 (from memory, unverified).
    """
    this_month = _published_in(day, works)
    return this_month if this_month < day else _published_in(day.replace(day=1) - timedelta(days=1), works)


def _published_in(month: date, works: Callable[[date], bool]) -> date:
    day = month.replace(day=PUBLISHED_DAY)
    while not works(day):
        day += timedelta(days=1)
    return day


@dataclass(frozen=True, slots=True)
class LprQuote:
    """An LPR as published: its tenor in years, the rate and the day from which it holds."""

    tenor_years: int
    published_on: date
    rate: Decimal


def lpr_on(quotes: Sequence[LprQuote], tenor_years: int, day: date) -> Decimal:
    """The LPR last published on or before a day. Raises `schedule.lpr_unknown`."""
    known = [quote for quote in quotes if quote.tenor_years == tenor_years and quote.published_on <= day]
    if not known:
        raise ScheduleError("lpr_unknown", "no LPR of this tenor had been published by that day")
    return max(known, key=lambda quote: quote.published_on).rate


def contract_rate(lpr: Decimal, margin_bp: int, floor: Decimal = Decimal(0), ceiling: Decimal = Decimal(1)) -> Decimal:
    """LPR plus the margin in basis points that the contract fixes, within floor and ceiling. Raises as `check_rate`."""
    rate = min(max(lpr + Decimal(margin_bp) / 10_000, floor), ceiling)
    check_rate(rate)
    return rate


def repricing_days(first_on: date, every: Every, until: date) -> tuple[date, ...]:
    """The days on which the rate is set anew, up to and including `until`; month ends keep their anchor day."""
    days: list[date] = []
    day = first_on
    while day <= until:
        days.append(day)
        day = add_periods(first_on, every, len(days), first_on.day)
    return tuple(days)
