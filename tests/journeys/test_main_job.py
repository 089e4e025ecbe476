"""The main job: from the partner's order to the early pay-off, over HTTP, with real processes."""

from __future__ import annotations

import re

import pytest

from tests.stack import Stack
from tests.story import Story


@pytest.fixture(scope="module")
def told(stack: Stack) -> Story:
    """The whole story, told once; the tests look at it from all sides."""
    story = Story(stack)
    loan = story.until_active()
    story.facts["loan_at_start"] = loan
    stack.until(lambda: story.shop_order()["state"] == "paid", "the shop's order is paid")
    instalment = story.open_repayment("instalment")
    story.pay(instalment)
    story.facts["instalment"] = story.wait_repayment(instalment)
    story.facts["quote"] = story.ask("GET", f"/customer/v1/loans/{story.facts['loan_id']}/payoff-quote", expect=200)
    payoff = story.open_repayment("payoff")
    story.pay(payoff)
    story.facts["payoff"] = story.wait_repayment(payoff)
    stack.until(lambda: _told_all(story.webhook_types()), "the partner knows that the loan is settled")
    return story


def _told_all(types: list[str]) -> bool:
    return "loan.settled" in types and types.count("repayment.succeeded") == 2


def test_the_loan_is_what_was_signed(told):
    loan = told.facts["loan_at_start"]
    assert loan["principal_fen"] == told.amount_fen
    assert loan["status"] == "active"
    assert sum(row["principal_fen"] for row in loan["instalments"]) == told.amount_fen
    assert len(loan["instalments"]) == 12
    assert loan["next_payment_fen"] == loan["instalments"][0]["payment_fen"]


def test_the_instalment_and_the_pay_off_are_booked_to_the_fen(told):
    first = told.facts["loan_at_start"]["instalments"][0]
    paid = told.facts["instalment"]
    assert (paid["principal_fen"], paid["interest_fen"]) == (first["principal_fen"], first["interest_fen"])
    payoff, quote = told.facts["payoff"], told.facts["quote"]
    assert payoff["amount_fen"] == quote["total_fen"]
    assert payoff["principal_fen"] == told.amount_fen - first["principal_fen"]
    loan = told.loan()
    assert (loan["status"], loan["outstanding_principal_fen"], loan["credit_fen"]) == ("settled", 0, 0)


def test_the_receipt_says_the_amount_in_capital_figures(told):
    path = f"/customer/v1/repayments/{told.facts['instalment']['id']}/receipt"
    receipt = told.ask("GET", path, expect=200)
    assert receipt["amount_uppercase"].startswith("人民币")
    assert receipt["amount_fen"] == told.facts["instalment"]["amount_fen"]


def test_the_partner_was_told_once_of_each_step_and_in_order_about_each_thing(told):
    """Deliveries about different things may overtake each other; `sequence` orders those about one."""
    types = told.webhook_types()
    once = {"application.submitted", "application.approved", "contract.signed", "order.financed", "loan.settled"}
    assert {name: types.count(name) for name in once} == dict.fromkeys(once, 1)
    assert types.count("repayment.succeeded") == 2
    seen: dict[tuple[str, str], list[int]] = {}
    for body in told.webhooks():
        seen.setdefault((body["data"]["object"], body["data"]["id"]), []).append(body["data"]["sequence"])
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in seen.values()), seen


def test_every_invariant_holds(told, stack):
    printed = stack.run("invariants")
    assert "BROKEN" not in printed
    assert {line.split()[0] for line in printed.splitlines()} >= {"I1", "I3", "I4", "I5", "I6", "I9"}


def test_nothing_personal_is_in_the_logs_the_outbox_or_the_jobs(told, stack):
    person, wechat = told.persona["person"], told.persona["wechat"]
    canaries = [person["name"], person["id_no"], person["phone"], wechat["mini_openid"], told.token]
    canaries += [told.facts["client_token"], told.facts["frame_token"], told.persona["enterprise"]["uscc"]]
    history = "SELECT facts::text FROM state_changes UNION ALL SELECT facts::text FROM audit_entries"
    places = {
        "logs": stack.logs(),
        "outbox": str(stack.query("SELECT payload::text FROM outbox_events")),
        "jobs": str(stack.query("SELECT args::text FROM procrastinate_jobs")),
        "history": str(stack.query(history)),
    }
    found = [(place, canary[:4]) for place, text in places.items() for canary in canaries if canary and canary in text]
    assert found == []


def test_requests_can_be_found_in_the_logs_by_their_id(told, stack):
    response = told.http.get("/customer/v1/loans", headers={"Authorization": f"Bearer {told.token}"})
    request_id = response.headers["X-Request-Id"]
    assert re.search(rf'"request_id": ?"{request_id}"', stack.logs())


def test_a_settled_loan_takes_no_further_payment(told):
    path = f"/customer/v1/loans/{told.facts['loan_id']}/repayments"
    refused = told.ask("POST", path, {"kind": "payoff", "app": "mini"}, expect=409)
    assert refused["code"] == "loan.not_payable"


def test_another_customer_sees_nothing_of_it(told, stack):
    stranger = Story(stack, persona_code="thin_file")
    stranger.sign_in_by_phone()
    for path in (
        f"/customer/v1/loans/{told.facts['loan_id']}",
        f"/customer/v1/loans/{told.facts['loan_id']}/payoff-quote",
        f"/customer/v1/repayments/{told.facts['payoff']['id']}",
        f"/customer/v1/repayments/{told.facts['payoff']['id']}/receipt",
        f"/customer/v1/applications/{told.facts['application_id']}",
        f"/customer/v1/applications/{told.facts['application_id']}/contracts/{told.facts['contract_id']}/document",
    ):
        stranger.ask("GET", path, expect=404)
