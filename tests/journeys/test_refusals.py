"""Everybody else's way through the house: refused with a reason they can act on, or kept waiting and then decided."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stack import Stack
from tests.story import Story

DECLINED = {
    "overdue_elsewhere": "K06",
    "court_listed": "K04",
    "young_business": "K02",
    "tax_grade_d": "K11",
    "many_queries": "K12",
    "low_invoices": "Q01",
    "high_debt": "Q02",
}


def ready_to_apply(stack: Stack, code: str) -> Story:
    story = Story(stack, code)
    story.open_embed_session()
    story.redeem()
    story.sign_in_by_mini_program()
    story.bind()
    story.consent()
    return story


@pytest.mark.parametrize(("code", "reason"), DECLINED.items())
def test_a_refusal_names_its_reason_and_what_would_change_it(stack, code, reason):
    story = ready_to_apply(stack, code)
    story.apply()
    application = story.wait_application("approved", "declined")
    assert application["status"] == "declined"
    decision = application["decision"]
    first = decision["reasons"][0]
    assert (decision["outcome"], first["code"]) == ("declined", reason)
    for words in (first["text"], first["requirement"], first["remedy"]):
        assert words["zh"] and words["en"]
    assert application["next_step"]["kind"] in ("improve", "none")
    assert len(decision["record_sha256"]) == 64
    stack.until(lambda: "application.declined" in story.webhook_types(), "the partner knows")
    told = next(body for body in story.webhooks() if body["type"] == "application.declined")
    assert reason not in str(told), "why is the customer's business, not the partner's"
    offer = f"/customer/v1/applications/{story.facts['application_id']}/cost-sheets"
    refused = story.ask("POST", offer, {"term_months": 12, "method": "equal_instalment"}, expect=409)
    assert refused["code"] == "application.not_offered"


@pytest.mark.parametrize(
    ("code", "refusal"),
    [("revoked_licence", "enterprise.not_active"), ("name_mismatch", "enterprise.legal_rep_mismatch")],
)
def test_a_business_that_is_not_the_persons_own_is_not_bound(stack, code, refusal):
    story = Story(stack, code)
    story.sign_in_by_mini_program()
    with pytest.raises(AssertionError, match=refusal):
        story.bind()
    assert story.ask("GET", "/customer/v1/me", expect=200)["level"]
    assert story.ask("GET", "/customer/v1/enterprises", expect=200)["items"] == []


@pytest.mark.parametrize(("code", "source"), [("bureau_down", "bureau"), ("tax_down", "tax")])
def test_a_source_that_is_down_is_waited_for_and_then_decided(stack, code, source):
    def down(*sources: str) -> Any:
        return stack.sandbox.post(f"/sandbox/api/personas/{code}", {"sources_down": list(sources)})

    down()
    story = ready_to_apply(stack, code)
    down(source)
    story.apply()
    waiting = story.wait_application("waiting_data", "declined", "approved")
    assert waiting["status"] == "waiting_data"
    assert waiting["decision"] is None
    assert source in waiting["waiting_for"]  # the registry is the tax authority's, too
    assert waiting["next_step"] == {"kind": "wait_source", "who": "bank"}
    down()
    stack.change("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE task_name = 'credit.decide_again'")
    decided = story.wait_application("approved", "declined")
    assert decided["status"] == "approved"
    assert [step["status"] for step in decided["timeline"]].count("waiting_data") == 1


def test_without_every_consent_nothing_is_asked(stack):
    story = Story(stack, "high_debt")
    story.open_embed_session()
    story.redeem()
    story.sign_in_by_mini_program()
    story.facts["enterprise_id"] = story.ask("GET", "/customer/v1/enterprises", expect=200)["items"][0]["id"]
    consents = story.ask("GET", "/customer/v1/consents", expect=200)["items"]
    given = next(item for item in consents if item["kind"] == "bureau_query" and not item["withdrawn_at"])
    story.ask("DELETE", f"/customer/v1/consents/{given['id']}")
    with pytest.raises(AssertionError, match="bureau_query"):
        story.apply()
