"""The public calculator's contract: its bounds to the fen, its defaults spelled out, its answers the engine's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine import calculator as engine
from app.engine.errors import EngineError
from app.engine.rounding import Rounding
from app.engine.terms import DayCount, Every, Fee, FeeAt, Method, Terms, Unit
from app.kernel import cache

SCHEDULES, EARLY = "/public/v1/schedules", "/public/v1/early-repayments"
ASKED: dict[str, Any] = {
    "principal_fen": 10_000_000,
    "annual_rate": "0.0600",
    "method": "equal_instalment",
    "instalments": 12,
    "start_on": "2026-01-15",
}
METHODS = ("equal_instalment", "equal_principal", "interest_only", "bullet", "flat")
DEFAULTS: dict[str, Any] = {
    "every": {"unit": "month", "count": 1},
    "due_on": [f"2026-{month:02d}-15" for month in range(2, 13)] + ["2027-01-15"],
    "day_count": "30/360",
    "rounding": "half_up",
    "smoothing": False,
    "fees": [],
}


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.redis().flushdb()
    yield


def told(client: FlaskClient, **changes: Any) -> dict[str, Any]:
    answer = client.post(SCHEDULES, json={**ASKED, **changes})
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("inside", "beyond", "code"),
    [
        ({"principal_fen": 1}, {"principal_fen": 0}, "principal_out_of_range"),
        ({"principal_fen": 10**12}, {"principal_fen": 10**12 + 1}, "principal_out_of_range"),
        ({"instalments": 1}, {"instalments": 0}, "instalments_out_of_range"),
        ({"instalments": 600}, {"instalments": 601}, "instalments_out_of_range"),
        ({"annual_rate": "0"}, {"annual_rate": "-0.000000000001"}, "rate_out_of_range"),
        ({"annual_rate": "1"}, {"annual_rate": "1.000000000001"}, "rate_out_of_range"),
    ],
    ids=str,
)
def test_at_its_bounds_and_one_beyond(
    client: FlaskClient, method: str, inside: dict[str, Any], beyond: dict[str, Any], code: str
) -> None:
    answer = told(client, method=method, **inside)
    rows = answer["instalments"]
    assert len(rows) == (1 if method == "bullet" else inside.get("instalments", 12))
    assert sum(row["principal_fen"] for row in rows) == inside.get("principal_fen", ASKED["principal_fen"])
    assert all(min(row["principal_fen"], row["interest_fen"], row["balance_fen"]) >= 0 for row in rows)
    assert rows[-1]["balance_fen"] == 0
    for path, body in (
        (SCHEDULES, {**ASKED, "method": method, **beyond}),
        (EARLY, {"schedule": {**ASKED, "method": method, **beyond}, "on": "2026-01-15", "amount_fen": 1}),
    ):
        refused = client.post(path, json=body)
        problem = refused.get_json()
        assert (refused.status_code, problem["code"]) == (422, f"schedule.{code}")
        assert any(word in problem["detail"] for word in ("1", "0")), "the bound is named"


def test_every_bound_at_once(client: FlaskClient) -> None:
    answer = told(client, principal_fen=10**12, instalments=600, annual_rate="1", start_on="2024-02-29")
    assert len(answer["instalments"]) == 600 and answer["instalments"][-1]["due_on"] == "2074-02-28"
    assert answer["all_in_annual_rate"] == "1.000000"


@pytest.mark.parametrize("left_out", [*DEFAULTS, "all of them"])
def test_defaults_are_as_if_spelled_out(client: FlaskClient, left_out: str) -> None:
    spelled = client.post(SCHEDULES, json={**ASKED, **DEFAULTS}).get_json()
    cache.redis().flushdb()  # the second answer is worked out too
    left = {name: value for name, value in DEFAULTS.items() if name != left_out and left_out != "all of them"}
    shorter = client.post(SCHEDULES, json={**ASKED, **left}).get_json()
    assert shorter == spelled  # days that are a month apart are regular, given or not


def test_the_parts_of_a_period_have_defaults_too(client: FlaskClient) -> None:
    for every in ({}, {"unit": "month"}, {"count": 1}):
        cache.redis().flushdb()
        assert told(client, every=every) == told(client)


def test_payments_hold_the_fees_of_their_row_and_start_fees_reduce_the_proceeds(client: FlaskClient) -> None:
    fees = [{"at": at, "amount_fen": fen} for at, fen in (("start", 30_000), ("instalment", 700), ("instalment", 300))]
    plain, dear = told(client), told(client, fees=fees)
    for before, after in zip(plain["instalments"], dear["instalments"], strict=True):
        assert after["fee_fen"] == 1000 and after["payment_fen"] == before["payment_fen"] + 1000
        assert after["payment_fen"] == after["principal_fen"] + after["interest_fen"] + after["fee_fen"]
        assert after["balance_fen"] == before["balance_fen"]
    assert dear["total_fee_fen"] == 30_000 + 12 * 1000
    monthly = Decimal(dear["all_in_annual_rate"]) / 12
    worth = sum(row["payment_fen"] / (1 + monthly) ** row["number"] for row in dear["instalments"])
    assert abs(worth - (10_000_000 - 30_000)) < 30  # six places of the rate are as many fen here
    effective = (1 + monthly) ** 12 - 1
    assert abs(effective - Decimal(dear["effective_annual_rate"])) < Decimal("0.000002")


@pytest.mark.parametrize("fee_fen", [0, 250_000])
def test_irregular_days_cost_their_xirr(client: FlaskClient, fee_fen: int) -> None:
    days = ["2026-02-03", "2026-05-31", "2026-06-01", "2027-12-24"]
    answer = told(
        client, instalments=4, due_on=days, day_count="act/360", fees=[{"at": "start", "amount_fen": fee_fen}]
    )
    assert answer["all_in_annual_rate"] == answer["effective_annual_rate"]
    rate, start = Decimal(answer["effective_annual_rate"]), date.fromisoformat(ASKED["start_on"])
    years = [Decimal((date.fromisoformat(row["due_on"]) - start).days) / 365 for row in answer["instalments"]]
    worth = sum(row["payment_fen"] / (1 + rate) ** year for row, year in zip(answer["instalments"], years, strict=True))
    assert [row["due_on"] for row in answer["instalments"]] == days
    assert abs(worth - (10_000_000 - fee_fen)) < 30


def test_paying_early_in_both_modes_keeps_what_was_agreed(client: FlaskClient) -> None:
    """Principal is repaid once, the shorter term costs no more, and the pay-off is what the whole would cost today."""
    schedule = {**ASKED, "day_count": "act/360", "fees": [{"at": "instalment", "amount_fen": 500}]}
    asked = {"schedule": schedule, "payments": [], "on": "2026-02-01", "amount_fen": 4_000_000}
    answer = client.post(EARLY, json=asked).get_json()
    lower, shorter = answer["lower_instalment"], answer["shorter_term"]
    accrued_fen = Decimal(10_000_000) * Decimal("0.06") * 17 / 360
    assert answer["pay_off_fen"] == 10_000_000 + round(accrued_fen)
    for left in (lower, shorter):
        principal = sum(row["principal_fen"] for row in left["instalments"])
        assert 6_000_000 <= principal <= 6_000_000 + round(accrued_fen)  # of the amount, interest was paid first
        assert left["instalments"][-1]["balance_fen"] == 0 and left["interest_saved_fen"] > 0
    assert len(lower["instalments"]) == 12 > len(shorter["instalments"])
    assert lower["instalments"][1]["payment_fen"] < told(client, **schedule)["instalments"][1]["payment_fen"]
    assert lower["total_interest_fen"] > shorter["total_interest_fen"]
    assert lower["interest_saved_fen"] < shorter["interest_saved_fen"]


DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
TERMS = st.builds(
    Terms,
    principal_fen=st.integers(1, 10**12),
    annual_rate=st.decimals(0, 1, places=6),
    method=st.sampled_from([Method(name) for name in METHODS]),
    instalments=st.integers(1, 40),
    start_on=DAYS,
    every=st.builds(
        Every, st.sampled_from([Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR]), st.integers(1, 12)
    ),
    day_count=st.sampled_from(DayCount),
    rounding=st.sampled_from(Rounding),
    smoothing=st.booleans(),
    fees=st.lists(st.builds(Fee, st.sampled_from(FeeAt), st.integers(0, 100_000)), max_size=3).map(tuple),
)  # fmt: skip


def as_body(terms: Terms, due_on: tuple[date, ...] | None) -> dict[str, Any]:
    return {
        "principal_fen": terms.principal_fen,
        "annual_rate": format(terms.annual_rate, "f"),
        "method": terms.method.value,
        "instalments": terms.instalments,
        "start_on": terms.start_on.isoformat(),
        "every": {"unit": terms.every.unit.value, "count": terms.every.count},
        "due_on": due_on and [day.isoformat() for day in due_on],
        "day_count": terms.day_count.value,
        "rounding": terms.rounding.value,
        "smoothing": terms.smoothing,
        "fees": [{"at": fee.at.value, "amount_fen": fee.amount_fen} for fee in terms.fees],
    }


def as_told(found: engine.ScheduleResult) -> dict[str, Any]:
    return {
        "instalments": [{**row._asdict(), "due_on": row.due_on.isoformat()} for row in found.instalments],
        "total_interest_fen": found.total_interest_fen,
        "total_fee_fen": found.total_fee_fen,
        "all_in_annual_rate": format(found.all_in_annual_rate, "f"),
        "effective_annual_rate": format(found.effective_annual_rate, "f"),
    }


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(terms=TERMS, gaps=st.none() | st.lists(st.integers(1, 90), min_size=40, max_size=40), share=st.integers(1, 99))
def test_answers_are_the_engines(client: FlaskClient, terms: Terms, gaps: list[int] | None, share: int) -> None:
    due_on = gaps and tuple(terms.start_on + timedelta(sum(gaps[: n + 1])) for n in range(terms.instalments))
    body = {name: value for name, value in as_body(terms, due_on or None).items() if value is not None}
    given_terms = Terms(**{**{name: getattr(terms, name) for name in terms.__dataclass_fields__}, "due_on": due_on})
    amount_fen = max(1, terms.principal_fen * share // 100)
    asked = {"schedule": body, "payments": [], "on": str(terms.start_on), "amount_fen": amount_fen}

    def early() -> dict[str, Any]:
        found = engine.early_repayment(given_terms, [], terms.start_on, amount_fen)
        modes = {"lower_instalment": found.lower_instalment, "shorter_term": found.shorter_term}
        return {"pay_off_fen": found.pay_off_fen} | {
            mode: as_told(left.schedule) | {"interest_saved_fen": left.interest_saved_fen}
            for mode, left in modes.items()
        }

    def plain() -> dict[str, Any]:
        return as_told(engine.calculate(given_terms))

    for path, question, work in ((SCHEDULES, body, plain), (EARLY, asked, early)):
        answer = client.post(path, json=question)
        try:
            expected = work()
        except EngineError as refused:
            assert (answer.status_code, answer.get_json()["code"]) == (422, refused.code)
        else:
            assert (answer.status_code, answer.get_json()) == (200, expected)
