"""When the answer is no, when somebody is down, when the network goes: said in words, nothing lost, nothing twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.walk import Shopper
from tests.stack import Stack
from tests.story import Story

pytestmark = pytest.mark.browser


@pytest.fixture
def ready(shopper: Callable[..., Shopper], stack: Stack) -> Callable[..., Shopper]:
    """Somebody known and bound, with every consent given, before the last question of the application."""

    def come(persona: str, **wishes: object) -> Shopper:
        story = Story(stack, persona_code=persona)
        story.sign_in_by_mini_program()
        story.bind()
        story.consent()
        one = shopper(persona=persona, **wishes)
        one.to_checkout()
        one.apply()
        one.sign_in()
        one.go()
        one.heading("哪家企业")
        one.go()
        one.heading("分几期")
        return one

    return come


def applications(stack: Stack, one: Shopper) -> int:
    """How many applications there are in this persona's enterprise."""
    query = "SELECT count(*) FROM applications a JOIN enterprises e ON e.id = a.enterprise_id WHERE e.uscc = %(uscc)s"
    return int(str(stack.query(query, {"uscc": one.persona["enterprise"]["uscc"]})[0][0]))


def test_a_refusal_gives_reason_and_remedy(ready: Callable[..., Shopper]) -> None:
    one = ready("overdue_elsewhere", width=375)
    one.look_over("framed-terms")
    one.go()
    one.heading("原因有")
    reason = one.bank.locator("[data-reason]").first
    expect(reason).to_contain_text("我们的要求")
    expect(reason.locator(".fix")).to_contain_text("怎么改")
    one.look_over("widget-declined")


def test_a_source_that_is_down_is_our_fault(ready: Callable[..., Shopper], stack: Stack) -> None:
    stack.sandbox.post("/sandbox/api/personas/bureau_down", {"sources_down": []})
    one = ready("bureau_down")
    stack.sandbox.post("/sandbox/api/personas/bureau_down", {"sources_down": ["tax"]})
    one.go()
    expect(one.bank.locator(".notice.idle")).to_contain_text("是我们这边的问题", timeout=30_000)
    one.look_over("framed-source-down")
    for status, heading, name in (("effective", "正在放款", "drawing"), ("expired", "过期了", "approval-expired")):
        pretend(one, status)  # what only time would bring
        one.heading(heading)
        one.look_over(f"framed-{name}")


def pretend(one: Shopper, status: str) -> None:
    """From now on the bank says this of the application."""

    def answer(route: Route) -> None:
        told = route.fetch(headers={**route.request.headers, "if-none-match": ""})
        route.fulfill(response=told, json=told.json() | {"status": status})

    one.page.route("**/customer/v1/applications/*", answer)


def test_a_wrong_code_says_how_many_tries_are_left(shopper: Callable[..., Shopper]) -> None:
    one = shopper(persona="revoked_licence", mode="top_level", width=375)
    one.to_checkout()
    one.apply()
    one.heading("用贷款付这笔订单")
    one.go()
    one.bank.locator("[name=phone]").fill("12345")
    one.go()
    expect(one.bank.locator(".wrong-text")).to_have_text("请填 11 位的大陆手机号")
    one.bank.locator("[name=phone]").fill(one.persona["person"]["phone"])
    one.go()
    one.heading("6 位数字")
    right = one.sms_code()
    one.bank.locator("[name=code]").fill("000000" if right != "000000" else "111111")
    one.go()
    expect(one.bank.locator("[data-problem]")).to_contain_text("验证码不对")
    expect(one.bank.locator("[data-problem]")).to_contain_text("还可以试 4 次")
    expect(one.bank.locator("[data-problem]")).to_contain_text("请求编号")
    one.look_over("widget-wrong-code")
    one.bank.locator("[name=code]").fill(right)
    one.go()
    one.heading("确认是你本人")
    # the page loaded again: the order is known still, the person signs in anew; the code of the way in is gone
    one.page.reload()
    one.heading("用贷款付这笔订单")


def test_an_answer_that_was_lost_is_asked_for_again_and_nothing_happens_twice(
    ready: Callable[..., Shopper], stack: Stack
) -> None:
    one = ready("tax_grade_d")
    before = applications(stack, one)  # others have lived with this business
    one.context.set_offline(True)
    expect(one.bank.locator(".notice.warn")).to_contain_text("网络断开了")
    one.go()
    expect(one.bank.locator("[data-problem]")).to_contain_text("网络没有连上")
    one.look_over("framed-offline")
    assert applications(stack, one) == before
    one.context.set_offline(False)
    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        done = route.fetch()  # the bank has done it; a second sending would carry a proof that is used up
        route.abort() if len(keys) < 4 else route.fulfill(response=done)

    one.page.route("**/embed/v1/applications", lose)
    one.bank.get_by_role("button", name="再试一次").click()
    expect(one.bank.locator("[data-problem]")).to_contain_text("再试一次不会重复办理")
    assert applications(stack, one) == before + 1
    one.bank.get_by_role("button", name="再试一次").click()
    expect(one.bank.locator("h1")).not_to_contain_text("分几期", timeout=60_000)
    assert applications(stack, one) == before + 1
    assert len(set(keys)) == 1


def test_a_second_tap_does_nothing(ready: Callable[..., Shopper], stack: Stack) -> None:
    one = ready("many_queries")
    sent: list[str] = []
    one.page.on("request", lambda asked: sent.append(asked.url))
    one.bank.locator("[data-go]").dblclick()
    expect(one.bank.locator("h1")).not_to_contain_text("分几期", timeout=60_000)
    assert len([url for url in sent if url.endswith("/embed/v1/applications")]) == 1
    assert applications(stack, one) == 1


def test_a_way_in_works_once(shopper: Callable[..., Shopper], stack: Stack) -> None:
    one = shopper(mode="top_level")
    order = stack.sandbox.post("/sandbox/api/shop/orders", {"amount_fen": 1_299_900})
    told = stack.sandbox.post(f"/shop/api/orders/{order['order_ref']}/loan-session", {"component": "apply"})
    one.page.goto(told["redirect_url"])
    one.heading("用贷款付这笔订单")
    assert "#" not in one.page.url
    two = shopper(mode="top_level")
    two.page.goto(told["redirect_url"])
    two.heading("打不开")
    expect(two.bank.locator("[data-problem]")).to_contain_text("只能用一次")
    assert two.axe() == []


def test_nobody_else_can_frame_it(shopper: Callable[..., Shopper], stack: Stack) -> None:
    """A page that is not the partner's: the browser itself refuses."""
    one = shopper()
    one.page.goto(f"{stack.web_url}/healthz")
    key = stack.sandbox.world["partner"]["publishable_key"]
    for partner, framed_by in ((key, stack.sandbox.base_url), ("pk_test_nobody", "'none'")):
        answer = one.page.request.get(f"{stack.embed_url}/embed/v1/frame?partner={partner}")
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors " in policy
        assert framed_by in policy.split("frame-ancestors ")[1]
        assert stack.web_url not in policy
