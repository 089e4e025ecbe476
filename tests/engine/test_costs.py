"""Yearly costs against the worked examples of the domain page and public formulas."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from app.engine.conversions import yearly_from_daily, yearly_from_flat, yearly_from_monthly
from app.engine.costs import CostBasis, all_in_cost, compare, exceeds_cap
from app.engine.errors import CostError
from app.engine.internal_rates import irr, xirr
from app.engine.schedules import schedule
from app.engine.terms import Every, Fee, FeeAt, FirstPeriod, Method, Terms, Unit

from .published import vectors

START_2000 = Fee(FeeAt.START, 200_000)
GUARANTEE_500 = Fee(FeeAt.INSTALMENT, 50_000)


def loan(rate: str = "0.06", method: Method = Method.EQUAL_INSTALMENT, *fees: Fee, months: int = 12) -> Terms:
    return Terms(10_000_000, Decimal(rate), method, months, date(2026, 1, 15), fees=fees)


@pytest.mark.parametrize(
    ("terms", "monthly", "nominal", "effective"),
    [
        (loan(), "0.00500002", "0.0600", "0.061678"),
        (loan("0.06", Method.EQUAL_INSTALMENT, START_2000), "0.00816667", "0.0980", "0.102524"),
        (loan("0.06", Method.EQUAL_INSTALMENT, GUARANTEE_500), "0.01392369", "0.167084", "0.180493"),
        (loan("0.06", Method.FLAT), "0.00908032", "0.108964", "0.114574"),
        (loan("0.24"), "0.02000002", "0.2400", "0.268242"),
    ],
)
def test_yearly_cost_of_the_worked_examples(terms: Terms, monthly: str, nominal: str, effective: str) -> None:
    cost = all_in_cost(schedule(terms))
    assert (cost.annual_rate / 12).quantize(Decimal("0.00000001")) == Decimal(monthly)
    assert cost.on(CostBasis.NOMINAL) == Decimal(nominal)
    assert cost.on(CostBasis.EFFECTIVE) == Decimal(effective)


def test_dated_cost_uses_actual_days_over_365() -> None:
    plan = schedule(loan())
    flows = [(plan.terms.start_on, -10_000_000), *((row.due_on, row.payment_fen) for row in plan.instalments)]
    assert xirr(flows).quantize(Decimal("0.000001")) == Decimal("0.061937")


def test_broken_first_period_is_irregular() -> None:
    terms = Terms(
        10_000_000, Decimal("0.06"), Method.EQUAL_INSTALMENT, 12, date(2026, 3, 5), anchor_day=20,
        first_period=FirstPeriod.LONG,
    )  # fmt: skip
    cost = all_in_cost(schedule(terms))
    assert cost.irregular
    assert cost.annual_rate == cost.effective_annual_rate


def test_explicit_monthly_days_are_regular() -> None:
    days = tuple(date(2026, month, 15) for month in range(2, 8))
    terms = Terms(600_000, Decimal("0.06"), Method.EQUAL_INSTALMENT, 6, date(2026, 1, 15), due_on=days)
    assert not all_in_cost(schedule(terms)).irregular


def test_monthly_fee_that_reaches_the_cap() -> None:
    at_cap = all_in_cost(schedule(loan("0.24")))
    above = all_in_cost(schedule(loan("0.06", Method.EQUAL_INSTALMENT, Fee(FeeAt.INSTALMENT, 84_932))))
    assert not exceeds_cap(at_cap, Decimal("0.24"), CostBasis.NOMINAL)
    assert exceeds_cap(at_cap, Decimal("0.24"), CostBasis.EFFECTIVE)
    assert exceeds_cap(above, Decimal("0.24"), CostBasis.NOMINAL)


def test_conversions() -> None:
    assert yearly_from_daily(Decimal("0.0002")) == Decimal("0.072")
    assert yearly_from_daily(Decimal("0.0002"), 365) == Decimal("0.073")
    assert yearly_from_monthly(Decimal("0.02")).on(CostBasis.EFFECTIVE) == Decimal("0.268242")
    assert yearly_from_flat(Decimal("0.06"), 12).on(CostBasis.NOMINAL) == Decimal("0.108964")
    with pytest.raises(CostError) as refused:
        yearly_from_daily(Decimal("0.0002"), 366)
    assert refused.value.code == "cost.days_a_year_unknown"


def test_longer_offer_with_a_lower_rate_may_cost_more() -> None:
    result = compare(schedule(loan("0.08", months=6)), schedule(loan("0.06", months=36)))
    assert result.annual_rate_difference < 0 < result.total_cost_difference_fen
    assert result.rate_and_total_disagree


@pytest.mark.parametrize(
    ("amounts", "code"),
    [
        ([], "cost.rate_undefined"),
        ([100, 100], "cost.rate_undefined"),
        ([-100, 200, -100], "cost.rate_undefined"),
        ([-1, 10**12], "cost.rate_out_of_range"),
    ],
)
def test_rates_that_do_not_exist(amounts: list[int], code: str) -> None:
    with pytest.raises(CostError) as refused:
        irr(amounts)
    assert refused.value.code == code


def test_fees_that_take_the_whole_loan() -> None:
    with pytest.raises(CostError) as refused:
        all_in_cost(schedule(loan("0.06", Method.EQUAL_INSTALMENT, Fee(FeeAt.START, 10_000_000))))
    assert refused.value.code == "cost.proceeds_not_positive"


def test_free_loan_costs_nothing_and_losses_have_a_negative_rate() -> None:
    assert str(all_in_cost(schedule(loan("0"))).on(CostBasis.NOMINAL)) == "0.000000"
    assert irr([-100, 50, 25]) < 0


def test_cost_grows_with_the_rate() -> None:
    rates = [all_in_cost(schedule(loan(f"0.{percent:02}"))).annual_rate for percent in range(1, 40)]
    assert all(lower < higher for lower, higher in pairwise(rates))


@pytest.mark.parametrize("every", [Every(Unit.WEEK, 2), Every(Unit.DAY, 10), Every(Unit.QUARTER), Every(Unit.YEAR)])
def test_period_rate_times_periods(every: Every) -> None:
    terms = Terms(10**12, Decimal("0.06"), Method.INTEREST_ONLY, 4, date(2026, 1, 15), every=every)
    a_period = Decimal("0.06") * every.nominal_days / 360
    expected = a_period * every.periods_a_year
    assert abs(all_in_cost(schedule(terms)).annual_rate - expected) < Decimal("0.0000005")


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("epi6", loan()),
        ("epi6_fee2000", loan("0.06", Method.EQUAL_INSTALMENT, START_2000)),
        ("epi6_guar500", loan("0.06", Method.EQUAL_INSTALMENT, GUARANTEE_500)),
        ("epi24", loan("0.24")),
    ],
)
def test_published_monthly_rates(name: str, terms: Terms) -> None:
    monthly = all_in_cost(schedule(terms)).annual_rate / 12
    assert monthly.quantize(Decimal("0.00000001")) == Decimal(str(vectors()["irr_monthly"][name]))


def test_published_flat_rate_leaves_out_the_last_four_fen() -> None:
    """The published figure has twelve payments of 8,833.33; ours adds the four fen that rounding left to the last."""
    published = Decimal(str(vectors()["irr_monthly"]["flat0.5"]))
    assert irr([-10_000_000] + [883_333] * 12).quantize(Decimal("0.00000001")) == published
    ours = all_in_cost(schedule(loan("0.06", Method.FLAT))).annual_rate / 12
    assert abs(ours - published) < Decimal("0.0000001")
