"""What each period of a loan costs per fen of balance, as integers over one common denominator."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm
from typing import NamedTuple

from .due_dates import is_broken_start, period_fraction, whole_periods
from .terms import DayCount, FirstPeriod, HolidayRule, Method, Terms


class PeriodInterest(NamedTuple):
    """Interest of period k on a balance is balance × numerators[k] ÷ denominator; `uniform` says all are the same."""

    numerators: tuple[int, ...]
    denominator: int
    uniform: bool


def of_terms(terms: Terms) -> PeriodInterest:
    """The interest of each whole period (and of LONG's first) under the terms. Raises `schedule.date_out_of_range`."""
    if has_uniform_periods(terms):
        last_year = terms.start_on.year + (terms.start_on.month + terms.every.months * terms.instalments) // 12
        if last_year < 9999:
            return _uniform(terms.annual_rate, terms.every.nominal_days, terms.instalments)
    shares = [scaled(terms.annual_rate, period_fraction(period, terms)) for period in whole_periods(terms)]
    common = lcm(*(denominator for _, denominator in shares))
    numerators = tuple(numerator * (common // denominator) for numerator, denominator in shares)
    return PeriodInterest(numerators, common, len(set(numerators)) == 1)


def of_shares(shares: Sequence[Fraction]) -> PeriodInterest:
    """The interest of periods given as exact shares of the balance."""
    common = lcm(*(part.denominator for part in shares))
    numerators = tuple(part.numerator * (common // part.denominator) for part in shares)
    return PeriodInterest(numerators, common, len(set(numerators)) == 1)


def has_uniform_periods(terms: Terms) -> bool:
    """Whether every period bears the same interest without looking at a calendar: whole months under 30/360."""
    return (
        terms.day_count is DayCount.THIRTY_360
        and terms.every.months > 0
        and terms.due_on is None
        and terms.method is not Method.BULLET
        and terms.holidays is not HolidayRule.NEXT_WORKING_DAY_WITH_INTEREST
        and not (terms.first_period is FirstPeriod.LONG and is_broken_start(terms))
    )


def scaled(annual_rate: Decimal, fraction: tuple[int, int]) -> tuple[int, int]:
    """rate × fraction of a year in lowest terms."""
    rate_numerator, rate_denominator = annual_rate.as_integer_ratio()
    numerator, denominator = rate_numerator * fraction[0], rate_denominator * fraction[1]
    divisor = gcd(numerator, denominator)
    return numerator // divisor, denominator // divisor


@lru_cache(maxsize=4096)
def _uniform(annual_rate: Decimal, nominal_days: int, periods: int) -> PeriodInterest:
    numerator, denominator = scaled(annual_rate, (nominal_days, 360))
    return PeriodInterest((numerator,) * periods, denominator, True)
