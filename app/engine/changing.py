"""The rest of a schedule under changed terms: another rate, other due days, a longer term, a restructuring.

Each function takes the plan and where it stands on the day of the change (`positions.position`), and draws up anew
what is not yet due. Interest earned before the day is carried, exact, into the first row after it, so that nothing is
lost or charged twice. New due days are moved off holidays where the loan's terms say so. A plan of which nothing is
left answers as it is.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from .daycount import year_fraction
from .due_dates import Period, add_months, add_periods, is_whole, moved, period_fraction, whole_periods
from .positions import Position, broken_day_count, row_periods
from .redrawing import redraw, remaining_lengths, remaining_terms
from .schedules import Schedule
from .terms import MONTHLY, Every, FirstPeriod, HolidayRule, Method, Terms


@dataclass(frozen=True, slots=True)
class NewTerms:
    """What a restructuring agrees on: rate, method, and the days on which it is paid."""

    annual_rate: Decimal
    method: Method
    due_on: tuple[date, ...]
    every: Every = MONTHLY  # what a whole period is, under 30/360


def at_rate(plan: Schedule, now: Position, annual_rate: Decimal) -> Schedule:
    """Interest to the day at the old rate, from the day at the new one (分段计息)."""
    if not now.balance_fen:
        return plan._replace(terms=replace(plan.terms, annual_rate=annual_rate))
    terms = replace(remaining_terms(plan, now, now.balance_fen), annual_rate=annual_rate)
    return redraw(terms, remaining_lengths(plan, now), now.accrued_exact)


def on_due_day(plan: Schedule, now: Position, anchor_day: int, old_anchor: int) -> Schedule:
    """Each remaining due day moves to the next new anchor day, never to an earlier one; the days in between bear
    interest by actual days. Only instalments counted in months have a due day: others stay as they are."""
    months = plan.terms.every.months
    if not now.balance_fen or not months:
        return plan
    old_due = plan.due_on[now.rows_due]
    terms = remaining_terms(plan, now, now.balance_fen)
    first_due = moved_due_day(_before_holidays(old_due, old_anchor, terms), anchor_day)
    days = [add_months(first_due, months * row, anchor_day) for row in range(terms.instalments)]
    first, *later = _periods([old_due, *days], terms)
    terms = replace(terms, due_on=tuple(period.pays_on for period in (first, *later)))
    old_end = row_periods(plan.terms)[now.rows_due].end_on  # before the old due day where a holiday moved only that
    between = Fraction(*year_fraction(old_end, first.end_on, broken_day_count(terms.day_count)))
    return redraw(terms, (now.period_left + between, *_lengths(later, terms)), now.accrued_exact)


def moved_due_day(old_due: date, anchor_day: int) -> date:
    """The first day on the new anchor that does not come before the old due day."""
    same_month = add_months(old_due, 0, anchor_day)
    return same_month if same_month >= old_due else add_months(old_due, 1, anchor_day)


def extended(plan: Schedule, now: Position, periods: int, anchor_day: int) -> Schedule:
    """More periods after the last one (展期); what is repaid in instalments is spread over all that remain."""
    if not now.balance_fen:
        return plan
    terms, last_due = remaining_terms(plan, now, now.balance_fen), plan.due_on[-1]
    from_on = _before_holidays(last_due, anchor_day, terms)
    days = [add_periods(from_on, terms.every, times, anchor_day) for times in range(periods + 1)]
    lengths, later = remaining_lengths(plan, now), _periods(days, terms)
    added, more = tuple(period.pays_on for period in later), _lengths(later, terms)
    if terms.method is Method.BULLET:
        terms, lengths = replace(terms, due_on=added[-1:]), (lengths[0] + sum(more),)
    else:
        due_on = (*plan.due_on[now.rows_due :], *added)
        terms, lengths = replace(terms, due_on=due_on, instalments=len(due_on)), (*lengths, *more)
    if terms.principal_plan_fen is not None:
        planned = terms.principal_plan_fen
        terms = replace(terms, principal_plan_fen=(*planned[:-1], *(0 for _ in added), planned[-1]))
    return redraw(terms, lengths, now.accrued_exact)


def restructured(plan: Schedule, now: Position, principal_fen: int, new: NewTerms, carried: Fraction) -> Schedule:
    """A principal under new terms from the day on; `carried` is the interest earned before that is still to be paid."""
    days = new.due_on[-1:] if new.method is Method.BULLET else new.due_on
    terms = replace(
        plan.terms,
        principal_fen=principal_fen,
        annual_rate=new.annual_rate,
        method=new.method,
        instalments=len(new.due_on),
        start_on=now.on,
        every=new.every,
        due_on=days,
        anchor_day=None,
        first_period=FirstPeriod.SHORT,
        principal_grace=0,
        interest_grace=0,
        principal_plan_fen=None,
    )
    periods = [moved(one, terms.holidays, first=one.start_on == now.on) for one in whole_periods(terms)]
    terms = replace(terms, due_on=tuple(period.pays_on for period in periods))
    return redraw(terms, tuple(Fraction(*period_fraction(period, terms)) for period in periods), carried)


def _periods(days: list[date], terms: Terms) -> list[Period]:
    """The periods between days on which holidays have done nothing yet, moved as the terms say."""
    plain = [Period(start, end, end, is_whole(start, end, terms.every)) for start, end in pairwise(days)]
    return [moved(period, terms.holidays) for period in plain]


def _lengths(periods: list[Period], terms: Terms) -> list[Fraction]:
    """How long the periods are in years; one period is one period, also for a bullet."""
    single = replace(terms, instalments=1)
    return [Fraction(*period_fraction(period, single)) for period in periods]


def _before_holidays(due_on: date, anchor_day: int, terms: Terms) -> date:
    """The day of the anchor that a due day was before it was moved to a working day, perhaps of the next month."""
    if terms.holidays is HolidayRule.SAME_DAY or not terms.every.months:
        return due_on
    same_month = add_months(due_on, 0, anchor_day)
    return same_month if same_month <= due_on else add_months(due_on, -1, anchor_day)


def due_days_from(first_on: date, count: int, anchor_day: int) -> tuple[date, ...]:
    """Monthly due days of which the first is given; month ends keep the anchor day."""
    return tuple(add_months(first_on, number, anchor_day) for number in range(count))
