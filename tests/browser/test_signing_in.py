"""Who the customer is: by WeChat or by phone, by codes that end, in sessions that end in the middle of everything."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Request, expect

from tests.browser.walk import Shopper
from tests.stack import Stack

pytestmark = pytest.mark.browser

WECHAT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
    "MicroMessenger/8.0.49(0x18003137) NetType/WIFI Language/zh_CN"
)
MINUTE_LATER = "UPDATE phone_codes SET created_at = created_at - interval '2 minutes'"
SESSIONS_END = "UPDATE customer_sessions SET expires_at = now() - interval '1 second'"
CODES_END = "UPDATE phone_codes SET expires_at = now() - interval '1 second'"


@pytest.fixture(autouse=True)
def _a_minute_later(stack: Stack) -> None:
    """One code a minute goes to a number; other tests may just have asked for one."""
    stack.change(MINUTE_LATER)


def by_wechat(one: Shopper) -> None:
    """From the shop to WeChat's page, and back with somebody known to WeChat."""
    one.to_checkout()
    one.apply()
    one.at("start")
    one.go()
    one.at("phone")
    one.bank.get_by_role("button", name="用微信登录").click()
    one.page.wait_for_url("**/connect/oauth2/authorize**")


def allow(one: Shopper) -> None:
    one.page.locator(f"[name=persona][value={one.persona['code']}]").check()
    one.page.get_by_role("button", name="允许").click()


def test_inside_wechat(shopper: Callable[..., Shopper], stack: Stack) -> None:
    """WeChat's own page, a number the first time, nothing to type the second; the way back belongs to this browser."""
    phone = {"width": 375, "user_agent": WECHAT, "is_mobile": True, "has_touch": True}
    one = shopper(mode="top_level", persona="revoked_licence", **phone)
    returns: list[str] = []

    def heard(asked: Request) -> None:
        if "/callbacks/wechat/oauth" in asked.url:
            returns.append(asked.url)

    one.page.on("request", heard)
    by_wechat(one)
    one.look_over("sandbox-wechat")
    allow(one)
    one.page.wait_for_url(re.compile("/embed/v1/page$"))  # neither code nor state stays in the address
    one.at("phone")
    one.look_over("widget-phone-wechat")
    one.give_phone()
    one.at("who")
    thief = shopper(mode="top_level", user_agent=WECHAT)
    answer = thief.page.goto(returns[0])
    assert answer is not None
    assert answer.status >= 400
    again = shopper(mode="top_level", persona="revoked_licence", width=375, user_agent=WECHAT)
    by_wechat(again)
    allow(again)
    again.at("who")
    expect(again.bank.locator("main")).to_contain_text(one.persona["person"]["phone"][-4:])


def test_somebody_who_says_no_to_wechat_can_use_the_number(shopper: Callable[..., Shopper]) -> None:
    one = shopper(mode="top_level", persona="revoked_licence", width=375, user_agent=WECHAT)
    by_wechat(one)
    one.page.locator("[name=snapshot]").check()
    allow(one)
    one.at("start")
    expect(one.bank.locator("[data-problem]")).to_contain_text("临时身份")
    one.look_over("widget-wechat-snapshot")


def test_a_session_that_ends_on_the_way_goes_on_at_the_same_step(shopper: Callable[..., Shopper], stack: Stack) -> None:
    one = shopper(mode="framed", persona="tax_down")
    one.to_checkout()
    one.apply()
    one.sign_in()
    one.go()
    one.at("basics")
    one.agree()
    one.at("identity")
    one.fill("[name=name]", one.persona["person"]["name"])
    one.fill("[name=id_no]", one.persona["person"]["id_no"])
    stack.change(f"{MINUTE_LATER}; {SESSIONS_END}")
    one.go()
    one.at("phone")
    expect(one.bank.locator("main")).to_contain_text("登录过期了")
    one.look_over("framed-expired")
    one.go()  # the number is there still
    one.at("code")
    one.fill("[name=code]", one.sms_code())
    one.go()
    one.at("identity")
    expect(one.bank.locator("[name=name]")).to_have_value(one.persona["person"]["name"])
    one.go()
    one.at("enterprise")


def test_a_code_that_has_expired_is_replaced(shopper: Callable[..., Shopper], stack: Stack) -> None:
    one = shopper(mode="top_level", persona="many_queries", width=375)
    one.to_checkout()
    one.apply()
    one.at("start")
    one.go()
    one.at("phone")
    one.fill("[name=phone]", one.persona["person"]["phone"])
    one.go()
    one.at("code")
    old = one.sms_code()
    stack.change(f"{MINUTE_LATER}; {CODES_END}")
    one.fill("[name=code]", old)
    one.go()
    expect(one.bank.locator("[data-problem]")).to_contain_text("验证码过期了")
    one.look_over("widget-code-expired")
    one.bank.get_by_role("button", name="重新发送").click()
    stack.until(lambda: one.sms_code() != old, "another code has come")
    one.fill("[name=code]", one.sms_code())
    one.go()
    one.at("who")


def test_back_over_every_screen_leads_to_the_shop(shopper: Callable[..., Shopper], stack: Stack) -> None:
    """The browser's own button, in a full page."""
    one = shopper(mode="top_level", width=375)
    one.to_checkout()
    one.apply()
    one.at("start")
    one.go()
    one.at("phone")
    one.page.go_back()
    one.at("start")
    one.page.evaluate("history.forward()")  # what was gone back over is answered anew
    stack.until(lambda: one.page.evaluate("(history.state?.depth ?? 0) === 0"), "the browser is where it was")
    one.at("start")
    one.go()
    one.at("phone")
    one.page.go_back()
    one.at("start")
    one.page.go_back(wait_until="commit")
    one.page.wait_for_url("**/shop/**")
