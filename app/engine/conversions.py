"""Daily, monthly and flat rates turned into yearly ones, so that no small number hides a large one."""

from datetime import date
from decimal import Decimal

from .costs import AllInCost, all_in_cost, yearly_from_periodic
from .errors import CostError
from .schedules import schedule
from .terms import Every, Method, Terms, Unit


def yearly_from_daily(daily_rate: Decimal, days_a_year: int = 360) -> Decimal:
    """daily × 360 (the day count of interest) or × 365: 0.02 % a day is 7.2 % or 7.3 % a year."""
    if days_a_year not in (360, 365):
        raise CostError("days_a_year_unknown", "a year has 360 or 365 days here")
    return daily_rate * days_a_year


def daily_from_yearly(annual_rate: Decimal, days_a_year: int = 360) -> Decimal:
    """yearly ÷ 360 or ÷ 365."""
    if days_a_year not in (360, 365):
        raise CostError("days_a_year_unknown", "a year has 360 or 365 days here")
    return annual_rate / days_a_year


def yearly_from_monthly(monthly_rate: Decimal) -> AllInCost:
    """monthly × 12, and (1 + monthly)^12 − 1."""
    return yearly_from_periodic(monthly_rate, Decimal(12))


def monthly_from_yearly(annual_rate: Decimal) -> Decimal:
    """yearly ÷ 12."""
    return annual_rate / 12


def yearly_from_flat(flat_annual_rate: Decimal, instalments: int, every: Every | None = None) -> AllInCost:
    """The true yearly cost of interest charged on the original principal for the whole life.

    Worked out on one hundred million yuan's worth of fen, so that rounding does not show: 6 % flat over 12 months is
    10.8963 %.
    """
    terms = Terms(
        principal_fen=10**12,
        annual_rate=flat_annual_rate,
        method=Method.FLAT,
        instalments=instalments,
        start_on=date(2001, 1, 1),
        every=every or Every(Unit.MONTH, 1),
    )
    return all_in_cost(schedule(terms))
