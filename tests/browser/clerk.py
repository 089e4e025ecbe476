"""A member of the bank's staff before the console, with a mouse or with the keyboard alone."""

from __future__ import annotations

from typing import Any

import pyotp
from playwright.sync_api import Browser, Page, expect

from tests.browser import looks
from tests.stack import Stack

FORGET_CODE = "UPDATE staff SET totp_used_step = 0"
IDLE = "UPDATE staff_sessions SET seen_at = seen_at - interval '16 minutes'"
FOCUSED = "selector => document.activeElement?.matches(selector) ?? false"


class Clerk:
    """One browser of one member of staff; everything its console says is kept in `said`."""

    def __init__(self, browser: Browser, stack: Stack, *, width: int = 1280, **wishes: Any) -> None:
        self.stack = stack
        self.account: dict[str, str] = dict(stack.demo["staff"])  # type: ignore[call-overload]
        self.context = browser.new_context(
            viewport={"width": width, "height": looks.SIZES[width]}, reduced_motion="reduce", **wishes
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.said: list[str] = []
        self.page.on("console", lambda line: self.said.append(line.text) if line.type == "warning" else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def open(self, path: str) -> None:
        """A page of the console by its address."""
        self.page.goto(f"{self.stack.web_url}/console/{path}")

    def code(self) -> str:
        """What the authenticator shows."""
        return pyotp.TOTP(self.account["totp_secret"]).now()

    def give(self, **changes: str) -> None:
        """Fill the sign-in form in and send it."""
        for name, text in {"email": self.account["email"], "password": self.account["password"], **changes}.items():
            self.page.locator(f"[name={name}]").fill(text)
        self.page.get_by_role("button", name="登录").click()

    def sign_in(self) -> None:
        """A code is good once: the one before is forgotten, as if half a minute had gone by."""
        self.stack.change(FORGET_CODE)
        self.open("sign-in")
        self.give(code=self.code())
        self.reads("现在要做的")

    def reads(self, *texts: str) -> None:
        """The page shows all of this."""
        for text in texts:
            expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()

    def heading(self, text: str) -> None:
        expect(self.page.locator("h1")).to_contain_text(text)

    def follow(self, name: str) -> None:
        """The link of this name in the page's own part."""
        self.page.locator("main").get_by_role("link", name=name).first.click()

    # -- without a mouse ---------------------------------------------------------------------------------------------

    def reach(self, selector: str) -> None:
        """From field to field until this one has the focus."""
        for _ in range(80):
            if self.page.evaluate(FOCUSED, selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not get to {selector}")

    def key(self, selector: str, how: str = "Enter") -> None:
        """Go to something and press a key on it."""
        self.reach(selector)
        self.page.keyboard.press(how)

    def write(self, selector: str, text: str) -> None:
        """Go to a field and type."""
        self.reach(selector)
        self.page.keyboard.type(text)
