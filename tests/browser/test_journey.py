"""From the product page to the paid order, in a frame and in a full page, as people do it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import looks
from tests.browser.walk import Shopper
from tests.stack import Stack

pytestmark = pytest.mark.browser
NOBODYS_PHONE = "13900000001"


def paid(one: Shopper) -> None:
    """The shop's own page says so, told by the bank's webhook."""
    state = one.page.locator("[data-order-state]").first
    expect(state).to_have_attribute("data-order-state", "paid", timeout=30_000)


def test_in_the_partners_page(shopper: Callable[..., Shopper], stack: Stack) -> None:
    one = shopper(mode="framed")
    one.to_checkout()
    one.look_over("shop-checkout")
    one.apply()
    one.at("start")
    expect(one.bank.locator("main")).to_contain_text("12,999.00 元")
    one.look_over("framed-start")
    one.go()
    one.fill("[name=phone]", NOBODYS_PHONE)
    one.go()
    one.at("code")
    one.page.evaluate("history.back()")  # over our own screens, with what was typed; the shop stays where it is
    one.at("phone")
    expect(one.bank.locator("[name=phone]")).to_have_value(NOBODYS_PHONE)
    one.bank.get_by_role("button", name="返回").click()
    one.at("start")
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


def test_with_the_keyboard_alone(shopper: Callable[..., Shopper]) -> None:
    """In the partner's page, without a mouse, from the product page to the paid order."""
    one = shopper(mode="framed", persona="good", hands="keyboard")
    one.to_checkout()
    one.apply()
    one.sign_in()
    one.bind()
    one.at("sources")
    assert one.shifts() == []
    one.look_over("framed-sources")
    one.submit()
    one.at("offer")
    one.look_over("framed-offer")
    one.read_costs()
    one.look_over("framed-contract")
    one.sign()
    one.at("done")
    one.look_over("framed-done")
    one.go()
    one.page.wait_for_url("**/shop/orders/**")
    paid(one)
    one.look_over("shop-order-paid")


def test_in_english_in_a_full_page(shopper: Callable[..., Shopper]) -> None:
    """On a phone, in the dark, through the partner's server; every screen in both languages and at twice the size."""
    one = shopper(mode="top_level", persona="thin_file", width=375, scheme="dark", language="en")
    seen: list[str] = []
    one.page.on("request", lambda request: seen.append(request.url))
    one.to_checkout()
    one.apply()
    for screen, on in (("start", one.go), ("phone", one.give_phone), ("who", one.go), ("basics", one.agree)):
        read(one, screen)
        on()
    read(one, "identity")
    one.give_identity()
    read(one, "enterprise")
    one.fill("[name=uscc]", one.persona["enterprise"]["uscc"])
    one.go()
    for screen, on in (("sources", one.agree), ("bureau", one.agree), ("terms", one.go), ("offer", one.go)):
        read(one, screen)
        on()
    read(one, "costs")
    expect(one.bank.locator("[data-go]")).to_have_attribute("aria-disabled", "false", timeout=30_000)
    one.go()
    read(one, "contract")
    one.open_contract()
    one.go()
    read(one, "confirm")
    one.fill("[name=code]", one.sms_code())
    one.go()
    read(one, "done")
    assert [url for url in seen if "ect_" in url or "epc_" in url or "eft_" in url] == []
    one.page.go_back()  # what was signed is not gone back over: the way leads to the shop
    one.page.wait_for_url("**/shop/orders/**")
    paid(one)


def read(one: Shopper, screen: str) -> None:
    """The screen in English without a word of Chinese, then in Chinese; both also at twice the size."""
    one.at(screen)
    assert one.chinese() == [], screen
    assert looks.largest_text(one.page) == [], f"{screen}, English at 200 %"
    if looks.PICTURES:
        one.look_over(f"widget-{screen}-english")
    switch(one, "zh", "中文")
    one.at(screen)
    one.look_over(f"widget-{screen}")
    assert looks.largest_text(one.page) == [], f"{screen} at 200 %"
    switch(one, "en", "English")
    one.at(screen)


def switch(one: Shopper, language: str, label: str) -> None:
    one.language = language
    one.bank.get_by_role("button", name=label).click()
