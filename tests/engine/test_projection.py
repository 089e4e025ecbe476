"""Whole columns of loans against the scalar engine, to the fen."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.errors import ScheduleError
from app.engine.projection import CHUNK, project
from app.engine.schedules import schedule
from app.engine.terms import Every, Method, Terms, Unit


def column(*values: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.array(values, dtype=np.int64)


LOANS = st.lists(st.tuples(st.integers(1, 10**12) | st.integers(1, 500), st.integers(0, 10**6)), min_size=1, max_size=8)


@settings(max_examples=150, deadline=None)
@given(LOANS, st.integers(1, 60), st.sampled_from([1, 3]))
def test_equals_the_schedule_of_each_loan(loans: list[tuple[int, int]], instalments: int, months: int) -> None:
    principal, rate = (column(*values) for values in zip(*loans, strict=True))
    result = project(principal, rate, 10**6, instalments, months)
    for place, (lent, units) in enumerate(loans):
        terms = Terms(
            lent,
            Decimal(units) / 10**6,
            Method.EQUAL_INSTALMENT,
            instalments,
            date(2026, 1, 15),
            every=Every(Unit.MONTH, months),
        )
        plan = schedule(terms)
        assert result.principal_fen[:, place].tolist() == list(plan.principals_fen)
        assert result.interest_fen[:, place].tolist() == list(plan.interests_fen)
        assert result.payment_fen[:, place].tolist() == [row.payment_fen for row in plan.instalments]
        assert result.balance_fen[:, place].tolist() == [row.balance_fen for row in plan.instalments]


def test_totals_and_chunks() -> None:
    loans = CHUNK + 3
    result = project(column(*[10_000_000] * loans), column(*[600] * loans), 10_000, 12)
    assert sum(result.principal_by_period()) == 10_000_000 * loans
    assert result.interest_by_period()[:2] == [50_000 * loans, 45_947 * loans]
    assert project(column(), column(), 10_000, 12).interest_by_period() == [0] * 12


@pytest.mark.parametrize(
    ("principal", "rate", "scale", "instalments", "code"),
    [
        (column(1), column(1, 2), 10, 1, "schedule.columns_differ"),
        (column(1), column(1), 10, 0, "schedule.instalments_out_of_range"),
        (column(0), column(1), 10, 1, "schedule.principal_out_of_range"),
        (column(10**12 + 1), column(1), 10, 1, "schedule.principal_out_of_range"),
        (column(1), column(11), 10, 1, "schedule.rate_out_of_range"),
        (column(1), column(-1), 10, 1, "schedule.rate_out_of_range"),
        (column(10**12), column(10**8), 10**8, 1, "schedule.rate_too_precise"),
    ],
)
def test_refused(principal: object, rate: object, scale: int, instalments: int, code: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        project(principal, rate, scale, instalments)  # type: ignore[arg-type]
    assert refused.value.code == code
