"""On which days a loan's instalments fall, and which periods bear their interest."""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from .calendar import next_working_day
from .daycount import days_between, year_fraction
from .errors import ScheduleError
from .terms import DayCount, Every, FirstPeriod, HolidayRule, Method, Terms


class Period(NamedTuple):
    """Interest runs from `start_on` (counted) to `end_on` (not counted) and is paid on `pays_on`.

    A `whole` period has the agreed length. `extra_days` is what holidays added to it (or took from it) where
    interest follows the day of payment.
    """

    start_on: date
    end_on: date
    pays_on: date
    whole: bool = True
    extra_days: int = 0


def add_months(day: date, months: int, anchor_day: int) -> date:
    """The anchor day, `months` after the month of `day`; the last day where the month is too short.

    The anchor survives short months: 31 January, 28 February, 31 March. Raises `schedule.date_out_of_range`.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not 1 <= year <= date.max.year:
        raise ScheduleError("date_out_of_range", "the schedule leaves the calendar", year=year)
    if anchor_day > 28:
        anchor_day = min(anchor_day, monthrange(year, month + 1)[1])
    return date(year, month + 1, anchor_day)


def add_periods(day: date, every: Every, times: int, anchor_day: int) -> date:
    """The due day `times` whole periods after `day`. Raises `schedule.date_out_of_range`."""
    if every.months:
        return add_months(day, every.months * times, anchor_day)
    try:
        return day + timedelta(days=every.days * times)
    except OverflowError:
        raise ScheduleError("date_out_of_range", "the schedule leaves the calendar") from None


def is_whole(start_on: date, end_on: date, every: Every) -> bool:
    """Whether two days are one agreed period apart for some anchor day (31 January to 28 February is a month)."""
    if not every.months:
        return days_between(start_on, end_on) == every.days
    months = (end_on.year - start_on.year) * 12 + end_on.month - start_on.month
    if months != every.months:
        return False
    anchor_day = max(start_on.day, end_on.day)
    return add_months(start_on, 0, anchor_day) == start_on and add_months(start_on, months, anchor_day) == end_on


def first_anchor(start_on: date, anchor_day: int) -> date:
    """The first anchor day after the start."""
    this_month = add_months(start_on, 0, anchor_day)
    return this_month if this_month > start_on else add_months(start_on, 1, anchor_day)


def is_broken_start(terms: Terms) -> bool:
    """Whether the start is not itself an anchor day, so that some days come before the first whole period."""
    if terms.due_on is not None or terms.anchor_day is None or not terms.every.months:
        return False
    return add_months(terms.start_on, 0, terms.anchor_day) != terms.start_on


def whole_periods(terms: Terms) -> tuple[Period, ...]:
    """The interest period of each agreed instalment; with a bullet, the one period of the whole life."""
    starts, dues = _nominal_days(terms)
    if terms.method is Method.BULLET:
        starts, dues = starts[:1], dues[-1:]
    return tuple(_moved(terms, start, due) for start, due in zip(starts, dues, strict=True))


def stub_period(terms: Terms) -> Period | None:
    """The days before the first whole period where they are charged apart (SHORT and MERGED)."""
    if not is_broken_start(terms) or terms.first_period is FirstPeriod.LONG:
        return None
    due_on = first_anchor(terms.start_on, terms.anchor_day or terms.start_on.day)
    return _moved(terms, terms.start_on, due_on)._replace(whole=False)


def stub_is_row(terms: Terms) -> bool:
    """Whether the stub's interest is a row of its own; a bullet has one row only, and the stub's interest in it."""
    return terms.first_period is FirstPeriod.SHORT and terms.method is not Method.BULLET


def due_days(terms: Terms) -> tuple[date, ...]:
    """The day on which each row of the schedule is to be paid."""
    unmoved = terms.holidays is HolidayRule.SAME_DAY or terms.due_on is not None
    if unmoved and terms.method is not Method.BULLET:
        days = tuple(_nominal_days(terms)[1])
    else:
        days = tuple(period.pays_on for period in whole_periods(terms))
    stub = stub_period(terms) if stub_is_row(terms) else None
    return (stub.pays_on, *days) if stub else days


def period_fraction(period: Period, terms: Terms) -> tuple[int, int]:
    """The period's length in years under the terms' day count, as (numerator, denominator)."""
    if terms.day_count is DayCount.THIRTY_360 and period.whole:
        periods = terms.instalments if terms.method is Method.BULLET else 1
        return terms.every.nominal_days * periods + period.extra_days, 360
    return year_fraction(period.start_on, period.end_on, terms.day_count)


def _nominal_days(terms: Terms) -> tuple[list[date], list[date]]:
    """Starts and ends of the periods before holidays move anything."""
    if terms.due_on is not None:
        return [terms.start_on, *terms.due_on[:-1]], list(terms.due_on)
    anchor_day = terms.anchor_day or terms.start_on.day
    if not is_broken_start(terms):
        days = list(_series(terms.start_on, terms.every, terms.instalments, anchor_day))
    else:
        first_on = first_anchor(terms.start_on, anchor_day)
        days = list(_series(first_on, terms.every, terms.instalments, anchor_day))
        if terms.first_period is FirstPeriod.LONG:
            days[0] = terms.start_on
    return days[:-1], days[1:]


@lru_cache(maxsize=1024)
def _series(first_on: date, every: Every, periods: int, anchor_day: int) -> tuple[date, ...]:
    """A day and the due days after it; remembered, because many loans of a day share theirs."""
    return tuple(add_periods(first_on, every, times, anchor_day) for times in range(periods + 1))


def _is_agreed_length(terms: Terms, start_on: date, end_on: date) -> bool:
    every = terms.every
    if terms.method is Method.BULLET:
        every = Every(every.unit, every.count * terms.instalments)
    return is_whole(start_on, end_on, every)


def _moved(terms: Terms, start_on: date, due_on: date) -> Period:
    """The period after holidays have moved its due day; days that were given are what they are."""
    period = Period(start_on, due_on, due_on, _is_agreed_length(terms, start_on, due_on))
    if terms.due_on is not None:
        return period
    return moved(period, terms.holidays, first=start_on == terms.start_on)


def moved(period: Period, rule: HolidayRule, *, first: bool = False) -> Period:
    """A period whose due day is moved off holidays, and with it the interest where the rule says so; the day on which
    the `first` one starts is no due day. Raises `calendar.year_unknown`."""
    if rule is HolidayRule.SAME_DAY:
        return period
    start_on, due_on = period.start_on, period.end_on
    pays_on = next_working_day(due_on)
    if rule is HolidayRule.NEXT_WORKING_DAY:
        return period._replace(pays_on=pays_on)
    moved_start = start_on if first else next_working_day(start_on)
    extra_days = days_between(due_on, pays_on) - days_between(start_on, moved_start)
    return Period(moved_start, pays_on, pays_on, period.whole, extra_days)
