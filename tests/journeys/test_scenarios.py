"""The sandbox's scripted payments against the running system: whatever WeChat Pay does, money counts once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.drills.patient import like_the_good_one
from tests.stack import Stack
from tests.story import Story

PERSONA = "many_queries"


@pytest.fixture(scope="module")
def payer(stack: Stack) -> Story:
    """A customer with twelve instalments to pay."""
    like_the_good_one(stack, PERSONA)
    story = Story(stack, PERSONA)
    story.until_active()
    return story


@pytest.fixture(autouse=True)
def usual(stack: Stack) -> Iterator[None]:
    stack.sandbox.post("/sandbox/api/pay/settings", {"time_scale": 20.0})
    yield
    deaf(stack, 0)


def deaf(stack: Stack, times: int) -> None:
    """WeChat Pay does not answer the next questions, so that notices alone decide."""
    stack.sandbox.post("/sandbox/api/pay/faults", {"api": "query", "fault": "system_error", "times": times})


def opened(payer: Story) -> tuple[dict[str, Any], str]:
    """A repayment that waits for its money, and its order's number."""
    repayment = payer.open_repayment("instalment")
    sql = "SELECT out_trade_no FROM payment_orders WHERE reference_id = %(id)s"
    number = payer.stack.query(sql, {"id": repayment["repayment"]["id"]})[0][0]
    return repayment, str(number)


def play(stack: Stack, name: str, number: str) -> None:
    stack.sandbox.post(f"/sandbox/api/scenarios/{name}", {"out_trade_no": number})


def booked(stack: Stack, number: str) -> list[tuple[object, ...]]:
    sql = "SELECT disposition, reason FROM payment_transactions WHERE out_trade_no = %(number)s"
    return stack.query(sql, {"number": number})


def notices(stack: Stack, number: str) -> list[dict[str, Any]]:
    kept = stack.sandbox.get("/sandbox/api/pay/notices")["notices"]
    return [one for one in kept if one["resource"]["out_trade_no"] == number]


def answers(stack: Stack, number: str) -> set[int]:
    return {attempt["status"] for notice in notices(stack, number) for attempt in notice["attempts"]}


@pytest.mark.parametrize("name", ["duplicate", "lost", "signature_probe", "certificate_rotation"])
def test_the_payment_counts_once(stack: Stack, payer: Story, name: str) -> None:
    repayment, number = opened(payer)
    play(stack, name, number)
    payer.wait_repayment(repayment)
    if name == "duplicate":
        stack.until(lambda: len(notices(stack, number)[0]["attempts"]) == 21, "all copies are sent")
        assert answers(stack, number) == {204}
    if name == "signature_probe":
        stack.until(lambda: answers(stack, number) == {401, 204}, "the probe is refused, the next attempt is taken")
    if name == "certificate_rotation":
        stack.until(lambda: 401 in answers(stack, number), "a key that was never agreed on proves nothing")
    if name == "lost":
        assert answers(stack, number) == set()
    assert booked(stack, number) == [("credited", "matched")]


def test_a_wrong_amount_is_credited_to_nobody(stack: Stack, payer: Story) -> None:
    deaf(stack, 50)
    repayment, number = opened(payer)
    play(stack, "wrong_amount", number)
    stack.until(lambda: booked(stack, number), "the money is in suspense")
    assert booked(stack, number) == [("suspense", "amount_differs")]
    deaf(stack, 0)
    payer.wait_repayment(repayment, "closed")


def test_money_that_comes_after_the_close_is_in_suspense(stack: Stack, payer: Story) -> None:
    repayment, number = opened(payer)
    with pytest.raises(httpx.HTTPStatusError):
        play(stack, "late_after_close", number)
    payer.ask("POST", f"/customer/v1/repayments/{repayment['repayment']['id']}/cancellation", {}, expect=200)
    play(stack, "late_after_close", number)
    stack.until(lambda: booked(stack, number), "the money is in suspense")
    assert booked(stack, number) == [("suspense", "paid_after_close")]


def test_a_refund_that_is_told_before_its_payment(stack: Stack, payer: Story) -> None:
    deaf(stack, 50)
    repayment, number = opened(payer)
    play(stack, "out_of_order", number)
    payer.wait_repayment(repayment)
    events = [one["event_type"] for one in notices(stack, number)]
    assert sorted(events) == ["REFUND.SUCCESS", "TRANSACTION.SUCCESS"]
    assert answers(stack, number) == {204}
    assert len(booked(stack, number)) == 1


def test_every_rule_holds_after_all_of_it(stack: Stack, payer: Story) -> None:
    assert "BROKEN" not in stack.run("invariants")


def test_there_is_no_other_scenario(stack: Stack, payer: Story) -> None:
    _, number = opened(payer)
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        play(stack, "unheard_of", number)
