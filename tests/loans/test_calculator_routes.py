"""The public calculator over HTTP: the contract's numbers, what it refuses, and the cache behind it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.kernel import cache
from tests.servers import TestServers

ASKED: dict[str, Any] = {
    "principal_fen": 10_000_000,
    "annual_rate": "0.0600",
    "method": "equal_instalment",
    "instalments": 12,
    "start_on": "2026-01-15",
}
SCHEDULES, EARLY = "/public/v1/schedules", "/public/v1/early-repayments"
PAID = [{"on": f"2026-{1 + month:02d}-15", "amount_fen": 860_664} for month in range(1, 7)]
EARLY_ASKED: dict[str, Any] = {"schedule": ASKED, "payments": PAID, "on": "2026-07-15", "amount_fen": 2_000_000}


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.redis().flushdb()
    yield


def test_a_schedule_with_a_fee_at_the_start(client: FlaskClient) -> None:
    answer = client.post(SCHEDULES, json={**ASKED, "fees": [{"at": "start", "amount_fen": 200_000}]})
    assert answer.status_code == 200
    told = answer.get_json()
    assert told["instalments"][0] == {
        "number": 1,
        "due_on": "2026-02-15",
        "principal_fen": 810_664,
        "interest_fen": 50_000,
        "fee_fen": 0,
        "payment_fen": 860_664,
        "balance_fen": 9_189_336,
    }
    assert len(told["instalments"]) == 12
    assert {name: value for name, value in told.items() if name != "instalments"} == {
        "total_interest_fen": 327_973,
        "total_fee_fen": 200_000,
        "all_in_annual_rate": "0.098000",
        "effective_annual_rate": "0.102524",
    }


def test_every_choice_of_the_contract_is_taken(client: FlaskClient) -> None:
    for name, values in {
        "method": ("equal_instalment", "equal_principal", "interest_only", "bullet", "flat"),
        "day_count": ("30/360", "act/360", "act/365", "act/act"),
        "rounding": ("half_up", "half_even"),
        "smoothing": (False, True),
        "every": [{"unit": unit, "count": count} for unit in ("day", "week", "month", "year") for count in (1, 2)],
        "due_on": ([f"2026-{month:02d}-20" for month in range(2, 13)] + ["2027-01-20"],),
    }.items():
        for value in values:
            answer = client.post(SCHEDULES, json={**ASKED, name: value})
            assert answer.status_code == 200, answer.text
            told = answer.get_json()
            assert sum(row["principal_fen"] for row in told["instalments"]) == ASKED["principal_fen"]
            assert told["instalments"][-1]["balance_fen"] == 0


def test_a_loan_without_interest_has_six_plain_places(client: FlaskClient) -> None:
    told = client.post(SCHEDULES, json={**ASKED, "annual_rate": "0"}).get_json()
    assert (told["all_in_annual_rate"], told["effective_annual_rate"]) == ("0.000000", "0.000000")


def test_both_outcomes_of_paying_early(client: FlaskClient) -> None:
    told = client.post(EARLY, json=EARLY_ASKED).get_json()
    assert told["pay_off_fen"] == 5_074_810
    lower, shorter = told["lower_instalment"], told["shorter_term"]
    assert [row["payment_fen"] for row in lower["instalments"]] == [521_474] * 5 + [521_473]
    assert lower["interest_saved_fen"] == 35_146
    assert (len(shorter["instalments"]), shorter["instalments"][-1]["payment_fen"]) == (4, 528_871)
    assert shorter["interest_saved_fen"] > lower["interest_saved_fen"]


def test_the_sum_that_settles_the_loan_comes_with_the_refusal(client: FlaskClient) -> None:
    refused = client.post(EARLY, json={**EARLY_ASKED, "amount_fen": 9_000_000})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "prepayment.settles_loan")
    assert refused.get_json()["context"] == {"pay_off_fen": 5_074_810}


REFUSED: list[tuple[dict[str, Any], int, str]] = [
    ({"start_on": "2026-02-31"}, 422, "request.invalid"),
    ({"start_on": "9999-06-01"}, 422, "schedule.date_out_of_range"),
    ({"start_on": "0000-01-01"}, 422, "request.invalid"),
    ({"start_on": "2026-W03-4"}, 422, "request.invalid"),
    ({"start_on": "20260115"}, 422, "request.invalid"),
    ({"start_on": "2026-01-15T00:00:00"}, 422, "request.invalid"),
    ({"start_on": 20260115}, 422, "request.invalid"),
    ({"start_on": None}, 422, "request.invalid"),
    ({"principal_fen": 0}, 422, "schedule.principal_out_of_range"),
    ({"principal_fen": -1}, 422, "schedule.principal_out_of_range"),
    ({"principal_fen": 10**13}, 422, "schedule.principal_out_of_range"),
    ({"principal_fen": 10**17}, 400, "request.json_malformed"),
    ({"principal_fen": 10_000_000.5}, 400, "request.json_malformed"),
    ({"principal_fen": "10000000"}, 422, "request.invalid"),
    ({"principal_fen": True}, 422, "request.invalid"),
    ({"principal_fen": None}, 422, "request.invalid"),
    ({"instalments": 0}, 422, "schedule.instalments_out_of_range"),
    ({"instalments": 601}, 422, "schedule.instalments_out_of_range"),
    ({"instalments": "12"}, 422, "request.invalid"),
    ({"annual_rate": "NaN"}, 422, "request.invalid"),
    ({"annual_rate": "Infinity"}, 422, "request.invalid"),
    ({"annual_rate": "1e-2"}, 422, "request.invalid"),
    ({"annual_rate": "0.0_6"}, 422, "request.invalid"),
    ({"annual_rate": "０.０６"}, 422, "request.invalid"),
    ({"annual_rate": 0}, 422, "request.invalid"),
    ({"annual_rate": 0.06}, 400, "request.json_malformed"),
    ({"annual_rate": "-0.01"}, 422, "schedule.rate_out_of_range"),
    ({"annual_rate": "1.0001"}, 422, "schedule.rate_out_of_range"),
    ({"annual_rate": "0.0600000000001"}, 422, "schedule.rate_too_precise"),
    ({"method": "custom"}, 422, "request.invalid"),
    ({"method": 1}, 422, "request.invalid"),
    ({"day_count": "30/365"}, 422, "request.invalid"),
    ({"rounding": "down"}, 422, "request.invalid"),
    ({"smoothing": "yes"}, 422, "request.invalid"),
    ({"every": {"unit": "fortnight"}}, 422, "request.invalid"),
    ({"every": {"unit": "month", "count": 0}}, 422, "schedule.period_out_of_range"),
    ({"every": {"unit": "year", "count": 3660}, "instalments": 600}, 422, "schedule.date_out_of_range"),
    ({"every": None}, 422, "request.invalid"),
    ({"instalments": 2, "due_on": ["2026-03-01", "2026-02-01"]}, 422, "schedule.due_on_not_ascending"),
    ({"instalments": 2, "due_on": ["2026-03-01", "2026-03-01"]}, 422, "schedule.due_on_not_ascending"),
    ({"instalments": 1, "due_on": ["2026-01-15"]}, 422, "schedule.due_on_before_start"),
    ({"due_on": ["2026-03-01"]}, 422, "schedule.due_on_count"),
    ({"due_on": []}, 422, "schedule.due_on_count"),
    ({"instalments": 1, "due_on": ["2026-02-31"]}, 422, "request.invalid"),
    ({"instalments": 1, "due_on": [None]}, 422, "request.invalid"),
    ({"fees": [{"at": "start", "amount_fen": -1}]}, 422, "schedule.fee_out_of_range"),
    ({"fees": [{"at": "start", "amount_fen": 10_000_000}]}, 422, "cost.proceeds_not_positive"),
    ({"fees": [{"at": "start", "amount_fen": 10_000_000 - 1}]}, 422, "cost.rate_out_of_range"),
    ({"fees": [{"at": "end", "amount_fen": 1}]}, 422, "request.invalid"),
    ({"fees": [{"at": "start", "amount_fen": 0}] * 101}, 422, "request.invalid"),
    ({"surprise": 1}, 422, "request.invalid"),
]


@pytest.mark.parametrize(("change", "status", "code"), REFUSED, ids=[str(change)[:60] for change, _, _ in REFUSED])
def test_refused_terms_are_problems(client: FlaskClient, change: dict[str, Any], status: int, code: str) -> None:
    early = {**EARLY_ASKED, "schedule": {**ASKED, **change}}
    for path, body in ((SCHEDULES, {**ASKED, **change}), (EARLY, early)):
        if path == EARLY and code.startswith("cost."):
            continue  # what is left of the loan has a yearly cost, whatever was charged at its start
        answer = client.post(path, data=json.dumps(body), content_type="application/json")
        told = answer.get_json()
        assert (answer.mimetype, answer.status_code) == ("application/problem+json", status), answer.text
        assert told["code"] == code
        assert told["type"] == f"/docs/errors/{told['code']}" and told["detail"]
        if code == "request.invalid":
            assert told["errors"][0]["location"] == "json" and told["errors"][0]["field"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"on": "2026-02-31"}, "request.invalid"),
        ({"on": "2026-01-14", "payments": []}, "prepayment.before_start"),
        ({"on": "2026-06-15"}, "prepayment.payment_after_day"),
        ({"payments": [{"on": "2026-01-14", "amount_fen": 1}]}, "prepayment.payment_before_start"),
        ({"payments": [{"on": "2026-02-15", "amount_fen": 0}]}, "prepayment.payment_out_of_range"),
        ({"payments": [{"on": "2026-02-15", "amount_fen": 10**13}]}, "prepayment.payment_out_of_range"),
        ({"payments": [{"on": "2026-02-15", "amount_fen": 1}] * 1001}, "prepayment.too_many_payments"),
        ({"payments": {}}, "request.invalid"),
        ({"amount_fen": 0}, "prepayment.amount_out_of_range"),
        ({"amount_fen": 10**13}, "prepayment.amount_out_of_range"),
        ({"amount_fen": "1"}, "request.invalid"),
        ({"amount_fen": 1, "on": "2026-07-16"}, "prepayment.amount_too_small"),
        ({"on": "9999-12-31", "amount_fen": 1}, "prepayment.amount_too_small"),
        ({"schedule": {**ASKED, "method": "flat"}}, "prepayment.flat_not_supported"),
        ({"schedule": None}, "request.invalid"),
    ],
    ids=str,
)
def test_refused_early_repayments_are_problems(client: FlaskClient, change: dict[str, Any], code: str) -> None:
    answer = client.post(EARLY, json={**EARLY_ASKED, **change})
    assert (answer.status_code, answer.get_json()["code"]) == (422, code), answer.text


@pytest.mark.parametrize("raw", [b'{"principal_fen": NaN}', b'{"principal_fen": Infinity}', b"{", b"\xff", b"nothing"])
def test_what_is_no_json_is_malformed(client: FlaskClient, raw: bytes) -> None:
    answer = client.post(SCHEDULES, data=raw, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "request.json_malformed")


ANY_DAY = st.dates().map(str) | st.sampled_from(["9999-12-31", "0001-01-01", "2024-02-29"])
ANYTHING = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=3)
ANY_TERMS = st.fixed_dictionaries(
    {
        "principal_fen": st.integers(0, 10**12 + 1) | ANYTHING,
        "annual_rate": st.sampled_from(["0", "1", "0.0600", "0.999999999999", "0.000000000001", "2", ""]),
        "method": st.sampled_from(["equal_instalment", "equal_principal", "interest_only", "bullet", "flat"]),
        "instalments": st.integers(0, 60) | st.just(600) | ANYTHING,
        "start_on": ANY_DAY,
    },
    optional={
        "every": st.fixed_dictionaries(
            {"unit": st.sampled_from(["day", "week", "month", "year"]), "count": st.integers(0, 3661)}
        ),
        "due_on": st.lists(ANY_DAY, max_size=4).map(sorted),
        "day_count": st.sampled_from(["30/360", "act/360", "act/365", "act/act"]),
        "smoothing": st.booleans(),
        "fees": st.lists(
            st.fixed_dictionaries(
                {"at": st.sampled_from(["start", "instalment"]), "amount_fen": st.integers(0, 10**12)}
            ),
            max_size=2,
        ),
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(terms=ANY_TERMS, on=ANY_DAY, amount_fen=st.integers(0, 10**12))
def test_no_input_is_a_fault_of_ours(client: FlaskClient, terms: dict[str, Any], on: str, amount_fen: int) -> None:
    asked = {"schedule": terms, "on": on, "amount_fen": amount_fen, "payments": []}
    for path, body in ((SCHEDULES, terms), (EARLY, asked)):
        answer = client.post(path, json=body)
        assert answer.status_code in (200, 400, 422), answer.text


def test_the_same_question_is_answered_from_the_cache(client: FlaskClient) -> None:
    first = client.post(SCHEDULES, json=ASKED)
    keys = list(cache.redis().scan_iter("calculator:*"))
    assert len(keys) == 1 and 0 < cache.redis().ttl(keys[0]) <= 300
    cache.redis().set(keys[0], b'{"kept":true}')
    reordered = dict(reversed({**ASKED, "rounding": "half_up", "every": {"count": 1}}.items()))
    assert client.post(SCHEDULES, json=reordered).get_json() == {"kept": True}
    assert client.post(SCHEDULES, json={**ASKED, "instalments": 13}).get_json() != {"kept": True}
    assert first.status_code == 200


def test_a_refusal_is_not_kept(client: FlaskClient) -> None:
    client.post(SCHEDULES, json={**ASKED, "instalments": 0})
    assert list(cache.redis().scan_iter("calculator:*")) == []


def test_without_redis_the_answer_is_the_same(client: FlaskClient, servers: TestServers) -> None:
    expected = client.post(SCHEDULES, json=ASKED).get_json()
    cache.use("redis://127.0.0.1:1/0")
    try:
        assert client.post(SCHEDULES, json=ASKED).get_json() == expected
    finally:
        cache.use(servers.valkey_url)
