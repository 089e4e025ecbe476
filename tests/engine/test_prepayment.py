"""Early repayment: the worked examples, what must hold for any loan, and what is refused."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.errors import PrepaymentError
from app.engine.prepayment import Mode, PrepaymentFee, payoff_quote, prepay
from app.engine.schedules import Schedule, schedule
from app.engine.terms import DayCount, Fee, FeeAt, FirstPeriod, Method, Terms

from .published import fen, vectors

TERMS = Terms(10_000_000, Decimal("0.06"), Method.EQUAL_INSTALMENT, 12, date(2026, 1, 15))
SIX_PAID = 6 * 860_664
AFTER_SIX = date(2026, 7, 15)


def paid_until(plan: Schedule, on: date) -> int:
    return sum(row.payment_fen for row in plan.instalments if row.due_on <= on)


def test_worked_examples_after_six_instalments() -> None:
    expected = vectors()["prepay"]
    plan = schedule(TERMS)
    assert plan.instalments[5].balance_fen == fen(expected["balance_after_6"])
    lower = prepay(plan, AFTER_SIX, SIX_PAID, 2_000_000, Mode.LOWER_INSTALMENT)
    assert [row.payment_fen for row in lower.plan.instalments] == [fen(amount) for amount in expected["lower"]]
    assert (lower.plan.total_interest_fen, lower.interest_saved_fen) == (54_033, 35_146)
    shorter = prepay(plan, AFTER_SIX, SIX_PAID, 2_000_000, Mode.SHORTER_TERM)
    payments = [row.payment_fen for row in shorter.plan.instalments]
    assert (len(payments), payments[-1]) == (expected["shorter"]["n"], fen(expected["shorter"]["last"]))
    assert set(payments[:-1]) == {860_664}
    assert shorter.plan.total_interest_fen == fen(expected["shorter"]["interest"])


def test_pay_off_ten_days_into_a_period() -> None:
    quote = payoff_quote(schedule(TERMS), AFTER_SIX + timedelta(days=10), SIX_PAID)
    assert (quote.interest_fen, quote.total_fen, quote.valid_on) == (8_458, 5_083_268, date(2026, 7, 25))


def test_pay_off_counts_arrears_and_credit() -> None:
    plan = schedule(TERMS)
    short = payoff_quote(plan, AFTER_SIX, SIX_PAID - 1_000)
    assert (short.arrears_fen, short.total_fen) == (1_000, 5_074_810 + 1_000)
    ahead = payoff_quote(plan, AFTER_SIX, SIX_PAID + 300)
    assert (ahead.credit_fen, ahead.total_fen) == (300, 5_074_810 - 300)
    settled = payoff_quote(plan, date(2027, 6, 1), paid_until(plan, date(2027, 6, 1)) + 77)
    assert (settled.total_fen, settled.refund_fen) == (0, 77)


def test_thirty_first_day_of_a_month_is_not_charged_twice() -> None:
    plan = schedule(replace(TERMS, method=Method.INTEREST_ONLY))
    whole = payoff_quote(plan, date(2026, 2, 14), 0)
    assert whole.interest_fen == 50_000  # 30 days at most: the period costs a month
    part = prepay(plan, date(2026, 2, 10), 0, 1_043_334, Mode.LOWER_INSTALMENT)
    assert (part.interest_fen, part.principal_fen) == (43_333, 1_000_001)
    assert part.plan.instalments[0].interest_fen == 6_000  # 4 of 30 days on what is left


def test_loans_that_count_actual_days_keep_doing_so() -> None:
    plan = schedule(replace(TERMS, day_count=DayCount.ACT_365))
    assert payoff_quote(plan, date(2026, 1, 25), 0).interest_fen == 16_438


def test_fee_and_its_caps() -> None:
    on, annual = AFTER_SIX, Decimal("0.06")
    fee = PrepaymentFee(rate=Decimal("0.01"), fixed_fen=500)
    assert fee.on_principal(2_000_000, on, annual) == 20_500
    assert replace(fee, cap_fen=9_900).on_principal(2_000_000, on, annual) == 9_900
    assert replace(fee, cap_interest_days=30).on_principal(2_000_000, on, annual) == 10_000
    assert replace(fee, free_from=on).on_principal(2_000_000, on, annual) == 0
    assert payoff_quote(schedule(TERMS), on, SIX_PAID, fee).fee_fen == 51_248
    assert payoff_quote(schedule(TERMS), on, SIX_PAID, replace(fee, rate=Decimal("0.5"))).fee_fen == 89_179


def test_fees_are_never_negative() -> None:
    with pytest.raises(PrepaymentError) as refused:
        PrepaymentFee(fixed_fen=-1)
    assert refused.value.code == "prepayment.fee_out_of_range"


def test_fee_comes_out_of_the_amount() -> None:
    fee = PrepaymentFee(rate=Decimal("0.01"))
    done = prepay(schedule(TERMS), AFTER_SIX, SIX_PAID, 2_000_000, Mode.LOWER_INSTALMENT, fee)
    assert done.principal_fen + done.fee_fen == 2_000_000
    assert done.fee_fen == 19_802


@pytest.mark.parametrize(
    ("on", "amount", "code"),
    [
        (date(2026, 1, 14), 100, "prepayment.before_start"),
        (AFTER_SIX, 0, "prepayment.amount_too_small"),
        (AFTER_SIX, -5, "prepayment.amount_too_small"),
        (AFTER_SIX + timedelta(days=1), 800, "prepayment.amount_too_small"),
        (AFTER_SIX, 5_074_810, "prepayment.settles_loan"),
        (AFTER_SIX, 10.5, "prepayment.amount_not_integer"),
    ],
)
def test_refused(on: date, amount: int, code: str) -> None:
    with pytest.raises(PrepaymentError) as refused:
        prepay(schedule(TERMS), on, SIX_PAID, amount, Mode.LOWER_INSTALMENT)
    assert refused.value.code == code


def test_flat_is_for_comparison_only() -> None:
    with pytest.raises(PrepaymentError) as refused:
        prepay(schedule(replace(TERMS, method=Method.FLAT)), AFTER_SIX, 0, 100, Mode.SHORTER_TERM)
    assert refused.value.code == "prepayment.flat_not_supported"


METHODS = st.sampled_from([method for method in Method if method not in (Method.FLAT, Method.CUSTOM)])


@st.composite
def loans(draw: st.DrawFn) -> Terms:
    instalments = draw(st.integers(2, 36))
    method = draw(METHODS)
    principal_grace = interest_grace = 0
    if method in (Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL):
        principal_grace = draw(st.integers(0, instalments - 1))
    if method is not Method.BULLET:
        interest_grace = draw(st.integers(0, instalments - 1))
    return Terms(
        principal_fen=draw(st.integers(100_000, 10**10)),
        annual_rate=Decimal(draw(st.integers(0, 3600))) / 10_000,
        method=method,
        instalments=instalments,
        start_on=date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 365))),
        day_count=draw(st.sampled_from(DayCount)),
        anchor_day=draw(st.none() | st.integers(1, 31)),
        first_period=draw(st.sampled_from(FirstPeriod)),
        principal_grace=principal_grace,
        interest_grace=interest_grace,
        fees=draw(st.sampled_from([(), (Fee(FeeAt.INSTALMENT, 100), Fee(FeeAt.START, 500))])),
    )


@settings(max_examples=150, deadline=None)
@given(loans(), st.integers(0, 1200), st.floats(0.01, 0.98), st.sampled_from(Mode))
def test_paying_early_never_costs_more(terms: Terms, day: int, part: float, mode: Mode) -> None:
    plan = schedule(terms)
    on = terms.start_on + timedelta(days=day)
    paid = paid_until(plan, on)
    quote = payoff_quote(plan, on, paid)
    amount = quote.interest_fen + int(quote.principal_fen * part)
    if quote.principal_fen == 0 or amount <= quote.interest_fen:
        return
    done = prepay(plan, on, paid, amount, mode)
    rows = done.plan.instalments
    slack = len(plan.instalments) + 2  # half a fen of rounding for every item, old and new
    assert done.interest_saved_fen >= -slack
    assert quote.interest_saved_fen >= done.interest_saved_fen - slack
    assert sum(row.principal_fen for row in rows) == quote.principal_fen - done.principal_fen
    assert rows[-1].balance_fen == 0
    assert all(row.balance_fen >= 0 and row.interest_fen >= 0 and row.principal_fen >= 0 for row in rows)
    assert {row.due_on for row in rows} <= {row.due_on for row in plan.instalments if row.due_on > on}


@settings(max_examples=100, deadline=None)
@given(loans(), st.integers(0, 600))
def test_interest_to_the_last_day_is_the_schedules_interest(terms: Terms, day: int) -> None:
    """Paying off on the last due day costs what the schedule says, whatever was paid before."""
    plan = schedule(terms)
    on = terms.start_on + timedelta(days=day)
    paid = paid_until(plan, on)
    end = plan.instalments[-1].due_on
    total = sum(row.payment_fen for row in plan.instalments)
    assert payoff_quote(plan, end, paid).total_fen == total - paid
