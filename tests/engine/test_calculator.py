"""The public calculator's contract, and everything it refuses."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.engine.calculator import Payment, calculate, early_repayment
from app.engine.cost_sheet import Bearer, CostItem, cost_sheet
from app.engine.costs import CostBasis
from app.engine.errors import CostError, EngineError, PrepaymentError
from app.engine.prepayment import PrepaymentFee
from app.engine.terms import DayCount, Every, Fee, FeeAt, Method, Terms, Unit

TERMS = Terms(10_000_000, Decimal("0.0600"), Method.EQUAL_INSTALMENT, 12, date(2026, 1, 15))


def test_engine_is_importable_without_web_or_database() -> None:
    program = (
        "import sys, importlib, pkgutil, app.engine\n"
        "for m in pkgutil.walk_packages(app.engine.__path__, 'app.engine.'): importlib.import_module(m.name)\n"
        "loaded = {'flask', 'sqlalchemy', 'marshmallow', 'redis', 'numpy'} & set(sys.modules)\n"
        "sys.exit(', '.join(loaded) or 0)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_schedule_with_a_fee_at_the_start() -> None:
    result = calculate(replace(TERMS, fees=(Fee(FeeAt.START, 200_000),)))
    assert result.instalments[0][1:] == (date(2026, 2, 15), 810_664, 50_000, 0, 860_664, 9_189_336)
    assert (result.total_interest_fen, result.total_fee_fen) == (327_973, 200_000)
    assert str(result.all_in_annual_rate) == "0.098000"
    assert str(result.effective_annual_rate) == "0.102524"


def test_payment_includes_the_fee_of_its_row() -> None:
    result = calculate(replace(TERMS, fees=(Fee(FeeAt.INSTALMENT, 40_000), Fee(FeeAt.INSTALMENT, 10_000))))
    assert {row.fee_fen for row in result.instalments} == {50_000}
    assert result.instalments[0].payment_fen == 910_664
    assert (result.total_fee_fen, str(result.all_in_annual_rate)) == (600_000, "0.167084")


@pytest.mark.parametrize(
    ("method", "interest", "rows"),
    [
        (Method.EQUAL_PRINCIPAL, 325_000, 12),
        (Method.INTEREST_ONLY, 600_000, 12),
        (Method.BULLET, 600_000, 1),
        (Method.FLAT, 600_000, 12),
    ],
)
def test_other_methods(method: Method, interest: int, rows: int) -> None:
    result = calculate(replace(TERMS, method=method))
    assert (result.total_interest_fen, len(result.instalments)) == (interest, rows)
    assert result.instalments[-1].balance_fen == 0
    assert result.instalments[-1].due_on == date(2027, 1, 15)


def test_due_days_keep_the_anchor() -> None:
    days = [row.due_on for row in calculate(replace(TERMS, start_on=date(2026, 1, 31))).instalments]
    assert days[:3] == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_irregular_days_have_one_rate() -> None:
    days = (date(2026, 2, 20), date(2026, 3, 20), date(2026, 5, 20))
    result = calculate(replace(TERMS, instalments=3, due_on=days, day_count=DayCount.ACT_365))
    assert result.all_in_annual_rate == result.effective_annual_rate
    assert abs(result.all_in_annual_rate - Decimal("0.0617")) < Decimal("0.0005")


def test_early_repayment_in_both_ways() -> None:
    paid = [Payment(date(2026, 1 + month, 15), 860_664) for month in range(1, 7)]
    result = early_repayment(TERMS, paid, date(2026, 7, 15), 2_000_000)
    assert result.pay_off_fen == 5_074_810
    assert [row.payment_fen for row in result.lower_instalment.schedule.instalments] == [521_474] * 5 + [521_473]
    assert result.lower_instalment.interest_saved_fen == 35_146
    assert result.shorter_term.schedule.instalments[-1].payment_fen == 528_871
    assert len(result.shorter_term.schedule.instalments) == 4
    assert early_repayment(TERMS, paid[::-1], date(2026, 7, 15), 2_000_000) == result


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"principal_fen": 0}, "schedule.principal_out_of_range"),
    ({"principal_fen": 10**12 + 1}, "schedule.principal_out_of_range"),
    ({"principal_fen": 10**13}, "schedule.principal_out_of_range"),
    ({"principal_fen": "100"}, "schedule.principal_not_integer"),
    ({"principal_fen": 100.0}, "schedule.principal_not_integer"),
    ({"principal_fen": True}, "schedule.principal_not_integer"),
    ({"instalments": 0}, "schedule.instalments_out_of_range"),
    ({"instalments": 601}, "schedule.instalments_out_of_range"),
    ({"instalments": "12"}, "schedule.instalments_not_integer"),
    ({"annual_rate": Decimal("NaN")}, "schedule.rate_not_decimal"),
    ({"annual_rate": Decimal("Infinity")}, "schedule.rate_not_decimal"),
    ({"annual_rate": 0.06}, "schedule.rate_not_decimal"),
    ({"annual_rate": Decimal("-0.01")}, "schedule.rate_out_of_range"),
    ({"annual_rate": Decimal("1.0001")}, "schedule.rate_out_of_range"),
    ({"annual_rate": Decimal("0.0600000000001")}, "schedule.rate_too_precise"),
    ({"method": "bullet"}, "schedule.choice_unknown"),
    ({"day_count": "act/360"}, "schedule.choice_unknown"),
    ({"every": Every(Unit.MONTH, 0)}, "schedule.period_out_of_range"),
    ({"every": Every("month", 1)}, "schedule.choice_unknown"),
    ({"start_on": "2026-01-15"}, "schedule.start_not_a_date"),
    ({"start_on": datetime(2026, 1, 15, tzinfo=UTC)}, "schedule.start_not_a_date"),
    ({"start_on": date(9999, 6, 1)}, "schedule.date_out_of_range"),
    ({"start_on": date(9999, 6, 1), "every": Every(Unit.DAY, 30)}, "schedule.date_out_of_range"),
    ({"every": Every(Unit.YEAR, 3660), "instalments": 600}, "schedule.date_out_of_range"),
    ({"instalments": 2, "due_on": (date(2026, 3, 1), date(2026, 2, 1))}, "schedule.due_on_not_ascending"),
    ({"instalments": 2, "due_on": (date(2026, 3, 1), date(2026, 3, 1))}, "schedule.due_on_not_ascending"),
    ({"instalments": 1, "due_on": (date(2026, 1, 15),)}, "schedule.due_on_before_start"),
    ({"due_on": (date(2026, 3, 1),)}, "schedule.due_on_count"),
    ({"instalments": 1, "due_on": ("2026-03-01",)}, "schedule.due_on_not_a_date"),
    ({"fees": (Fee(FeeAt.START, -1),)}, "schedule.fee_out_of_range"),
    ({"fees": (Fee(FeeAt.START, 1.5),)}, "schedule.fee_not_integer"),
    ({"fees": (Fee("start", 1),)}, "schedule.choice_unknown"),
    ({"fees": (Fee(FeeAt.START, 10_000_000),)}, "cost.proceeds_not_positive"),
    ({"principal_grace": 12}, "schedule.grace_out_of_range"),
    ({"principal_grace": 1, "method": Method.BULLET}, "schedule.grace_mismatch"),
    ({"method": Method.CUSTOM}, "schedule.plan_mismatch"),
    ({"principal_plan_fen": (1,)}, "schedule.plan_mismatch"),
    ({"method": Method.CUSTOM, "principal_plan_fen": (1,)}, "schedule.plan_count"),
    ({"method": Method.CUSTOM, "principal_plan_fen": (1,) * 12}, "schedule.plan_sum"),
    ({"method": Method.CUSTOM, "principal_plan_fen": (-1,) * 12}, "schedule.plan_amount_out_of_range"),
    ({"anchor_day": 32}, "schedule.anchor_day_out_of_range"),
]


@pytest.mark.parametrize(("change", "code"), REFUSED)
def test_refused_terms(change: dict[str, Any], code: str) -> None:
    with pytest.raises(EngineError) as refused:
        calculate(replace(TERMS, **change))
    assert refused.value.code == code
    assert isinstance(refused.value, ValueError)


DAY = date(2026, 7, 15)


@pytest.mark.parametrize(
    ("payments", "on", "amount", "code"),
    [
        ([Payment(date(2026, 7, 16), 1)], DAY, 1, "prepayment.payment_after_day"),
        ([Payment(date(2026, 1, 14), 1)], DAY, 1, "prepayment.payment_before_start"),
        ([Payment(DAY, 0)], DAY, 1, "prepayment.payment_out_of_range"),
        ([Payment("2026-07-15", 1)], DAY, 1, "prepayment.day_not_a_date"),
        ([], "2026-07-15", 1, "prepayment.day_not_a_date"),
        ([], date(2026, 1, 1), 1, "prepayment.before_start"),
        ([], DAY, 10**12 + 1, "prepayment.amount_out_of_range"),
        ([], DAY, 0, "prepayment.amount_out_of_range"),
        ([], DAY, "1", "prepayment.amount_out_of_range"),
        ([], DAY, 1, "prepayment.amount_too_small"),
        ([], DAY, 20_000_000, "prepayment.settles_loan"),
        ([Payment(DAY, 1)] * 1001, DAY, 1, "prepayment.too_many_payments"),
    ],
)
def test_refused_early_repayments(payments: list[Payment], on: date, amount: int, code: str) -> None:
    with pytest.raises(PrepaymentError) as refused:
        early_repayment(TERMS, payments, on, amount)
    assert refused.value.code == code
    if code == "prepayment.settles_loan":
        assert refused.value.context == {"pay_off_fen": 10_238_794}


ITEMS = (
    CostItem("guarantee", "a guarantor", FeeAt.INSTALMENT, 50_000),
    CostItem("valuation", "the bank", FeeAt.START, 30_000, borne_by=Bearer.LENDER),
    CostItem("enforcement", "a court", FeeAt.START, 9_000, contingent=True),
)


def test_cost_sheet() -> None:
    sheet = cost_sheet(TERMS, ITEMS, fee=PrepaymentFee(rate=Decimal("0.01")))
    assert str(sheet.cost.on(CostBasis.NOMINAL)) == "0.167084"
    assert (sheet.received_fen, sheet.total_charges_fen, len(sheet.items)) == (10_000_000, 600_000, 3)
    assert sheet.total_to_pay_fen == 10_000_000 + 327_973 + 600_000
    assert [example.on for example in sheet.early] == [date(2026, 4, 15), date(2026, 7, 15), date(2026, 10, 15)]
    assert sheet.early[1].pay_off_fen == 5_074_810 + 50_748
    assert [(late.days, late.penalty_interest_fen, late.compound_interest_fen) for late in sheet.late] == [
        (30, 6_080, 375),
        (90, 18_240, 1_125),
    ]


def test_charges_are_not_given_twice() -> None:
    with pytest.raises(CostError) as refused:
        cost_sheet(replace(TERMS, fees=(Fee(FeeAt.START, 1),)), ITEMS)
    assert refused.value.code == "cost.fees_twice"
