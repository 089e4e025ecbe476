"""The rest of a schedule under changed terms: another rate, other due days, a longer term, a restructuring.

Each function takes the plan and where it stands on the day of the change (`positions.position`), and draws up anew
what is not yet due. Interest earned before the day is carried, exact, into the first row after it, so that nothing is
lost or charged twice. A plan of which nothing is left answers as it is.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from .daycount import year_fraction
from .due_dates import Period, add_months, add_periods, is_whole, period_fraction, whole_periods
from .positions import Position, broken_day_count
from .redrawing import redraw, remaining_lengths, remaining_terms
from .schedules import Schedule
from .terms import FirstPeriod, HolidayRule, Method, Terms


@dataclass(frozen=True, slots=True)
class NewTerms:
    """What a restructuring agrees on: rate, method, and the days on which it is paid."""

    annual_rate: Decimal
    method: Method
    due_on: tuple[date, ...]


def at_rate(plan: Schedule, now: Position, annual_rate: Decimal) -> Schedule:
    """Interest to the day at the old rate, from the day at the new one (分段计息)."""
    if not now.balance_fen:
        return plan._replace(terms=replace(plan.terms, annual_rate=annual_rate))
    terms = replace(remaining_terms(plan, now, now.balance_fen), annual_rate=annual_rate)
    return redraw(terms, remaining_lengths(plan, now), now.accrued_exact)


def on_due_day(plan: Schedule, now: Position, anchor_day: int) -> Schedule:
    """Each remaining due day moves to the next new anchor day, never to an earlier one; the days in between bear
    interest by actual days. Only instalments counted in months have a due day: others stay as they are."""
    months = plan.terms.every.months
    if not now.balance_fen or not months:
        return plan
    old_due = plan.due_on[now.rows_due]
    first_due = moved_due_day(old_due, anchor_day)
    terms = remaining_terms(plan, now, now.balance_fen)
    due_on = tuple(add_months(first_due, months * row, anchor_day) for row in range(terms.instalments))
    terms = replace(terms, due_on=due_on)
    moved = Fraction(*year_fraction(old_due, first_due, broken_day_count(terms.day_count)))
    return redraw(terms, (now.period_left + moved, *_lengths_between(terms)), now.accrued_exact)


def moved_due_day(old_due: date, anchor_day: int) -> date:
    """The first day on the new anchor that does not come before the old due day."""
    same_month = add_months(old_due, 0, anchor_day)
    return same_month if same_month >= old_due else add_months(old_due, 1, anchor_day)


def extended(plan: Schedule, now: Position, periods: int, anchor_day: int) -> Schedule:
    """More periods after the last one (展期); what is repaid in instalments is spread over all that remain."""
    if not now.balance_fen:
        return plan
    terms, last_due = remaining_terms(plan, now, now.balance_fen), plan.due_on[-1]
    added = tuple(add_periods(last_due, plan.terms.every, times, anchor_day) for times in range(1, periods + 1))
    lengths = remaining_lengths(plan, now)
    more = _lengths_between(replace(terms, due_on=(last_due, *added)))
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
    terms = replace(
        plan.terms,
        principal_fen=principal_fen,
        annual_rate=new.annual_rate,
        method=new.method,
        instalments=len(new.due_on),
        start_on=now.on,
        due_on=new.due_on[-1:] if new.method is Method.BULLET else new.due_on,
        anchor_day=None,
        first_period=FirstPeriod.SHORT,
        holidays=HolidayRule.SAME_DAY,
        principal_grace=0,
        interest_grace=0,
        principal_plan_fen=None,
    )
    return redraw(terms, tuple(Fraction(*period_fraction(period, terms)) for period in whole_periods(terms)), carried)


def _lengths_between(terms: Terms) -> list[Fraction]:
    """The lengths of the periods between the given due days; one period is one period, also for a bullet."""
    single, due_on = replace(terms, instalments=1), terms.due_on or ()
    return [_length(start, end, single) for start, end in pairwise(due_on)]


def _length(start: date, end: date, terms: Terms) -> Fraction:
    return Fraction(*period_fraction(Period(start, end, end, is_whole(start, end, terms.every)), terms))


def due_days_from(first_on: date, count: int, anchor_day: int) -> tuple[date, ...]:
    """Monthly due days of which the first is given; month ends keep the anchor day."""
    return tuple(add_months(first_on, number, anchor_day) for number in range(count))
