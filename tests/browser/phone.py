"""The mini-program in a browser the size of a phone: what a person taps and reads there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.looks import PICTURES, SCHEMES, web_frames
from tests.stack import Stack

expect.set_options(timeout=15_000)

ROOT = Path(__file__).parents[2]
AXE = ROOT / "devkit" / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
RULES_OFF = {"rules": {"region": {"enabled": False}}}  # the visual language's own exception
SETTLED = """new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  .then(() => Promise.all(document.getAnimations().map((fading) => fading.finished.catch(() => {}))))"""
EXPECTED_NOISE = re.compile(r"Failed to load resource")


class Phone:
    """One person's phone. `answers` is what the payment sheet is told: ok, cancel, fail, or "" to ask the person."""

    def __init__(self, chromium: Browser, stack: Stack, persona: str, *, answers: str = "ok", **wishes: Any) -> None:
        self.stack, self.persona = stack, persona
        self.context = chromium.new_context(
            **{
                "viewport": {"width": 375, "height": 780},
                "has_touch": True,
                "is_mobile": True,
                "locale": "zh-CN",
                "reduced_motion": "reduce",
                **wishes,
            }
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.said: list[str] = []
        self.page.on("console", lambda line: self._heard(line.type, line.text))
        self.page.on("pageerror", lambda error: self.said.append(f"{error} {error.stack}"))
        self.address = f"{stack.sandbox.base_url}/preview/phone.html?persona={persona}&pay={answers}"

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not EXPECTED_NOISE.search(text):
            self.said.append(text)

    def open(self, url: str = "") -> None:
        """Start the mini-program, on a page of it if one is named."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.address}#/{url}")

    @property
    def screen(self) -> Locator:
        """The page on top."""
        return self.page.locator("wx-page:visible")

    def button(self, name: str) -> Locator:
        """A button of the page on top."""
        return self.screen.get_by_role("button", name=name)

    def tap(self, name: str) -> None:
        """Tap a button."""
        self.button(name).tap()

    def choose(self, name: str) -> None:
        """Tap the button that says just this: two digits are also in a telephone number."""
        self.screen.get_by_role("button", name=name, exact=True).tap()

    def tap_twice(self, name: str) -> None:
        """Two taps on the spot of a button, faster than any answer."""
        spot = self.button(name).bounding_box()
        assert spot
        for _ in range(2):
            self.page.touchscreen.tap(spot["x"] + 20, spot["y"] + 20)

    def fill(self, name: str, text: str) -> None:
        """Type into a field."""
        self.screen.locator(f"input[aria-label='{name}'], [aria-label='{name}'] input").first.fill(text)

    def go(self, name: str) -> None:
        """Tap a line that leads somewhere."""
        self.screen.get_by_role("link").filter(has_text=name).first.tap()

    def reads(self, *texts: str) -> None:
        """The page on top shows all of this."""
        for text in texts:
            expect(self.screen.get_by_text(text).first).to_be_visible()

    def titled(self, title: str) -> None:
        """The bar names this page."""
        expect(self.page.locator("#title")).to_have_text(title)

    def sign_in(self) -> None:
        """From the first screen to being known."""
        self.open()
        self.tap("用微信登录")
        self.titled("登录")
        self.tap("用微信登录")
        expect(self.screen).to_have_attribute("data-route", "pages/home/home")

    def come_back(self, token: str) -> None:
        """The first page of somebody whose phone remembers a session: what `sign_in` leads to, without its steps."""
        kept = json.dumps(json.dumps({"token": token, "complete": True}))
        key = json.dumps(f"mini-program:{self.persona}:session")
        self.page.add_init_script(f"if (location.protocol.startsWith('http')) localStorage.setItem({key}, {kept})")
        self.open()
        expect(self.screen).to_have_attribute("data-route", "pages/home/home")

    def sign_in_as_somebody_new_too(self) -> None:
        """Like `sign_in`, for a persona that another test may have signed in already."""
        self.open()
        self.tap("用微信登录")
        self.titled("登录")
        self.tap("用微信登录")
        home = self.page.locator("wx-page[data-route='pages/home/home']:visible")
        number = self.button("用微信里的手机号")
        expect(home.or_(number).first).to_be_visible()
        if number.is_visible():
            self.tap("用微信里的手机号")
        expect(home).to_be_visible()

    def picture(self, name: str, *, beside: bool = True) -> None:
        """The page on top by day and by night, by itself and in the preview's phone; when pictures are asked for.

        `beside` False: the page lives on what its phone remembers and is not there when it is opened anew.
        """
        if not PICTURES:
            return
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        was, whole = self.page.viewport_size, self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": 375, "height": max(780, whole)})  # what sticks to the edge is in place
        shown = [(self.page, 375)] + ([(self._beside(), 1280)] if beside else [])
        for look in SCHEMES:
            for page, width in shown:
                page.emulate_media(color_scheme=look)
                for frame in web_frames(page):
                    frame.evaluate(SETTLED)
                page.screenshot(path=f"{PICTURES}/phone-{name}-{width}-{look}.png")
        self.page.emulate_media(color_scheme="light")
        if was:
            self.page.set_viewport_size(was)
        self.page.evaluate(SETTLED)
        for page, _ in shown[1:]:
            page.close()

    def _beside(self) -> Page:
        """The same page in the preview's phone."""
        route = self.page.url.partition("#/")[2]
        made = self.context.new_page()
        made.set_viewport_size({"width": 1280, "height": 900})
        made.goto(f"{self.stack.sandbox.base_url}/preview/index.html?persona={self.persona}&open={quote(route)}")
        expect(made.frame_locator("#phone").locator("wx-page .main")).to_be_visible()
        expect(made.frame_locator("#phone").locator("wx-page-root .loading")).to_have_count(0)
        return made

    def axe(self) -> list[str]:
        """What axe finds on the page as it is."""
        if not self.page.evaluate("typeof window.axe === 'object'"):
            self.page.add_script_tag(path=str(AXE))
        options = json.dumps(RULES | RULES_OFF)
        found: list[dict[str, Any]] = self.page.evaluate(f"axe.run({options}).then(r => r.violations)")
        return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
