"""Pictures of every page of the mini-program, for a persona whose loan is active.

`python -m scripts.mini_program_pictures <sandbox> <persona> <folder>`
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = os.environ.get("DUKOU_CHROMIUM", "/usr/bin/chromium")
LOOKS: dict[str, dict[str, str]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "english": {"locale": "en"},
    "largest": {"textSize": "largest"},
}
SETTLE_MS = 700


def main() -> None:
    """Sign one persona in and photograph each page in each look."""
    sandbox, persona, folder = sys.argv[1].rstrip("/"), sys.argv[2], Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for look, wishes in LOOKS.items():
            _photograph(browser, f"{sandbox}/preview/phone.html?persona={persona}&pay=cancel", look, wishes, folder)
        browser.close()


def _photograph(browser: Browser, address: str, look: str, wishes: dict[str, str], folder: Path) -> None:
    scheme: Literal["dark", "light"] = "dark" if wishes.get("color_scheme") == "dark" else "light"
    context = browser.new_context(
        viewport={"width": 375, "height": 1700}, has_touch=True, is_mobile=True, device_scale_factor=2,
        locale="zh-CN", color_scheme=scheme,
    )  # fmt: skip
    page = context.new_page()
    persona = urlsplit(address).query.partition("persona=")[2].partition("&")[0]
    chosen = json.dumps({name: value for name, value in wishes.items() if name != "color_scheme"})
    page.goto(address)
    page.evaluate(f"localStorage.setItem('mini-program:{persona}:settings', '{chosen}')")
    for name, url in {"first-visit": "", "sign-in": "pages/sign-in/sign-in"}.items():
        _shoot(page, address, url, folder / f"{name}-{look}.png")
    page.locator("wx-page:visible wx-button").first.tap()
    page.locator("wx-page[data-route='pages/home/home']").wait_for()
    for name, url in _own_pages(page).items():
        _shoot(page, address, url, folder / f"{name}-{look}.png")
    _shoot_cancelled(page, address, folder / f"payment-{look}.png")
    context.close()


def _own_pages(page: Page) -> dict[str, str]:
    ask = """([path, key]) => fetch('bank' + path, {
        method: key ? 'POST' : 'GET',
        body: key ? '{}' : undefined,
        headers: {
            Authorization: 'Bearer ' + wx.getStorageSync('session').token,
            'Idempotency-Key': key,
            'Content-Type': 'application/json',
        },
    }).then(answer => answer.json())"""
    loan = page.evaluate(ask, ["/customer/v1/loans", ""])["items"][0]
    repayments = page.evaluate(ask, [f"/customer/v1/loans/{loan['id']}/repayments", ""])["items"]
    for one in repayments:
        if one["status"] in ("opened", "paying"):  # left by somebody who did not pay; it would stand in the way
            page.evaluate(ask, [f"/customer/v1/repayments/{one['id']}/cancellation", secrets.token_hex(16)])
    receipts = {f"receipt-{n}": f"loans/receipt/receipt?id={one['id']}" for n, one in enumerate(repayments)
                if one["status"] == "applied"}  # fmt: skip
    return {
        "home": "",
        "loans": "loans/list/list",
        "loan": f"loans/loan/loan?id={loan['id']}",
        "repay": f"loans/repay/repay?id={loan['id']}",
        "early": f"loans/early/early?id={loan['id']}",
        "applications": "applications/list/list",
        "application": f"applications/application/application?id={loan['application_id']}",
        "settings": "pages/settings/settings",
    } | receipts


def _shoot(page: Page, address: str, url: str, target: Path) -> None:
    page.goto("about:blank")
    page.goto(f"{address}#/{url}")
    page.locator("wx-page:visible .main").wait_for()
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=target)


def _shoot_cancelled(page: Page, address: str, target: Path) -> None:
    """The page after a payment that was cancelled; the repayment is given up again."""
    page.goto("about:blank")
    page.goto(address)
    page.locator("wx-page:visible wx-button").first.tap()
    page.locator("wx-page[data-route='loans/repay/repay'] .bottom-bar wx-button").tap()
    page.locator("wx-page[data-route='loans/payment/payment'] wx-button").nth(1).wait_for()
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=target)
    page.locator("wx-page:visible wx-button").nth(1).tap()
    page.wait_for_timeout(SETTLE_MS)


if __name__ == "__main__":
    main()
