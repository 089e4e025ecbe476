"""From the product page to the paid order, in a frame and in a full page, as people do it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.walk import Shopper
from tests.stack import Stack

pytestmark = pytest.mark.browser


def paid(one: Shopper) -> None:
    """The shop's own page says so, told by the bank's webhook."""
    state = one.page.locator("[data-order-state]").first
    expect(state).to_have_attribute("data-order-state", "paid", timeout=30_000)


def test_in_the_partners_page(shopper: Callable[..., Shopper], stack: Stack) -> None:
    one = shopper(mode="framed", persona="name_mismatch")
    one.to_checkout()
    one.picture("checkout-1280")
    one.apply()
    one.heading("用贷款付这笔订单")
    expect(one.bank.locator("main")).to_contain_text("12,999.00 元")
    one.picture("start-1280")
    assert one.axe() == []
    one.go()
    one.bank.locator("[name=phone]").fill(one.persona["person"]["phone"])
    one.go()
    one.heading("6 位数字")
    one.page.evaluate("history.back()")  # over our own screens, with what was typed; the shop stays where it is
    one.heading("手机号")
    expect(one.bank.locator("[name=phone]")).to_have_value(one.persona["person"]["phone"])
    one.bank.get_by_role("button", name="返回").click()
    one.heading("用贷款付这笔订单")
    assert "/shop/checkout" in one.page.url
    assert stored(one) == {"cookie": "", "local": 0, "session": 0}
    one.page.keyboard.press("Escape")
    one.page.wait_for_url("**/shop/orders/**")


def stored(one: Shopper) -> object:
    """What the bank's frame keeps in the browser: nothing."""
    frame = next(frame for frame in one.page.frames if "/embed/v1/frame" in frame.url)
    return frame.evaluate(
        "({ cookie: document.cookie, local: localStorage.length, session: sessionStorage.length })"
    )


def test_to_the_paid_order_in_a_frame(shopper: Callable[..., Shopper]) -> None:
    one = shopper(mode="framed", persona="good")
    one.to_checkout()
    one.apply()
    one.sign_in()
    one.picture("who-1280")
    one.bind()
    one.heading("几项数据")
    one.picture("consents-1280")
    assert one.axe() == []
    one.submit()
    one.heading("可以借这么多")
    one.picture("offer-1280")
    one.read_costs()
    one.picture("contract-1280")
    one.sign()
    one.heading("已经付了")
    one.picture("done-1280")
    assert one.axe() == []
    assert one.shifts() == []
    one.go()
    one.page.wait_for_url("**/shop/orders/**")
    paid(one)
    one.picture("order-paid-1280")


def test_to_the_paid_order_in_a_full_page(shopper: Callable[..., Shopper]) -> None:
    """On a phone, in the dark, through the partner's server: no script of the partner takes part."""
    one = shopper(mode="top_level", persona="thin_file", width=375, scheme="dark")
    seen: list[str] = []
    one.page.on("request", lambda request: seen.append(request.url))
    one.to_checkout()
    one.picture("checkout-375")
    one.apply()
    one.heading("用贷款付这笔订单")
    one.picture("start-375-dark")
    assert one.axe() == []
    one.bank.get_by_role("button", name="English").click()
    one.heading("Pay this order with a loan")
    one.picture("start-375-dark-en")
    one.bank.get_by_role("button", name="中文").click()
    one.sign_in()
    one.picture("who-375-dark")
    one.bind()
    one.heading("几项数据")
    one.picture("consents-375-dark")
    one.submit()
    one.heading("可以借这么多")
    one.picture("offer-375-dark")
    assert one.axe() == []
    one.read_costs()
    one.picture("contract-375-dark")
    assert one.axe() == []
    one.sign()
    one.heading("已经付了")
    one.picture("done-375-dark")
    one.go()
    one.page.wait_for_url("**/shop/orders/**")
    paid(one)
    assert [url for url in seen if "ect_" in url or "epc_" in url or "eft_" in url] == []
