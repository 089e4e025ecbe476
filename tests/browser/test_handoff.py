"""From the shop on a desktop to the mini-program and back: scanned, compared, signed on the phone; and who refuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.phone import AXE, ROOT, Phone
from tests.browser.test_journey import paid
from tests.browser.walk import Shopper
from tests.servers import TestServers
from tests.stack import Stack
from tests.story import Story

pytestmark = pytest.mark.browser

BORROWER, NOT_THE_OWNER = "young_business", "name_mismatch"
NEWEST = "SELECT id FROM customer_sessions ORDER BY id DESC LIMIT 1"
Take = Callable[..., Phone]


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    if not (ROOT / "devkit" / "dist" / "app.js").is_file() or not AXE.is_file():
        pytest.skip("devkit is not built: npm ci && npm run build, in devkit/")


@pytest.fixture(scope="module")
def stack(
    tmp_path_factory: pytest.TempPathFactory, servers: TestServers, new_database: Callable[[], tuple[str, str]]
) -> Iterator[Stack]:
    """A system of their own: these people are new to the bank, and other files let everybody sign in."""
    with Stack(tmp_path_factory.mktemp("handoff"), servers, new_database()) as running:
        yield running


class Desk:
    """A desktop with a code on its screen."""

    def __init__(self, one: Shopper) -> None:
        self.one = one
        one.to_checkout()
        with one.page.expect_response(re.compile("/embed/v1/handoffs$")) as told:
            one.apply()
            one.heading("换到手机上继续")
        self.read(told.value.json())

    def read(self, made: dict[str, Any]) -> None:
        self.number: str = made["match_number"]
        self.scene: str = made["url"].partition("#h=")[2]

    @property
    def page(self) -> str:
        """What WeChat opens when it scans the code."""
        return f"applications/handoff/handoff?scene={self.scene}"

    def says(self, text: str) -> None:
        expect(self.one.bank.locator(".timeline")).to_contain_text(text, timeout=30_000)

    def another(self) -> None:
        with self.one.page.expect_response(re.compile("/embed/v1/handoffs$")) as told:
            self.one.bank.get_by_role("button", name="换一个码").click()
        self.read(told.value.json())


@pytest.fixture
def desk(shopper: Callable[..., Shopper]) -> Desk:
    return Desk(shopper(mode="qr"))


def trustworthy(stack: Stack, persona: str) -> None:
    """Somebody of whom the sources say what they say of the good one."""
    good = stack.sandbox.persona("good")
    same = {"bureau": good["bureau"], **{part: good["tax"][part] for part in ("tax", "flows", "invoices")}}
    older = {"enterprise": {"established_on": good["enterprise"]["established_on"]}}
    stack.sandbox.post(f"/sandbox/api/personas/{persona}", same | older)


def checked(one: Phone, name: str = "", *, beside: bool = True) -> None:
    """This page as it is: nothing for axe, nothing wider than the screen; a picture under its name, if it has one."""
    assert one.axe() == []
    assert one.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if name:
        one.picture(name, beside=beside)


def test_from_the_desktop_to_the_phone_and_back(desk: Desk, phone: Take, stack: Stack) -> None:
    trustworthy(stack, BORROWER)
    expect(desk.one.bank.locator("img.picture")).to_have_attribute("src", re.compile("^data:image/png"))
    expect(desk.one.bank.locator(".match")).to_have_text(desk.number)
    desk.one.look_over("handoff")
    one = phone(BORROWER)
    one.open(desk.page)
    one.reads("用贷款付这笔订单", "12,999.00", "电脑上是哪个数字")
    desk.says("已扫码")
    checked(one, "handoff")
    take_over(one, desk)
    desk.says("数字对上了")
    desk.one.look_over("handoff-confirmed")
    bind(one)
    one.reads("审批要用两项企业数据")
    one.open()  # left in the middle: the first page leads back to where it was
    one.reads("接着办云仓批发的订单")
    checked(one, "home-order")
    one.tap("接着办")
    one.reads("审批要用两项企业数据")
    checked(one, "consents-sources")
    consent(one, 2)
    one.reads("授权银行查询你的征信")
    checked(one, "consents-bureau")
    consent(one, 1)
    one.reads("想分几期还")
    checked(one, "terms")
    one.tap("提交申请")
    one.reads("批准 12,999.00 元")
    desk.says("已提交申请")
    checked(one, "application-approved")
    read_costs(one)
    one.reads("看合同", "请特别留意")
    read_contract(one)
    sign(one, stack)
    one.reads("订单的钱已经付了")
    checked(one, "application-paid")
    one.tap("看借款")
    one.titled("借款详情")
    desk.says("已放款")
    desk.one.go()
    desk.one.page.wait_for_url("**/shop/orders/**")
    paid(desk.one)


def take_over(one: Phone, desk: Desk) -> None:
    """Choose the number; somebody new signs in first, and the choice is remembered meanwhile."""
    one.choose(desk.number)
    one.titled("登录")
    checked(one, "sign-in")
    one.tap("用微信登录")
    one.reads("确认你的手机号")
    checked(one, "sign-in-number", beside=False)
    one.tap("用微信里的手机号")
    one.titled("授权")


def consent(one: Phone, count: int) -> None:
    """Tick every box, one by one."""
    boxes = one.screen.get_by_role("checkbox")
    expect(boxes).to_have_count(count)
    for index in range(count):
        expect(boxes.nth(index)).not_to_be_checked()
        boxes.nth(index).tap()
    one.tap("同意所选，继续")


def bind(one: Phone) -> None:
    """Who the person is, and for which business."""
    identify(one)
    one.reads("用哪家企业申请")
    checked(one, "enterprise")
    name_the_firm(one)


def name_the_firm(one: Phone) -> None:
    one.fill("统一社会信用代码", one.stack.sandbox.persona(one.persona)["enterprise"]["uscc"])
    one.tap("核对企业")


def identify(one: Phone) -> None:
    """The two notes, then name and number."""
    one.reads("先看两份说明", "还有 2 项没有勾选")
    one.picture("consents")
    one.screen.get_by_role("button", name="看全文").first.tap()
    checked(one, "consents-open", beside=False)
    consent(one, 2)
    one.reads("你的姓名和身份证号")
    one.picture("identity")
    one.tap("核对身份")
    one.reads("请填身份证上的姓名")
    checked(one, "identity-wrong", beside=False)
    persona = one.stack.sandbox.persona(one.persona)
    one.fill("姓名", persona["person"]["name"])
    one.fill("身份证号", persona["person"]["id_no"])
    one.tap("核对身份")


def read_costs(one: Phone) -> None:
    """The button opens when the bank's own time is over."""

    def an_hour(route: Route) -> None:
        sheet = route.fetch().json()
        later = datetime.now(UTC) + timedelta(hours=1)
        route.fulfill(status=201, json=sheet | {"confirmable_at": later.isoformat().replace("+00:00", "Z")})

    one.page.route("**/cost-sheets", an_hour)
    one.open()
    one.tap("看成本明示表")
    one.reads("综合融资成本明示表")
    one.tap("还需阅读")  # does nothing
    one.tap("看还款计划")
    checked(one, "costs")
    one.page.unroute("**/cost-sheets")
    one.open()
    one.tap("看成本明示表")
    expect(one.button("我看懂了，去看合同")).to_be_visible(timeout=30_000)
    one.tap("我看懂了，去看合同")


