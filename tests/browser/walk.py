"""One shopper in a browser: through the shop to the bank's window and through its screens."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.stack import Stack

AXE = Path(__file__).parents[2] / "h5" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = os.environ.get("DUKOU_SCREENSHOTS", "")
LOOK = "new Promise((done) => setTimeout(done, 150))"
SHIFTS = """
window.shifts = [];
const told = ({ node, previousRect: was, currentRect: now }) => `${node?.nodeName} from ${was.y} to ${now.y}`;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifts.push(...entry.sources.map(told));
}).observe({ type: 'layout-shift', buffered: true });
"""
expect.set_options(timeout=20_000)
EXPECTED = re.compile(r"status of (4\d\d|503)|ERR_INTERNET_DISCONNECTED|ERR_FAILED|net::ERR|Failed to load resource")


class Shopper:
    """A browser of its own, a persona of the sandbox, a mode and a language."""

    def __init__(
        self,
        browser: Browser,
        stack: Stack,
        *,
        persona: str = "good",
        mode: str = "framed",
        width: int = 1280,
        scheme: str = "light",
        language: str = "zh",
        **context: Any,
    ) -> None:
        self.stack, self.mode, self.language = stack, mode, language
        self.persona = stack.sandbox.persona(persona)
        self.context = browser.new_context(
            viewport={"width": width, "height": 812 if width < 700 else 860},
            color_scheme=scheme,  # type: ignore[arg-type]
            **context,
        )
        shop = {"domain": "127.0.0.1", "path": "/"}
        self.context.add_cookies(
            [{"name": "shop_mode", "value": mode, **shop}, {"name": "shop_language", "value": language, **shop}]  # type: ignore[list-item]
        )
        self.context.add_init_script(SHIFTS)
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.said: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning") and not EXPECTED.search(message.text):
            self.said.append(message.text)

    # -- places --------------------------------------------------------------------------------------------------

    @property
    def shop(self) -> str:
        return self.stack.sandbox.base_url

    @property
    def bank(self) -> FrameLocator | Page:
        """Where the bank's screens are: in the frame, or in the page itself."""
        return self.page.frame_locator("iframe") if self.mode != "top_level" else self.page

    def heading(self, text: str) -> None:
        expect(self.bank.locator("h1")).to_contain_text(text, timeout=60_000)

    def go(self) -> None:
        """Tap the one thing to do."""
        self.bank.locator("[data-go]").click()

    def picture(self, name: str) -> None:
        """A picture of what is seen now, when somebody asked for pictures."""
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            self.page.evaluate(LOOK)
            self.page.screenshot(path=f"{PICTURES}/{name}.png")

    def axe(self) -> list[str]:
        """What axe finds in every frame of the page."""
        found: list[str] = []
        for frame in self.page.frames:
            if frame.url.startswith("http"):
                frame.evaluate(AXE.read_text())
                rules = frame.evaluate("axe.run({ rules: { region: { enabled: false } } })")
                found += [
                    f"{rule['id']}: {node['target']} {node['failureSummary']}"
                    for rule in rules["violations"]
                    for node in rule["nodes"]
                ]
        return found

    def shifts(self) -> list[str]:
        """What moved on the partner's page without being asked to."""
        return list(self.page.evaluate("window.shifts"))

    # -- the shop ------------------------------------------------------------------------------------------------

    def to_checkout(self, product: str = "fridge", quantity: int = 1) -> None:
        self.page.goto(f"{self.shop}/shop/products/{product}")
        self.page.locator("#quantity").fill(str(quantity))
        self.page.locator("button[name=then]").click()
        ready = self.page.locator("loan-apply[data-ready]")  # before that a tap goes the partner server's way
        expect(ready).to_be_visible()

    def apply(self) -> None:
        """From the check-out to the bank's first screen."""
        self.page.locator("loan-apply button").click()
        if self.mode == "top_level":
            self.page.wait_for_url(re.compile("/embed/v1/page"))

    def order_ref(self) -> str:
        found = re.search(r"/shop/orders/(YC\w+|[\w-]+)", self.page.url)
        assert found, self.page.url
        return found[1]

    # -- the bank's screens ----------------------------------------------------------------------------------------

    def sms_code(self) -> str:
        phone = self.persona["person"]["phone"]
        messages = self.stack.sandbox.get("/sandbox/api/sms", phone=phone)["messages"]
        newest: dict[str, Any] = max(messages, key=lambda message: message["sent_at"])
        return str(newest["params"]["code"])

    def sign_in(self) -> None:
        self.heading("用贷款付这笔订单")
        self.go()
        self.heading("手机号")
        self.bank.locator("[name=phone]").fill(self.persona["person"]["phone"])
        self.go()
        self.heading("6 位数字")
        self.bank.locator("[name=code]").fill(self.sms_code())
        self.go()
        self.heading("确认是你本人")

    def agree(self) -> None:
        """Tick every box that is asked, one by one."""
        boxes = self.bank.locator(".consent input:not(:disabled)")
        expect(boxes.first).to_be_visible()
        for index in range(boxes.count()):
            expect(boxes.nth(index)).not_to_be_checked()
            boxes.nth(index).check()
        self.go()

    def bind(self) -> None:
        self.go()
        self.heading("两份说明")
        self.agree()
        self.heading("身份证号")
        self.bank.locator("[name=name]").fill(self.persona["person"]["name"])
        self.bank.locator("[name=id_no]").fill(self.persona["person"]["id_no"])
        self.go()
        self.heading("哪家企业")
        self.bank.locator("[name=uscc]").fill(self.persona["enterprise"]["uscc"])
        self.go()

    def submit(self) -> None:
        self.heading("几项数据")
        self.agree()
        self.heading("分几期")
        self.go()

    def read_costs(self) -> None:
        self.heading("可以借这么多")
        self.go()
        self.heading("综合融资成本明示表")
        button = self.bank.locator("[data-go]")
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_attribute("aria-disabled", "false", timeout=30_000)
        self.go()
        self.heading("看合同")

    def open_contract(self) -> None:
        with self.page.expect_download() as told:
            self.bank.locator("[data-document]").click()
        assert Path(told.value.path()).read_bytes().startswith(b"%PDF")
        self.bank.locator("[name=agree]").check()

    def sign(self) -> None:
        self.open_contract()
        self.go()
        self.heading("合同生效")
        self.bank.locator("[name=code]").fill(self.sms_code())
        self.go()
