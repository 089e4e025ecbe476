"""Schedules: the worked numbers of Chinese practice, a decimal oracle, and what must hold for any terms."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.errors import CalendarError, ScheduleError
from app.engine.rounding import Rounding
from app.engine.schedules import Schedule, revolving_interest, schedule, simple_interest
from app.engine.terms import DayCount, Every, Fee, FeeAt, FirstPeriod, HolidayRule, Method, Terms, Unit

from .published import fen, vectors

TERMS = Terms(10_000_000, Decimal("0.06"), Method.EQUAL_INSTALMENT, 12, date(2026, 1, 15))


def table(plan: Schedule) -> list[list[Any]]:
    return [
        [row.number, row.payment_fen, row.principal_fen, row.interest_fen, row.balance_fen] for row in plan.instalments
    ]


@pytest.mark.parametrize(
    ("name", "method"),
    [("epi_100000_6pct_12", Method.EQUAL_INSTALMENT), ("ep_100000_6pct_12", Method.EQUAL_PRINCIPAL)],
)
def test_worked_tables(name: str, method: Method) -> None:
    expected = [[row[0], *map(fen, row[1:])] for row in vectors()[name]]
    assert table(schedule(replace(TERMS, method=method))) == expected


def test_interest_only_by_months_and_by_days() -> None:
    by_month = schedule(replace(TERMS, method=Method.INTEREST_ONLY))
    assert by_month.interests_fen == [50_000] * 12
    by_day = schedule(
        replace(TERMS, method=Method.INTEREST_ONLY, day_count=DayCount.ACT_360, start_on=date(2026, 1, 31))
    )
    assert list(by_day.interests_fen[:3]) == [46_667, 51_667, 50_000]
    assert by_day.total_interest_fen == 608_336
    assert [row.due_on for row in by_day.instalments[:3]] == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_bullet_by_days_and_by_months() -> None:
    terms = replace(TERMS, method=Method.BULLET, instalments=6)
    by_day = schedule(replace(terms, day_count=DayCount.ACT_360))
    assert [(row.due_on, row.interest_fen) for row in by_day.instalments] == [
        (date(2026, 7, 15), fen(vectors()["bullet_181d"]))
    ]
    assert schedule(terms).total_interest_fen == 300_000


def test_revolving_interest_is_rounded_once() -> None:
    steps = [(date(2026, 3, 1), 5_000_000), (date(2026, 3, 9), 8_000_000), (date(2026, 3, 19), 6_000_000)]
    assert revolving_interest(steps, Decimal("0.054"), date(2026, 3, 31)) == fen(vectors()["revolving_5.4pct"])
    assert revolving_interest([], Decimal("0.054"), date(2026, 3, 31)) == 0
    with pytest.raises(ScheduleError) as refused:
        revolving_interest(steps[::-1], Decimal("0.054"), date(2026, 3, 31))
    assert refused.value.code == "schedule.days_run_backwards"


def test_simple_interest_counts_the_first_day_and_not_the_last() -> None:
    assert simple_interest(10_000_000, Decimal("0.06"), date(2026, 1, 1), date(2026, 1, 2)) == 1_667
    assert simple_interest(10_000_000, Decimal("0.06"), date(2026, 1, 1), date(2026, 1, 1)) == 0
    over_new_year = (date(2023, 12, 12), date(2024, 1, 12))
    assert simple_interest(1_000_000, Decimal("0.12"), *over_new_year, DayCount.ACT_ACT) == 10_181
    with pytest.raises(ScheduleError) as refused:
        simple_interest(1, Decimal("0.06"), date(2026, 1, 2), date(2026, 1, 1))
    assert refused.value.code == "schedule.days_run_backwards"


BROKEN = replace(TERMS, method=Method.INTEREST_ONLY, start_on=date(2026, 3, 5), anchor_day=20)


@pytest.mark.parametrize(
    ("first", "rows"),
    [
        (FirstPeriod.SHORT, [(date(2026, 3, 20), 25_000), (date(2026, 4, 20), 50_000)]),
        (FirstPeriod.MERGED, [(date(2026, 4, 20), 75_000), (date(2026, 5, 20), 50_000)]),
        (FirstPeriod.LONG, [(date(2026, 4, 20), 76_667), (date(2026, 5, 20), 50_000)]),
    ],
)
def test_broken_first_period(first: FirstPeriod, rows: list[tuple[date, int]]) -> None:
    plan = schedule(replace(BROKEN, first_period=first))
    assert [(row.due_on, row.interest_fen) for row in plan.instalments[:2]] == rows
    assert len(plan.instalments) == (13 if first is FirstPeriod.SHORT else 12)
    assert plan.instalments[-1].balance_fen == 0


def test_start_on_the_anchor_day_is_not_broken() -> None:
    assert len(schedule(replace(BROKEN, start_on=date(2026, 3, 20))).instalments) == 12
    month_end = replace(BROKEN, start_on=date(2026, 2, 28), anchor_day=31)
    assert schedule(month_end).instalments[0].due_on == date(2026, 3, 31)


def test_due_days_on_holidays() -> None:
    # 1 to 8 October 2025 were holidays; 11 October 2025 was a make-up Saturday
    terms = replace(TERMS, method=Method.INTEREST_ONLY, instalments=2, start_on=date(2025, 9, 1))
    kept = schedule(terms).instalments
    assert [row.due_on for row in kept] == [date(2025, 10, 1), date(2025, 11, 1)]
    moved = schedule(replace(terms, holidays=HolidayRule.NEXT_WORKING_DAY)).instalments
    assert [(row.due_on, row.interest_fen) for row in moved] == [
        (date(2025, 10, 9), 50_000),
        (date(2025, 11, 3), 50_000),
    ]
    to_the_day = schedule(replace(terms, holidays=HolidayRule.NEXT_WORKING_DAY_WITH_INTEREST)).instalments
    assert [row.interest_fen for row in to_the_day] == [50_000 + 8 * 1_667 - 3, 50_000 - 6 * 1_667 + 2]
    saturday = replace(terms, instalments=1, start_on=date(2025, 9, 11), holidays=HolidayRule.NEXT_WORKING_DAY)
    assert schedule(saturday).instalments[0].due_on == date(2025, 10, 11)


def test_unknown_year_of_the_calendar_is_refused_at_once() -> None:
    with pytest.raises(CalendarError) as refused:
        schedule(replace(TERMS, start_on=date(2090, 1, 1), holidays=HolidayRule.NEXT_WORKING_DAY))
    assert (refused.value.code, refused.value.context) == ("calendar.year_unknown", {"year": 2090})


def test_grace_for_principal_and_interest() -> None:
    plan = schedule(replace(TERMS, principal_grace=3))
    assert list(plan.principals_fen[:3]) == [0, 0, 0]
    assert list(plan.interests_fen[:4]) == [50_000] * 4
    later = schedule(replace(TERMS, interest_grace=2))
    assert list(later.interests_fen[:3]) == [0, 0, 50_000 + 45_947 + 41_873]
    assert later.total_interest_fen == schedule(TERMS).total_interest_fen


def test_custom_plan() -> None:
    plan = schedule(replace(TERMS, method=Method.CUSTOM, instalments=3, principal_plan_fen=(1_000_000, 0, 9_000_000)))
    assert table(plan) == [
        [1, 1_050_000, 1_000_000, 50_000, 9_000_000],
        [2, 45_000, 0, 45_000, 9_000_000],
        [3, 9_045_000, 9_000_000, 45_000, 0],
    ]


def test_long_gap_never_adds_interest_to_principal() -> None:
    days = (date(2030, 1, 15), *(date(2030, month, 15) for month in range(2, 7)))
    plan = schedule(replace(TERMS, instalments=6, due_on=days, annual_rate=Decimal("0.9"), day_count=DayCount.ACT_365))
    assert all(row.principal_fen >= 0 and row.balance_fen <= 10_000_000 for row in plan.instalments)


def oracle(terms: Terms) -> list[tuple[int, int]]:
    """Equal instalments of whole months by the textbook, in decimals."""
    way = ROUND_HALF_EVEN if terms.rounding is Rounding.HALF_EVEN else ROUND_HALF_UP
    with localcontext() as context:
        context.prec = 400
        months, balance = terms.every.months, Decimal(terms.principal_fen)
        growth = (1 + terms.annual_rate * months / 12) ** terms.instalments
        share = (
            terms.annual_rate * months / 12 * growth / (growth - 1) if growth > 1 else 1 / Decimal(terms.instalments)
        )
        amount = (balance * share).quantize(Decimal(1), way)
        rows = []
        for number in range(terms.instalments):
            interest = (balance * terms.annual_rate * months / 12).quantize(Decimal(1), way)
            principal = balance if number == terms.instalments - 1 else min(amount - interest, balance)
            balance -= principal
            rows.append((int(principal), int(interest)))
    return rows


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1, 10**12),
    st.integers(0, 10_000),
    st.integers(1, 120),
    st.sampled_from([1, 2, 3, 6]),
    st.sampled_from(Rounding),
)
def test_equal_instalments_match_the_oracle(
    principal: int, bp: int, instalments: int, months: int, rounding: Rounding
) -> None:
    terms = replace(
        TERMS,
        principal_fen=principal,
        annual_rate=Decimal(bp) / 10_000,
        instalments=instalments,
        every=Every(Unit.MONTH, months),
        rounding=rounding,
    )
    plan = schedule(terms)
    assert list(zip(plan.principals_fen, plan.interests_fen, strict=True)) == oracle(terms)


@st.composite
def any_terms(draw: st.DrawFn) -> Terms:
    instalments = draw(st.integers(1, 60))
    method = draw(st.sampled_from([method for method in Method if method is not Method.CUSTOM]))
    in_parts = method not in (Method.BULLET, Method.INTEREST_ONLY)
    return Terms(
        principal_fen=draw(st.integers(1, 10**12)),
        annual_rate=Decimal(draw(st.integers(0, 10**6))) / 10**6,
        method=method,
        instalments=instalments,
        start_on=date(2020, 1, 1) + timedelta(days=draw(st.integers(0, 3000))),
        every=Every(draw(st.sampled_from(Unit)), draw(st.integers(1, 6))),
        day_count=draw(st.sampled_from(DayCount)),
        rounding=draw(st.sampled_from(Rounding)),
        smoothing=draw(st.booleans()),
        fees=(Fee(FeeAt.INSTALMENT, draw(st.integers(0, 1000))),),
        anchor_day=draw(st.none() | st.integers(1, 31)),
        first_period=draw(st.sampled_from(FirstPeriod)),
        principal_grace=draw(st.integers(0, instalments - 1)) if in_parts else 0,
        interest_grace=draw(st.integers(0, instalments - 1)) if method is not Method.BULLET else 0,
    )


@settings(max_examples=200, deadline=None)
@given(any_terms())
def test_what_holds_for_any_terms(terms: Terms) -> None:
    plan = schedule(terms)
    rows = plan.instalments
    assert sum(row.principal_fen for row in rows) == terms.principal_fen
    assert rows[-1].balance_fen == 0
    assert all(row.balance_fen >= 0 and row.principal_fen >= 0 and row.interest_fen >= 0 for row in rows)
    assert all(row.payment_fen == row.principal_fen + row.interest_fen + row.fee_fen for row in rows)
    assert plan.total_interest_fen == sum(row.interest_fen for row in rows)
    assert plan.total_fee_fen == sum(row.fee_fen for row in rows)
    days = [terms.start_on, *(row.due_on for row in rows)]
    assert all(before < after for before, after in pairwise(days))
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))


@settings(max_examples=100, deadline=None)
@given(any_terms(), st.integers(1, 10**6))
def test_a_higher_rate_never_costs_less(terms: Terms, more: int) -> None:
    higher = min(Decimal(1), terms.annual_rate + Decimal(more) / 10**6)
    dearer = schedule(replace(terms, annual_rate=higher)).total_interest_fen
    assert dearer >= schedule(terms).total_interest_fen - len(schedule(terms).instalments)
