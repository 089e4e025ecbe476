"""The configuration is another bank's: every screen shows that one, and nothing of the bank of before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from config.settings import Bank, load_bank
from tests.browser.phone import AXE, ROOT, Phone
from tests.browser.walk import Shopper
from tests.servers import TestServers
from tests.stack import Stack
from tests.story import Story

pytestmark = pytest.mark.browser

MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="12" fill="#8b1a2b"/>'
    '<path d="M6 6h12v4H10v8H6z" fill="#fff"/></svg>'
)
PROFILE = """
[bank]
name = "云岭试验银行股份有限公司"
short_name = "云岭银行（试验）"
english_name = "Yunling Bank (trial)"
mark = "mark.svg"
brand_color = "#8b1a2b"
service_phone = "400-111-2222"
complaint_phone = "400-111-3333"
licence_line = "试验用，没有牌照"
english_licence_line = "For trials, without a licence"
legal_lines = ["贷款由云岭试验银行提供。"]
english_legal_lines = ["Loans are provided by Yunling Bank (trial)."]
disbursement_account_no = "9000000000000001"
"""
RED_BY_DAY = "rgb(139, 26, 43)"
# What of the designed colour or of the bank of before is left on a page: its buttons, texts, lines and pictures.
PAINTED = """(inside) => [...document.querySelectorAll(`${inside}, ${inside} *`)].flatMap((node) => {
  if (!node.checkVisibility()) return [];
  const style = getComputedStyle(node);
  return [style.color, style.backgroundColor, style.borderTopColor, style.borderLeftColor, style.fill];
})"""


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    if not (ROOT / "devkit" / "dist" / "app.js").is_file() or not AXE.is_file():
        pytest.skip("devkit is not built: npm ci && npm run build, in devkit/")


@pytest.fixture(scope="module")
def before() -> Bank:
    """The bank of the repository."""
    return load_bank(ROOT / "config" / "bank.toml")


@pytest.fixture(scope="module")
def stack(
    tmp_path_factory: pytest.TempPathFactory, servers: TestServers, new_database: Callable[[], tuple[str, str]]
) -> Iterator[Stack]:
    """A system whose configuration names the other bank."""
    folder: Path = tmp_path_factory.mktemp("another-bank")
    (folder / "mark.svg").write_text(MARK)
    (folder / "bank.toml").write_text(PROFILE)
    system = Stack(folder, servers, new_database())
    system.extra["DUKOU_BANK_FILE"] = str(folder / "bank.toml")
    with system as running:
        yield running


def only_the_new_one(page: Page, before: Bank, *says: str, inside: str = "body") -> None:
    """The page and its frames say this and have nothing of the bank of before."""
    said = " ".join(frame.locator("body").inner_text() for frame in page.frames if frame.url.startswith("http"))
    for words in says:
        assert words in said, f"{words!r} is not said on {page.url}"
    lines = (*before.legal_lines, *before.english_legal_lines, before.licence_line)
    named = (before.name, before.short_name, before.english_name, before.service_phone, before.complaint_phone)
    for words in (*named, *lines):
        assert words not in said, f"{words!r} is still said on {page.url}"
    for frame in page.frames:
        if frame.url.startswith("http"):
            assert not designed(frame.evaluate(PAINTED, inside)), f"the designed colour is left on {frame.url}"


def designed(colors: list[str]) -> set[str]:
    """Those among them that are the steps of the visual language's own colour, not of this bank's."""
    steps = re.findall(r"--dk-brand-\d+:(#[0-9a-f]{6})", (ROOT / "design" / "tokens.css").read_text())
    return {f"rgb({int(one[1:3], 16)}, {int(one[3:5], 16)}, {int(one[5:7], 16)})" for one in steps} & set(colors)


def marks(page: Page, selector: str) -> None:
    """Each picture of the mark is the new one and was really drawn."""
    for picture in page.locator(selector).all():
        source = picture.evaluate("(it) => it.complete && it.naturalWidth > 0 && it.src")
        assert source, f"{selector} shows no picture"
        assert page.request.get(source).text() == MARK


def test_shop_and_window(shopper: Callable[..., Shopper], before: Bank) -> None:
    one = shopper()
    one.to_checkout()
    expect(one.page.locator(".loan .lender")).to_have_text("云岭银行（试验）")
    marks(one.page, ".lender img")
    one.page.evaluate("document.body.append(document.createElement('loan-apply'))")  # the shop's has a form of its own
    button = one.page.locator("body > loan-apply button")
    expect(button).to_have_css("background-color", RED_BY_DAY)
    one.page.locator("loan-apply button").first.click()
    one.at("start")
    expect(one.bank.locator("header")).to_contain_text("云岭银行（试验）")
    expect(one.bank.locator("[data-go]")).to_have_css("background-color", RED_BY_DAY)
    [frame] = [frame for frame in one.page.frames if "/embed/" in frame.url and frame.locator("[data-go]").count()]
    drawn = "(it) => it.complete && it.naturalWidth > 0 && it.src"
    assert one.page.request.get(frame.locator("header img").evaluate(drawn)).text() == MARK
    only_the_new_one(one.page, before, "云岭银行（试验）", "试验用，没有牌照", "贷款由云岭试验银行提供。")


def test_console(chromium: Browser, stack: Stack, before: Bank) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{stack.web_url}/console/sign-in")
    expect(page.get_by_role("button", name="登录")).to_have_css("background-color", RED_BY_DAY)
    marks(page, ".brand img")
    only_the_new_one(page, before, "云岭银行（试验）")
    page.goto(f"{stack.web_url}/console/sign-in?lang=en")
    only_the_new_one(page, before, "Yunling Bank (trial)")
    context.close()


def test_mini_program(phone: Callable[..., Phone], stack: Stack, before: Bank) -> None:
    story = Story(stack)
    story.until_active()
    one = phone("good")
    one.open()
    primary = one.screen.locator("[class*='t-button--primary']").first
    expect(primary).to_have_css("background-color", RED_BY_DAY)
    one.titled("云岭银行（试验）")
    expect(one.screen.locator(".head-line img")).to_be_visible()
    marks(one.page, "wx-page:visible .head-line img")
    says = ("云岭试验银行股份有限公司", "客服 400-111-2222", "投诉 400-111-3333", "试验用，没有牌照")
    only_the_new_one(one.page, before, *says, inside="wx-page")
    assert one.axe() == []
    one.come_back(story.token)
    one.open(f"loans/loan/loan?id={story.facts['loan_id']}")
    one.reads("每期的本金和利息")
    for look in ("light", "dark"):
        one.page.emulate_media(color_scheme=look)  # type: ignore[arg-type]
        one.page.evaluate("Promise.all(document.getAnimations().map((fading) => fading.finished))")
        assert not designed(one.page.evaluate(PAINTED, "wx-page")), look
        assert one.axe() == []
    one.picture("another-bank")
