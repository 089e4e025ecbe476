"""How long a period is in years, as an exact fraction of integers."""

from calendar import isleap
from datetime import date

from .terms import DayCount


def days_between(start_on: date, end_on: date) -> int:
    """Days that bear interest: the day of drawing counts, the day of repayment does not (算头不算尾)."""
    return end_on.toordinal() - start_on.toordinal()


def year_fraction(start_on: date, end_on: date, day_count: DayCount) -> tuple[int, int]:
    """Actual days over the convention's year, as (numerator, denominator).

    30/360 measures only whole periods in nominal days (`due_dates.Period`); the days of a broken period are
    actual days over 360, so here it equals ACT/360.
    """
    if day_count is DayCount.ACT_ACT:
        return _actual_actual(start_on, end_on)
    return days_between(start_on, end_on), 365 if day_count is DayCount.ACT_365 else 360


def _actual_actual(start_on: date, end_on: date) -> tuple[int, int]:
    """Each calendar year's days over that year's own length; a period is split after 31 December.

    The days up to and including 31 December belong to the old year, counted as differences of dates, so the first
    of January's night is the new year's. This is how the published cases in the tests count.
    """
    days = {365: 0, 366: 0}
    for year in range(start_on.year, end_on.year + 1):
        split_on = min(end_on, date(year, 12, 31))
        days[366 if isleap(year) else 365] += days_between(start_on, split_on)
        start_on = split_on
    return days[365] * 366 + days[366] * 365, 365 * 366
