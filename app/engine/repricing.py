"""Loans priced on the loan prime rate: the contract rate, and the days on which it follows the LPR."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .checks import check_rate
from .due_dates import add_periods
from .errors import ScheduleError
from .terms import Every


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