def read_contract(one: Phone) -> None:
    """Opened, and agreed to."""
    one.tap("请先打开合同")  # does nothing
    checked(one, "contract")
    one.tap("借款合同")
    viewer = one.page.get_by_role("dialog", name="文件")
    expect(viewer.get_by_role("link")).to_have_attribute("href", re.compile("^blob:"))
    viewer.get_by_role("button", name="关闭").tap()
    one.screen.get_by_role("checkbox").tap()
    one.tap("获取验证码并签署")


def sign(one: Phone, stack: Stack) -> None:
    """A wrong code first; then two taps on the right one sign once."""
    one.reads("输入验证码，合同生效")
    checked(one, "sign", beside=False)
    right = Story(stack, persona_code=one.persona).sms_code()
    one.fill("短信里的 6 位数字", "000000" if right != "000000" else "111111")
    one.tap("签署合同")
    one.reads("验证码不对。请看短信里最新的一条。请求号")
    checked(one, "sign-wrong", beside=False)
    one.fill("短信里的 6 位数字", right)
    sent: list[str] = []
    one.page.on("request", lambda asked: sent.append(asked.url) if asked.url.endswith("/signature") else None)
    one.tap_twice("签署合同")
    expect(one.screen).to_have_attribute("data-route", "applications/application/application")
    assert len(sent) == 1


def test_a_wrong_number_stops_and_a_code_works_once(desk: Desk, phone: Take) -> None:
    one = phone(NOT_THE_OWNER)
    one.sign_in_as_somebody_new_too()
    one.open(desk.page)
    one.reads("电脑上是哪个数字")
    choices = one.screen.locator(".number").all_inner_texts()
    one.choose(next(text for text in choices if text != desk.number))
    one.reads("数字不一样，已经停下")
    desk.says("手机上停下了")
    desk.one.look_over("handoff-stopped")
    checked(one, "handoff-stopped", beside=False)
    one.open(desk.page)
    one.reads("这个码用过、停下了，或者过期了")
    desk.another()
    one.open(desk.page)
    one.tap("都不是，停下")
    one.page.get_by_role("dialog").get_by_role("button", name="停下").tap()
    one.reads("已经停下，这个码不能再用")
    desk.says("手机上停下了")
    desk.another()
    one.open(desk.page)
    one.choose(desk.number)
    desk.says("数字对上了")
    late = phone(BORROWER)
    late.open(desk.page)
    late.reads("这个码用过、停下了，或者过期了")
    late.tap("回首页")
    late.reads("登录，看你的借款和申请")


def test_no_network_an_ended_session_and_a_firm_of_somebody_else(desk: Desk, phone: Take, stack: Stack) -> None:
    one = phone(NOT_THE_OWNER)
    one.sign_in_as_somebody_new_too()
    one.open(desk.page)
    one.reads("电脑上是哪个数字")
    one.page.route("**/bank/**", lambda route: route.abort("internetdisconnected"))
    one.choose(desk.number)
    one.reads("再试一次，不会重复办理")
    checked(one, "handoff-offline", beside=False)
    one.page.unroute("**/bank/**")
    stack.change(f"UPDATE customer_sessions SET revoked_at = now() WHERE id = ({NEWEST})")  # and nobody hears of it
    one.choose(desk.number)
    one.reads("先看两份说明")
    lost: list[str] = []

    def lose(route: Route) -> None:
        """The bank has done it; its answer does not arrive."""
        lost.append(route.request.headers["idempotency-key"])
        route.fetch()
        route.abort() if len(lost) < 3 else route.continue_()

    one.page.route("**/customer/v1/me/identity", lose)
    identify(one)
    one.reads("再试一次，不会重复办理")
    one.tap("核对身份")
    one.reads("用哪家企业申请")
    assert len(set(lost)) == 1
    name_the_firm(one)
    one.reads("你不是这家企业的法定代表人")
    checked(one, "enterprise-refused", beside=False)
