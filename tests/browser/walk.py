"""One shopper in a browser: through the shop to the bank's window and through its screens."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser import looks
from tests.stack import Stack

# The focused element is this one, and the ring around it is drawn.
HAS_FOCUS = """(selector) => {
  const now = document.activeElement;
  if (!document.hasFocus() || !now?.matches(selector)) return false;
  const ring = [now, now.closest('label')].some((node) => node && getComputedStyle(node).outlineStyle !== 'none');
  if (!ring) throw new Error(`no focus ring on ${selector}`);
  return true;
}"""
CHINESE = """(body) => {
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT), found = [];
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    const ours = parentElement.checkVisibility() && !parentElement.closest("[lang=zh-CN]");
    if (ours && /[\\u4e00-\\u9fff]/.test(data)) found.push(data);
  }
  return found;
}"""
SHIFTS = """
window.shifts = [];
const told = ({ node, previousRect: was, currentRect: now }) => `${node?.nodeName} from ${was.y} to ${now.y}`;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifts.push(...entry.sources.map(told));
}).observe({ type: 'layout-shift', buffered: true });
"""
expect.set_options(timeout=20_000)
# The headings of the bank's screens, in both languages.
SCREENS = {
    "start": ("用贷款付这笔订单", "Pay this order with a loan"),
    "phone": ("手机号", "mobile number"),
    "code": ("6 位数字", "six digits"),
    "who": ("确认是你本人", "Is this you"),
    "basics": ("两份说明", "Two texts first"),
    "identity": ("身份证号", "resident ID number"),
    "enterprise": ("哪家企业", "Which business"),
    "sources": ("两项企业数据", "business data"),
    "bureau": ("授权银行查询你的征信", "query your credit record"),
    "terms": ("分几期", "how many months"),
    "offer": ("可以借这么多", "You can borrow"),
    "costs": ("综合融资成本明示表", "Statement of all costs"),
    "contract": ("看合同", "Read the contract"),
    "confirm": ("合同生效", "Enter the code to sign"),
    "done": ("已经付了", "Your order is paid"),
}
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
            reduced_motion="reduce",
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

    def at(self, screen: str) -> None:
        """The bank shows this screen, in the shopper's language."""
        self.heading(SCREENS[screen][self.language == "en"])

    def chinese(self) -> list[str]:
        """Chinese words on the bank's screens besides names of people, firms and goods, and texts marked as Chinese."""
        world, found = self.stack.sandbox.world, []
        merchant = world["partner"]["merchant"]
        goods = [product["name"] for product in self.stack.sandbox.get("/shop/api/products")["products"]]
        names = [world["partner"]["name"], *merchant.values(), self.persona["enterprise"]["name"], *goods]
        for text in self.bank.locator("body").evaluate(CHINESE):
            rest = text
            for name in sorted(names, key=len, reverse=True):
                rest = rest.replace(name, "")
            found += [text] if re.search("[\u4e00-\u9fff]", rest) else []
        return found

    # -- hands: overridden by those who have no mouse -----------------------------------------------------------------

    def press(self, selector: str) -> None:
        """Tap something in the bank's screens."""
        self.bank.locator(selector).click()

    def fill(self, selector: str, text: str) -> None:
        self.bank.locator(selector).fill(text)

    def tick(self, selector: str) -> None:
        self.bank.locator(selector).check()

    def go(self) -> None:
        """Tap the one thing to do."""
        self.press("[data-go]")

    def look_over(self, name: str) -> None:
        """Both widths, day and night: nothing cut, nothing for axe; a picture of each when somebody asked for them.

        In the shop the bank's window shows what fits; as a full page it shows all of itself.
        """
        looks.look_over(self.page, name, full=self.page.locator("dialog[open]").count() == 0)

    def axe(self) -> list[str]:
        """What axe finds in every frame of the page."""
        return looks.axe(self.page)

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
        self.at("start")
        self.go()
        self.at("phone")
        self.give_phone()
        self.at("who")

    def give_phone(self) -> None:
        """The number and the code that comes."""
        self.fill("[name=phone]", self.persona["person"]["phone"])
        self.go()
        self.at("code")
        self.fill("[name=code]", self.sms_code())
        self.go()

    def agree(self) -> None:
        """Tick every box that is asked, one by one."""
        boxes = self.bank.locator(".consent:has(input:not(:disabled))")
        expect(boxes.first).to_be_visible()
        for kind in [str(boxes.nth(index).get_attribute("data-consent")) for index in range(boxes.count())]:
            box = f".consent[data-consent={kind}] input"
            expect(self.bank.locator(box)).not_to_be_checked()
            self.tick(box)
        self.go()

    def bind(self) -> None:
        self.go()
        self.at("basics")
        self.agree()
        self.at("identity")
        self.give_identity()
        self.at("enterprise")
        self.fill("[name=uscc]", self.persona["enterprise"]["uscc"])
        self.go()

    def give_identity(self) -> None:
        self.fill("[name=name]", self.persona["person"]["name"])
        self.fill("[name=id_no]", self.persona["person"]["id_no"])
        self.go()

    def submit(self) -> None:
        self.at("sources")
        self.agree()
        self.at("bureau")
        self.agree()
        self.at("terms")
        self.go()

    def read_costs(self) -> None:
        self.at("offer")
        self.go()
        self.at("costs")
        button = self.bank.locator("[data-go]")
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_attribute("aria-disabled", "false", timeout=30_000)
        self.go()
        self.at("contract")

    def open_contract(self) -> None:
        with self.page.expect_download() as told:
            self.press("[data-document]")
        assert Path(told.value.path()).read_bytes().startswith(b"%PDF")
        self.tick("[name=agree]")

    def sign(self) -> None:
        self.open_contract()
        self.go()
        self.at("confirm")
        self.fill("[name=code]", self.sms_code())
        self.go()


class Typist(Shopper):
    """Somebody who has a keyboard and no mouse."""

    def reach(self, selector: str) -> None:
        """Go from field to field until this one has the focus, which must be seen."""
        for _ in range(80):
            if any(frame.evaluate(HAS_FOCUS, selector) for frame in looks.web_frames(self.page)):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not get to {selector}")

    def press(self, selector: str) -> None:
        expect(self.bank.locator(selector)).to_be_visible()
        self.reach(selector)
        self.page.keyboard.press("Enter")

    def fill(self, selector: str, text: str) -> None:
        expect(self.bank.locator(selector)).to_be_visible()
        self.reach(selector)
        self.page.keyboard.type(text)

    def tick(self, selector: str) -> None:
        self.reach(selector)
        self.page.keyboard.press("Space")

    def to_checkout(self, product: str = "fridge", quantity: int = 1) -> None:
        self.page.goto(f"{self.shop}/shop/products/{product}")
        self.reach("button[name=then]")
        self.page.keyboard.press("Enter")
        expect(self.page.locator("loan-apply[data-ready]")).to_be_visible()

    def apply(self) -> None:
        self.reach("loan-apply button")
        self.page.keyboard.press("Enter")
