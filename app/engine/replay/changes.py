"""What a change of terms does to a loan: another rate, other due days, a longer term, a restructuring."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from ..allocation import Bucket
from ..daycount import year_fraction
from ..due_dates import Period, add_months, add_periods, is_whole, period_fraction, whole_periods
from ..positions import Position, broken_day_count, position
from ..redrawing import redraw, remaining_lengths, remaining_terms
from ..rounding import to_fen
from ..terms import FirstPeriod, HolidayRule, Method, Terms
from .events import CostCharged, DueDayChanged, Extended, MisuseEnded, MisuseFound, RateChanged, Restructured
from .payments import charge
from .state import LoanState


def rate_changed(state: LoanState, event: RateChanged) -> None:
    """Interest to the day at the old rate, from the day at the new one (分段计息); the rest is drawn up anew."""
    if not state.not_due_fen:
        state.plan = state.plan._replace(terms=replace(state.plan.terms, annual_rate=event.annual_rate))
        return
    now = _now(state)
    terms = replace(remaining_terms(state.plan, now, state.not_due_fen), annual_rate=event.annual_rate)
    state.replace_plan(redraw(terms, remaining_lengths(state.plan, now), now.accrued_exact))


def due_day_changed(state: LoanState, event: DueDayChanged) -> None:
    """Each remaining due day moves to the next new anchor day; the days in between bear interest."""
    months = state.plan.terms.every.months
    if not state.not_due_fen or not months:
        return
    now = _now(state)
    state.anchor_day = event.anchor_day
    old_due = state.plan.due_on[now.rows_due]
    first_due = add_months(old_due, 0, event.anchor_day)
    if first_due < old_due:
        first_due = add_months(old_due, 1, event.anchor_day)
    terms = remaining_terms(state.plan, now, state.not_due_fen)
    due_on = tuple(add_months(first_due, months * row, event.anchor_day) for row in range(terms.instalments))
    terms = replace(terms, due_on=due_on)
    moved = Fraction(*year_fraction(old_due, first_due, broken_day_count(terms.day_count)))
    lengths = (now.period_left + moved, *_lengths_between(terms))
    state.replace_plan(redraw(terms, lengths, now.accrued_exact))


def extended(state: LoanState, event: Extended) -> None:
    """More periods after the last one; what is repaid in instalments is spread over all that remain."""
    if not state.not_due_fen:
        return
    now = _now(state)
    terms, every = remaining_terms(state.plan, now, state.not_due_fen), state.plan.terms.every
    last_due = state.plan.due_on[-1]
    added = tuple(add_periods(last_due, every, times, state.anchor_day) for times in range(1, event.periods + 1))
    lengths = remaining_lengths(state.plan, now)
    more = _lengths_between(replace(terms, due_on=(last_due, *added)))
    if terms.method is Method.BULLET:
        terms, lengths = replace(terms, due_on=added[-1:]), (lengths[0] + sum(more),)
    else:
        due_on = (*state.plan.due_on[now.rows_due :], *added)
        terms, lengths = replace(terms, due_on=due_on, instalments=len(due_on)), (*lengths, *more)
    if terms.principal_plan_fen is not None:
        plan = terms.principal_plan_fen
        terms = replace(terms, principal_plan_fen=(*plan[:-1], *(0 for _ in added), plan[-1]))
    state.extensions += 1
    state.replace_plan(redraw(terms, lengths, now.accrued_exact))


def restructured(state: LoanState, event: Restructured) -> None:
    """Unpaid principal goes back into the loan, with what is capitalised, under new terms from today."""
    now = _now(state)
    back_fen = _take_out(state, (Bucket.PRINCIPAL,))
    added_fen, carried = 0, now.accrued_exact
    if event.capitalise:
        added_fen = _take_out(state, (Bucket.INTEREST, Bucket.COMPOUND_INTEREST, Bucket.PENALTY_INTEREST))
        added_fen, carried = added_fen + to_fen(carried), Fraction(0)
    principal_fen = state.not_due_fen + back_fen + added_fen
    if not principal_fen:
        return
    terms = replace(
        state.plan.terms,
        principal_fen=principal_fen,
        annual_rate=event.annual_rate,
        method=event.method,
        instalments=len(event.due_on),
        start_on=state.on,
        due_on=event.due_on[-1:] if event.method is Method.BULLET else event.due_on,
        anchor_day=None,
        first_period=FirstPeriod.SHORT,
        holidays=HolidayRule.SAME_DAY,
        principal_grace=0,
        interest_grace=0,
        principal_plan_fen=None,
    )
    lengths = tuple(Fraction(*period_fraction(period, terms)) for period in whole_periods(terms))
    state.capitalised_fen += added_fen
    state.restructured_on = state.on
    state.replace_plan(redraw(terms, lengths, carried))


def cost_charged(state: LoanState, event: CostCharged) -> None:
    """A cost outside the schedule is owed."""
    charge(state, event.amount_fen)


def misuse_found(state: LoanState, _event: MisuseFound) -> None:
    """The misuse rate holds from today."""
    state.misused = True


def misuse_ended(state: LoanState, _event: MisuseEnded) -> None:
    """The misuse rate holds no longer."""
    state.misused = False


def _now(state: LoanState) -> Position:
    return position(state.plan, state.on, state.billed_fen())


def _lengths_between(terms: Terms) -> list[Fraction]:
    """The lengths of the periods between the given due days."""
    due_on = terms.due_on or ()
    return [
        Fraction(*period_fraction(Period(start, end, end, is_whole(start, end, terms.every)), _single(terms)))
        for start, end in pairwise(due_on)
    ]


def _single(terms: Terms) -> Terms:
    """The same terms where one period is one period, also for a bullet."""
    return replace(terms, instalments=1)


def _take_out(state: LoanState, buckets: tuple[Bucket, ...]) -> int:
    """Remove what is owed in some buckets from all bills."""
    taken_fen = 0
    for bill in state.bills:
        for bucket in buckets:
            owed_fen = bill.owed(bucket)
            taken_fen += owed_fen
            bill.settle(bucket, owed_fen)
    return taken_fen
