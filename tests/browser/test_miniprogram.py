"""The mini-program, unmodified, in Chromium: from signing in to the receipt, and what happens when it goes wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Request, Route, expect

from tests.browser.phone import AXE, ROOT, Phone
from tests.stack import Stack
from tests.story import Story

pytestmark = pytest.mark.browser

Owner = Callable[..., Phone]
BORROWER = "high_debt"
PAGES = (
    *("pages/home/home", "pages/settings/settings", "loans/list/list", "loans/loan/loan?id={loan}"),
    *("loans/repay/repay?id={loan}", "loans/early/early?id={loan}", "loans/papers/papers?id={loan}"),
    "applications/list/list",
    "applications/application/application?id={application}",
)


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    if not (ROOT / "devkit" / "dist" / "app.js").is_file() or not AXE.is_file():
        pytest.skip("devkit is not built: npm ci && npm run build, in devkit/")


@pytest.fixture(scope="module")
def borrower(stack: Stack) -> Story:
    """Somebody whose loan is active; the tests repay it one instalment after another."""
    return with_a_loan(stack)


def with_a_loan(stack: Stack, persona: str = BORROWER) -> Story:
    """Somebody who would be declined is made as sound as a good business, and gets a loan."""
    good = stack.sandbox.persona("good")  # other tests live with that one
    same = {"bureau": good["bureau"], **{part: good["tax"][part] for part in ("tax", "flows", "invoices")}}
    stack.sandbox.post(f"/sandbox/api/personas/{persona}", same)
    story = Story(stack, persona_code=persona)
    story.until_active()
    return story


@pytest.fixture
def at_repay(phone: Owner, borrower: Story) -> Callable[..., Phone]:
    """A signed-in phone on the page that pays the next instalment."""

    def open_(**wishes: object) -> Phone:
        give_up_open_repayments(borrower)
        one = phone(BORROWER, **wishes)
        one.come_back(borrower.token)
        one.tap("还这一期")
        one.titled("还这一期")
        one.reads("去付款")
        return one

    return open_


def give_up_open_repayments(borrower: Story) -> None:
    """What an earlier test left half-done."""
    found = borrower.ask("GET", f"/customer/v1/loans/{borrower.facts['loan_id']}/repayments", expect=200)["items"]
    for repayment in found:
        if repayment["status"] in ("opened", "paying"):
            borrower.ask("POST", f"/customer/v1/repayments/{repayment['id']}/cancellation", {})


def opening(one: Phone) -> list[Request]:
    """The requests that open repayments, as they are sent."""
    sent: list[Request] = []
    one.page.on("request", lambda asked: sent.append(asked) if _opens(asked) else None)
    return sent


def page_of(url: str) -> str:
    """The name of a page for its picture; lists are named by what they list."""
    folder, _, page = url.partition("?")[0].rpartition("/")
    return folder.split("/")[0] if page == "list" else page


def _opens(asked: Request) -> bool:
    return asked.method == "POST" and asked.url.endswith("/repayments")


def lose(one: Phone, pattern: str) -> None:
    """From now on these calls find no network."""
    one.page.route(pattern, lambda route: route.abort("internetdisconnected"))


# What only the passing of time would do: the loan began three months earlier, and so did all its days.
STATUS_CALLS = "**/bank/customer/v1/repayments/*"


def test_home_loan_instalment_receipt(phone, borrower, at_repay):
    one = at_repay()
    amount = borrower.loan()["next_payment_fen"]
    one.reads("第 1 期，今天付", f"{amount // 100:,}.{amount % 100:02}")
    one.page.get_by_role("button", name="返回").tap()
    one.go("看还款计划")
    one.reads("每期的本金和利息", "利息合计")
    assert one.screen.get_by_role("row").count() == 1 + 12 + 1
    one.tap("还第 1 期")
    sent = opening(one)
    one.tap("去付款")
    one.titled("还款回执")
    one.reads("收到你的还款", "回执编号", "江口测试银行股份有限公司")
    assert one.axe() == []
    assert len(sent) == 1
    one.tap("看借款")
    one.reads("已还 1 / 12 期", "还款记录", "第 1 期 ·")
    one.open()
    one.reads("已还 1 期", "第 2 期应还")


def test_two_taps_pay_once(at_repay):
    one = at_repay()
    sent = opening(one)
    spot = one.button("去付款").bounding_box()
    assert spot
    for _ in range(2):
        one.page.touchscreen.tap(spot["x"] + 20, spot["y"] + 20)
    one.titled("还款回执")
    assert len(sent) == 1


def test_a_cancelled_payment_can_go_on_or_be_given_up(at_repay):
    one = at_repay(answers="")
    one.tap("去付款")
    sheet = one.page.get_by_role("dialog")
    sheet.get_by_role("button", name="取消").tap()
    one.reads("还没有付", "没有扣")
    assert one.axe() == []
    one.picture("payment-cancelled")
    one.tap("接着付款")
    sheet.get_by_role("button", name="取消").tap()
    expect(one.screen.locator("[class*='t-button__loading']")).to_have_count(0)
    one.tap("放弃这笔还款")
    one.reads("这笔还款已经关闭", "没有扣款")
    one.tap("回到借款")
    one.titled("借款详情")


def test_an_open_repayment_stands_in_the_way_of_another(at_repay, borrower):
    one = at_repay()
    opened = borrower.open_repayment("payoff")
    one.tap("去付款")
    one.reads("先接着付或放弃它")
    assert one.axe() == []
    one.go("去看这笔还款")
    one.titled("付款结果")
    path = f"/customer/v1/repayments/{opened['repayment']['id']}/cancellation"
    borrower.ask("POST", path, {}, expect=200)
    one.reads("这笔还款已经关闭")


def test_no_network_before_the_payment_keeps_the_key(at_repay):
    one = at_repay()
    sent = opening(one)
    lose(one, "**/repayments")
    one.tap("去付款")
    one.reads("网络断了")
    one.page.unroute("**/repayments")
    one.tap("去付款")
    one.titled("还款回执")
    assert len({asked.headers["idempotency-key"] for asked in sent}) == 1
    assert len(sent) == 3


def test_no_network_after_the_payment_says_first_not_to_pay_again(at_repay):
    one = at_repay()
    lose(one, STATUS_CALLS)
    one.tap("去付款")
    one.reads("网络断了，结果还不知道", "请不要再付")
    one.picture("payment-unknown", beside=False)
    assert one.screen.get_by_text("请不要再付").inner_text().startswith("请不要再付")
    assert not one.button("去付款").is_visible()
    assert one.axe() == []
    one.page.unroute(STATUS_CALLS)
    one.tap("现在再查")
    one.titled("还款回执")


def test_an_unknown_result_stays_the_first_thing_on_the_home_page(at_repay, borrower):
    one = at_repay(answers="fail")

    def still_paying(route: Route) -> None:
        known = borrower.ask("GET", route.request.url.partition("/bank")[2], expect=200)
        route.fulfill(json=known | {"status": "paying"})

    one.page.route(STATUS_CALLS, still_paying)
    one.tap("去付款")
    one.reads("正在确认付款结果", "请不要再付")
    assert one.axe() == []
    one.open()
    one.reads("还款结果还没回来", "请不要再付")
    assert one.axe() == []
    one.picture("home-paying", beside=False)
    one.tap("看结果")
    one.titled("付款结果")
    one.page.unroute(STATUS_CALLS)


def test_server_down_and_offline_are_said_in_words(phone, borrower):
    one = phone(BORROWER)
    one.come_back(borrower.token)
    problem = {"code": "unavailable", "request_id": "req-0123456789", "status": 503}
    one.page.route("**/customer/v1/loans", lambda route: route.fulfill(status=503, json=problem))
    one.go("我的借款")
    one.reads("银行的系统现在没有回应", "你的钱和资料没有变化", "请求号 req-0123456789")
    assert one.axe() == []
    one.picture("bank-down", beside=False)
    one.page.unroute("**/customer/v1/loans")
    one.tap("再试一次")
    one.reads("还款中")
    one.go("借")
    one.reads("每期的本金和利息")
    lose(one, "**/bank/**")
    one.page.get_by_role("button", name="返回").tap()
    one.reads("网络断了，下面是之前读到的内容。", "还款中")
    assert one.axe() == []
    one.go("借")
    one.reads("没有连上银行，什么都没有提交")


def test_an_ended_session_begins_anew_by_itself_or_leads_back_to_signing_in(phone, borrower):
    one = phone(BORROWER)
    one.come_back("cst_long-gone")
    one.reads("我的借款", "看还款计划")
    gone = {"code": "auth.session_invalid", "request_id": "req-1"}
    one.page.route("**/customer/v1/applications", lambda route: route.fulfill(status=401, json=gone))
    one.go("我的申请")
    one.reads("登录，看你的借款和申请")
    expect(one.page.locator("#toast")).to_have_text("登录已经过期，请重新登录")


def test_every_page_in_english_at_twice_the_size_fits_and_passes_axe(phone, borrower):
    one = phone(BORROWER)
    one.come_back(borrower.token)
    one.go("设置")
    one.screen.get_by_role("radio", name="English").tap()
    one.screen.get_by_role("radio", name="Largest").tap()
    one.titled("Settings")
    for url in PAGES:
        one.open(url.format(loan=borrower.facts["loan_id"], application=borrower.facts["application_id"]))
        expect(one.page.locator("wx-page-root .loading")).to_have_count(0)
        expect(one.screen.locator(".main")).to_be_visible()
        assert one.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
        assert one.axe() == [], url
        one.picture(f"{page_of(url)}-english-largest", beside=False)


def test_every_page_passes_axe_by_day_and_by_night(phone, borrower):
    one = phone(BORROWER)
    one.come_back(borrower.token)
    for url in PAGES:
        one.open(url.format(loan=borrower.facts["loan_id"], application=borrower.facts["application_id"]))
        expect(one.page.locator("wx-page-root .loading")).to_have_count(0)
        expect(one.screen.locator(".main")).to_be_visible()
        for scheme in ("light", "dark"):
            one.page.emulate_media(color_scheme=scheme)
            one.page.evaluate("Promise.all(document.getAnimations().map((fading) => fading.finished))")
            assert one.axe() == [], f"{url} {scheme}"
        one.picture(page_of(url))


def test_paying_off_early_shows_both_ways_and_settles(phone, borrower):
    give_up_open_repayments(borrower)
    one = phone(BORROWER)
    one.come_back(borrower.token)
    one.tap("提前还款")
    one.reads("几种做法放在一起看", "按计划还", "少付利息")
    assert one.axe() == []
    one.picture("early-payoff")
    one.tap("确认，去付款")
    one.titled("还款回执")
    one.reads("已结清", "大写")
    one.picture("receipt-settled")
    one.tap("看借款")
    one.reads("这笔借款已经结清，没有要还的了。")
    one.picture("loan-settled")
    one.open()
    one.reads("没有等你办的事")


def test_signing_out_asks_first(phone, borrower):
    one = phone(BORROWER)
    one.sign_in()
    one.go("设置")
    one.reads("1", "退出登录")
    one.tap("退出登录")
    one.page.get_by_role("dialog").get_by_role("button", name="退出登录").tap()
    one.reads("登录，看你的借款和申请")
