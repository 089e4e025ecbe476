"""The badge and the door in partners' pages: local sums, no shift, no request for a changed amount."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.walk import Shopper
from tests.stack import Stack

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [375, 1280])
def test_the_badge_counts_by_itself(shopper: Callable[..., Shopper], width: int) -> None:
    one = shopper(width=width)
    asked: list[str] = []
    one.page.on("request", lambda request: asked.append(request.url))
    one.page.goto(f"{one.shop}/shop/products/fridge")
    badge = one.page.locator("loan-badge")
    expect(badge).to_contain_text("年化利率（单利）")
    expect(badge).to_contain_text("每期最多约 1,132 元")
    assert one.shifts() == []
    if width == 375:
        one.look_over("shop-product")
    bank = [url for url in asked if one.stack.embed_url in url]
    assert [url.rpartition("/")[2] for url in bank] == ["embed.js", "config.json"]
    one.page.locator("#quantity").fill("2")
    expect(badge).to_contain_text("每期最多约 2,263 元")
    badge.evaluate("badge => badge.setAttribute('amount-fen', '1')")
    expect(badge).to_be_hidden()
    badge.evaluate("badge => { badge.setAttribute('amount-fen', '1299900'); badge.setAttribute('locale', 'en') }")
    expect(badge).to_contain_text("at most about ¥1,132 a month")
    assert [url for url in asked if one.stack.embed_url in url] == bank


def test_loading_it_twice_is_loading_it_once(shopper: Callable[..., Shopper]) -> None:
    one = shopper()
    one.page.goto(f"{one.shop}/shop/products/fridge")
    same = one.page.evaluate(
        "url => Promise.all([import(url), import(url + '?again')]).then(([a, b]) => a.open === b.open)",
        f"{one.stack.embed_url}/embed/v1/embed.js",
    )
    assert same is True


def test_the_window_can_be_left_and_opened_again(shopper: Callable[..., Shopper]) -> None:
    one = shopper()
    one.to_checkout()
    one.apply()
    one.heading("用贷款付这笔订单")
    one.bank.get_by_role("button", name="关闭，回到商店").click()
    one.page.wait_for_url("**/shop/orders/**")  # the shop shows the order
    one.apply()
    one.heading("用贷款付这笔订单")
    expect(one.page.locator("iframe")).to_have_count(1)


def test_a_window_that_does_not_come_says_so(shopper: Callable[..., Shopper]) -> None:
    one = shopper()
    one.page.route(re.compile("/embed/v1/frame"), lambda route: route.abort())
    one.to_checkout()
    one.apply()
    expect(one.page.locator("dialog")).to_contain_text("银行的窗口没有打开")
    expect(one.page.locator("dialog button:visible")).to_have_count(3)  # again, as a full page, close


def test_the_phone_takes_over(shopper: Callable[..., Shopper], stack: Stack) -> None:
    desk = shopper(mode="qr")
    desk.to_checkout()
    with desk.page.expect_response(re.compile("/embed/v1/handoffs$")) as told:
        desk.apply()
        desk.heading("换到手机上继续")
    made = told.value.json()
    expect(desk.bank.locator(".match")).to_have_text(made["match_number"])
    desk.look_over("framed-handoff")
    phone = shopper(mode="top_level", persona="young_business", width=375)
    phone.page.goto(made["url"])
    expect(phone.page.locator(".match")).to_have_text(made["match_number"])
    phone.look_over("widget-match")
    phone.go()
    phone.heading("用贷款付这笔订单")
    expect(desk.bank.locator(".timeline")).to_contain_text("请在手机上继续")
    late = shopper(mode="top_level", width=375)
    late.page.goto(made["url"])
    late.heading("打不开")
