"""Partners in the console, in a browser: the terms, a change that two people make, and the switch that one turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser import looks
from tests.browser.clerk import Clerk
from tests.browser.walk import Shopper
from tests.stack import Stack

pytestmark = pytest.mark.browser

COLLEAGUE = "UPDATE partner_changes SET proposed_by = 'staff:colleague' WHERE status = 'proposed'"


@pytest.fixture
def open_again(stack: Stack) -> Iterator[None]:
    """Whatever a test leaves, the demo's partner is served again and nothing waits."""
    yield
    stack.change("UPDATE partners SET status = 'active'")
    stack.change("UPDATE partner_changes SET status = 'rejected', decided_by = 'staff:test' WHERE status = 'proposed'")


def seen(one: Clerk, name: str) -> None:
    """In every look, at twice the size, and in English; then in Chinese again."""
    looks.look_over(one.page, f"console-{name}")
    assert looks.largest_text(one.page) == [], f"{name} at 200 %"
    path = one.page.url.partition("/console/")[2].partition("?")[0]
    one.open(f"{path}?lang=en")
    assert looks.cut(one.page) == [], f"{name} in English"
    if looks.PICTURES:
        looks.look_over(one.page, f"console-{name}-english")
    one.open(f"{path}?lang=zh-CN")


def test_terms_are_changed_by_two_and_the_switch_is_turned_by_one(
    clerk: Callable[..., Clerk], shopper: Callable[..., Shopper], stack: Stack, open_again: None
) -> None:
    one = clerk()
    one.sign_in()
    one.page.get_by_role("link", name="合作方").first.click()
    seen(one, "partners")
    one.page.get_by_role("link", name="准入新合作方").click()
    seen(one, "partner-new")
    one.open("partners")
    one.page.locator("main tbody a").first.click()
    seen(one, "partner")
    one.page.get_by_role("link", name="变更条款").click()
    one.page.locator("[name=agreement_no]").fill("HT-2026-018")
    one.page.locator("[name=signed_on]").fill("2026-11-20")
    one.page.locator("[name=merchant_fen]").fill("五万")
    one.page.locator("[name=day_fen]").fill("2,000,000.00")
    one.page.locator("[name=reason]").fill("补录协议，设商户和每日限额")
    one.page.get_by_role("button", name="提交").click()
    one.reads("这一项填得不对", "单个商户上限")
    looks.look_over(one.page, "console-partner-terms-refused")
    one.page.locator("[name=merchant_fen]").fill("500,000.00")
    one.page.get_by_role("button", name="提交").click()
    one.reads("你提的，等另一位同事来定", "HT-2026-018")
    stack.change(COLLEAGUE)  # as if somebody else had proposed it
    one.page.reload()
    seen(one, "partner-waiting")
    one.page.locator(".decision-row [name=reason]").fill("已核对协议原件")
    one.page.get_by_role("button", name="同意并生效").click()
    one.reads("已生效", "500,000.00")
    shut_off(one)
    seen(one, "partner-shut-off")
    buyer = shopper()
    answer = buyer.page.request.get(f"{stack.web_url}/embed/v1/frame?partner={publishable(stack)}")
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def publishable(stack: Stack) -> str:
    return str(stack.query("SELECT key FROM publishable_keys ORDER BY id LIMIT 1")[0][0])


def shut_off(one: Clerk) -> None:
    one.page.locator("form[action$='shut-off'] [name=reason]").fill("商户集中投诉，先停")
    one.page.get_by_role("button", name="立即停用").click()
    one.reads("已停用：接口、嵌入会话和组件都会拒绝")
    expect(one.page.get_by_role("button", name="提出重新启用")).to_be_visible()
