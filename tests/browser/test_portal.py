"""The portal in a browser: a stranger signs up and finds a way around, on any screen, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import looks
from tests.stack import Stack

pytestmark = pytest.mark.browser

PAGES = ("", "keys", "origins", "webhooks", "events", "calls", "team", "clock")


def look(page: Page, name: str) -> None:
    looks.look_over(page, f"portal-{name}")


def while_waiting(page: Page, link: Locator) -> None:
    """The worker sends; the page shows it when it is loaded again."""
    for _ in range(60):
        if link.count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError("the test event was not sent")


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_a_stranger_signs_up_and_finds_a_way_around(chromium: Browser, stack: Stack, locale: str) -> None:
    context = chromium.new_context(locale=locale)
    page, base = context.new_page(), f"{stack.web_url}/portal"
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{base}/sign-in")
    look(page, f"sign-in-{locale}")
    brand, card = (page.locator(f"main {part}").bounding_box() for part in (".brand", ".card"))
    assert brand and card and brand["y"] + brand["height"] <= card["y"] and card["width"] > 300, "one under the other"
    page.goto(f"{base}/sign-up")
    look(page, f"sign-up-{locale}")
    page.locator("input[name=company]").fill("测试云仓 Test Depot")
    page.locator("input[name=login]").fill(f"dev-{locale.lower()}")
    page.locator("input[name=password]").fill("a long enough password")
    page.locator("input[name=password]").press("Enter")
    expect(page.locator("h1")).to_contain_text("测试云仓")
    page.goto(f"{base}/keys")
    page.locator("form[action$='/keys'] button").click()
    expect(page.locator(".secret")).to_contain_text("sk_test_")
    look(page, f"new-key-{locale}")
    page.goto(f"{base}/origins")
    page.locator("input[name=origin]").fill("https://shop.example")
    page.locator("input[name=origin]").press("Enter")
    expect(page.locator("main")).to_contain_text("https://shop.example")
    page.goto(f"{base}/webhooks")
    page.locator("input[name=url]").fill(f"{stack.sandbox.base_url}/shop/webhooks")
    page.locator("input[name=url]").press("Enter")
    page.locator("h2 a").click()
    page.locator("form[action$='/test'] button").click()
    expect(page.locator("h1")).to_contain_text("/shop/webhooks")
    attempt = page.locator("a[href*='/attempts/']").first
    while_waiting(page, attempt)
    look(page, f"endpoint-{locale}")
    attempt.click()
    look(page, f"attempt-{locale}")
    for path in PAGES:
        page.goto(f"{base}/{path}")
        look(page, f"{path or 'overview'}-{locale}")
    assert said == []
    context.close()
