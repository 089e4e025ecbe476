"""The shop in Chromium, with the bank's elements on another site and without them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from sandbox.context import World
from tests.sandbox.fake_bank import FakeBank, running
from tests.sandbox.test_shop_webhooks import Bank

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("DUKOU_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shifts += entry.value; }))
  .observe({ type: 'layout-shift', buffered: true });
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def bank(world: World) -> Iterator[FakeBank]:
    with running(world.keys["partner"]) as bank:
        world.keys = {**world.keys, "partner": {**world.keys["partner"], "publishable_key": "pk_test_1"}}
        world.bank_url = bank.base_url
        yield bank


@pytest.fixture
def shop_url(sandbox_app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, sandbox_app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@contextmanager
def watched(browser: Browser, width: int = 1280) -> Iterator[Page]:
    """A page whose console stays silent: a blocked script or style would be said there."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.add_init_script(SHIFTS)
    yield page
    assert said == []
    page.close()


def test_badge_follows_the_quantity(browser: Browser, bank: FakeBank, shop_url: str) -> None:
    with watched(browser) as page:
        page.goto(f"{shop_url}/shop/products/fridge")
        badge = page.locator("loan-badge")
        expect(badge).to_contain_text("loan-badge 1299900 framed")
        page.get_by_role("button", name="增加").click()
        expect(badge).to_contain_text("loan-badge 2599800")
        expect(page.locator("[data-subtotal]")).to_have_text("小计 ¥25,998.00")


@pytest.mark.parametrize("width", [375, 1280])
def test_from_product_to_paid_order(
    browser: Browser, bank: FakeBank, shop_url: str, sandbox_app: Flask, world: World, width: int
) -> None:
    with watched(browser, width) as page:
        page.goto(f"{shop_url}/shop/products/truck")
        page.get_by_role("button", name="立即采购").click()
        page.locator("loan-apply").get_by_role("button", name="loan-apply").click()
        page.locator("loan-apply").get_by_role("button", name="close").click()
        page.wait_for_url("**/shop/orders/YC*")
        order_ref = page.url.rsplit("/", 1)[1]
        [(_, asked)] = bank.requests
        assert (asked["order"]["order_ref"], asked["origins"]) == (order_ref, [shop_url])
        expect(page.locator(".tag")).to_have_text("待付款")
        messages = Bank(sandbox_app.test_client(), world)
        messages.tell("application.submitted", order_ref)
        expect(page.locator(".tag")).to_have_text("银行办理中", timeout=10_000)
        messages.tell("order.financed", order_ref, amount_fen=988000)
        expect(page.locator(".tag")).to_have_text("已付款", timeout=10_000)


def test_two_taps_and_a_second_window_make_one_order(browser: Browser, bank: FakeBank, shop_url: str) -> None:
    with watched(browser) as page:
        page.goto(f"{shop_url}/shop/products/pos")
        page.get_by_role("button", name="立即采购").click()
        apply = page.locator("loan-apply").get_by_role("button", name="loan-apply")
        apply.dblclick()
        expect(page.locator("loan-apply").get_by_role("button", name="close")).to_have_count(2)
        assert len({asked["order"]["order_ref"] for _, asked in bank.requests}) == 1
        assert len({headers["Idempotency-Key"] for headers, _ in bank.requests}) == 2


def test_when_the_bank_gives_no_token_the_shop_says_so(browser: Browser, bank: FakeBank, shop_url: str) -> None:
    bank.answers = [(503, b'{"code":"busy"}')]
    page = browser.new_page()
    page.goto(f"{shop_url}/shop/products/pos")
    page.get_by_role("button", name="立即采购").click()
    page.locator("loan-apply").get_by_role("button", name="loan-apply").click()
    expect(page.locator("[data-loan-note]")).to_contain_text("银行的窗口没有打开")
    page.close()


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("path", ["/shop", "/shop/products/fridge", "/shop/seller"])
def test_nothing_jumps_or_overflows(browser: Browser, shop_url: str, world: World, path: str, width: int) -> None:
    world.keys = {**world.keys, "partner": {**world.keys["partner"], "publishable_key": None}}  # the shop by itself
    with watched(browser, width) as page:
        page.goto(shop_url + path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.shifts") == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_the_banks_script_the_text_stands_there(browser: Browser, shop_url: str, world: World) -> None:
    world.keys = {**world.keys, "partner": {**world.keys["partner"], "publishable_key": "pk_test_1"}}
    world.bank_url = "http://localhost:9"  # nobody listens: the script does not load
    page = browser.new_page()
    page.goto(f"{shop_url}/shop/products/fridge")
    expect(page.locator("loan-badge")).to_contain_text("批准与否由银行决定")
    page.get_by_role("button", name="立即采购").click()
    page.get_by_role("button", name="去银行申请").click()
    page.wait_for_url("**/shop/orders/YC*?note=loan_unavailable")
    expect(page.get_by_text("订单没有受影响")).to_be_visible()
    page.close()
