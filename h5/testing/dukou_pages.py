"""Page objects for partners' own tests with Playwright for Python: `Widgets(page)`; nothing of ours is imported."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import FrameLocator, Page

NAMES = (
    "ready render resize open close offer.shown offer.dismissed prequal.result apply.step apply.done"
    " application.submitted handoff.created handoff.scanned handoff.confirmed handoff.completed repay.submitted"
    " token.expiring exit error"
)
LISTEN = f"""
window.loanEvents = [];
for (const name of '{NAMES}'.split(' ')) {{
  document.addEventListener(`loan:${{name}}`, ({{ detail }}) => window.loanEvents.push({{ name, ...detail }}));
}}
"""


class Widgets:
    """The elements of a page, and the events they sent since it was opened."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.add_init_script(LISTEN)  # make this object before `goto`
        self.badge = page.locator("loan-badge")
        self.offer = page.locator("loan-offer")
        self.apply = page.locator("loan-apply")
        self.mock = page.locator("dialog[data-loan-mock]")

    def details(self) -> list[dict[str, Any]]:
        """Every event with its envelope."""
        return list(self.page.evaluate("window.loanEvents"))

    def events(self, component: str | None = None) -> list[str]:
        """Names in order; of one component when it is named."""
        return [one["name"] for one in self.details() if component in (None, one["component"])]

    def frame(self, element: str = "dialog") -> FrameLocator:
        """The bank's window inside an element, or the dialog."""
        return self.page.locator(element).frame_locator("iframe")

    def open_apply(self) -> None:
        """As a customer does."""
        self.apply.locator("button").first.click()

    def go_through(self) -> None:
        """With mock.js: the window ends as `mock.outcome` says."""
        self.mock.get_by_role("button", name="Go through").click()

    def leave(self) -> None:
        """With mock.js: the customer closes the window."""
        self.mock.get_by_role("button", name="Close").click()
