"""Pictures of the way to a loan in the mini-program, each page in each look, for a persona who has none yet.

`python -m scripts.mini_program_journey <sandbox> <persona> <folder>`; the persona should be one that is approved.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, expect, sync_playwright

from scripts.mini_program_pictures import CHROMIUM, LOOKS

SETTLE_MS = 500
TALLEST = 5000
expect.set_options(timeout=60_000)


class Walk:
    """One phone that stops on every page for a picture of each look."""

    def __init__(self, page: Page, sandbox: str, persona: str, folder: Path) -> None:
        self.page, self.sandbox, self.folder = page, sandbox, folder
        self.http = httpx.Client(trust_env=False, timeout=30)
        self.persona: dict[str, Any] = self.http.get(f"{sandbox}/sandbox/api/personas/{persona}").json()
        self.address = f"{sandbox}/preview/phone.html?persona={persona}&pay=cancel"

    def scene(self) -> tuple[str, str]:
        """(scene, number) of a code on a desktop of the demo shop."""
        browser = self.page.context.browser
        assert browser
        context = browser.new_context()
        context.add_cookies([{"name": "shop_mode", "value": "qr", "url": self.sandbox}])
        desk = context.new_page()
        desk.goto(f"{self.sandbox}/shop/products/fridge")
        desk.locator("button[name=then]").click()
        desk.locator("loan-apply[data-ready]").wait_for()
        with desk.expect_response(re.compile("/embed/v1/handoffs$")) as told:
            desk.locator("loan-apply button").click()
        made = told.value.json()
        context.close()
        return made["url"].partition("#h=")[2], made["match_number"]

    def sms_code(self) -> str:
        asked = {"phone": self.persona["person"]["phone"]}
        messages = self.http.get(f"{self.sandbox}/sandbox/api/sms", params=asked).json()["messages"]
        return str(max(messages, key=lambda one: one["sent_at"])["params"]["code"])

    def open(self, url: str) -> None:
        self.page.goto("about:blank")
        self.page.goto(f"{self.address}#/{url}")

    def at(self, route: str) -> None:
        """Wait for a page with its content."""
        expect(self.page.locator(f"wx-page[data-route='{route}']:visible .main")).to_be_visible()
        expect(self.page.locator("wx-page:visible .loading")).to_have_count(0)

    def tap(self, name: str | re.Pattern[str]) -> None:
        self.page.locator("wx-page:visible").get_by_role("button", name=name).first.tap()

    def fill(self, index: int, text: str) -> None:
        self.page.locator("wx-page:visible input").nth(index).fill(text)

    def tick(self) -> None:
        """Every box of the page."""
        for box in self.page.locator("wx-page:visible").get_by_role("checkbox").all():
            box.tap()

    def shoot(self, name: str) -> None:
        """This page in every look; afterwards it is as it was."""
        for look, wishes in LOOKS.items():
            self._wear(wishes)
            self.page.wait_for_timeout(SETTLE_MS)
            height = self.page.evaluate(f"Math.min(document.documentElement.scrollHeight, {TALLEST})")
            self.page.set_viewport_size({"width": 375, "height": max(780, int(height))})
            self.page.screenshot(path=self.folder / f"{name}-{look}.png")
            self.page.set_viewport_size({"width": 375, "height": 780})
        self._wear({})
        self.page.wait_for_timeout(SETTLE_MS)

    def _wear(self, wishes: dict[str, str]) -> None:
        """Settings change under a page that is shown again."""
        self.page.emulate_media(color_scheme="dark" if wishes.get("color_scheme") else "light")
        chosen = {name: value for name, value in wishes.items() if name != "color_scheme"}
        self.page.evaluate(f"wx.setStorageSync('settings', {json.dumps({'locale': 'zh-CN'} | chosen)})")
        for moment in ("hidden", "visible"):  # as if the person had been in another app
            hidden = json.dumps(moment == "hidden")
            self.page.evaluate(f"Object.defineProperty(document, 'hidden', {{value: {hidden}, configurable: true}})")
            self.page.evaluate("window.dispatchEvent(new Event('visibilitychange'))")

    def to_the_application(self) -> None:
        """From the scanned code to what was sent."""
        scene, number = self.scene()
        self.open(f"applications/handoff/handoff?scene={scene}")
        self.at("applications/handoff/handoff")
        self.shoot("handoff")
        self.tap(number)
        self.at("pages/sign-in/sign-in")
        self.tap("用微信登录")
        self.tap("用微信里的手机号")
        self.at("applications/consents/consents")
        self.shoot("consents")
        self.tick()
        self.tap("同意所选")
        self.at("applications/identity/identity")
        self.tap("核对身份")
        self.shoot("identity")
        self.fill(0, self.persona["person"]["name"])
        self.fill(1, self.persona["person"]["id_no"])
        self.tap("核对身份")
        self.at("applications/enterprise/enterprise")
        self.shoot("enterprise")
        self.fill(0, self.persona["enterprise"]["uscc"])
        self.tap("核对企业")
        self.at("applications/consents/consents")
        self.shoot("consents-sources")
        self.tick()
        self.tap("同意所选")
        expect(self.page.locator("wx-page:visible .question")).to_contain_text("征信")
        self.shoot("consents-bureau")
        self.tick()
        self.tap("同意所选")
        self.at("applications/terms/terms")
        self.shoot("terms")
        self.open("")
        self.shoot("home-handoff")
        self.tap("接着办")
        self.at("applications/terms/terms")
        self.tap("提交申请")
        self.at("applications/application/application")

    def to_the_loan(self) -> None:
        """From the decision to the paid order."""
        self.tap(re.compile("看成本明示表"))
        self.at("applications/costs/costs")
        self.shoot("costs")
        self.tap("我看懂了")
        self.at("applications/contract/contract")
        self.shoot("contract")
        self.tap("借款合同")
        self.page.get_by_role("dialog", name="文件").get_by_role("button", name="关闭").tap()
        self.tick()
        self.tap("获取验证码并签署")
        self.at("applications/sign/sign")
        self.tap("签署合同")
        self.shoot("sign")
        self.fill(0, self.sms_code())
        self.tap("签署合同")
        self.at("applications/application/application")
        expect(self.page.locator("wx-page:visible").get_by_role("button", name="看借款")).to_be_visible()
        self.shoot("application-drawn")


def main() -> None:
    """Walk once and photograph; a persona that is declined stops at the reasons."""
    sandbox, persona, folder = sys.argv[1].rstrip("/"), sys.argv[2], Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(
            viewport={"width": 375, "height": 780}, has_touch=True, is_mobile=True, device_scale_factor=2,
            locale="zh-CN", reduced_motion="reduce",
        )  # fmt: skip
        walk = Walk(context.new_page(), sandbox, persona, folder)
        walk.to_the_application()
        decided = walk.page.locator("wx-page:visible").get_by_text(re.compile("批准 |这次没有批，"))
        expect(decided.first).to_be_visible()
        approved = walk.page.locator("wx-page:visible .tag.ok").count() > 0
        walk.shoot("application-approved" if approved else "application-declined")
        if approved:
            walk.to_the_loan()
        browser.close()


if __name__ == "__main__":
    main()
