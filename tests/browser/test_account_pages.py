"""The account in a browser, without any partner: devices, consents, and a new number shown by the old one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import looks
from tests.stack import Stack

pytestmark = pytest.mark.browser

HOURS_LATER = "UPDATE phone_codes SET created_at = created_at - interval '2 hours'"
PHONE, NEW_PHONE = "19977770001", "19977770002"  # of nobody else in these tests


def sms(stack: Stack, phone: str) -> str:
    return str(stack.sandbox.get("/sandbox/api/sms", phone=phone)["messages"][0]["params"]["code"])


class Elsewhere:
    """The same person at another browser, without a screen."""

    def __init__(self, stack: Stack, phone: str) -> None:
        stack.change(HOURS_LATER)
        self.http = httpx.Client(base_url=f"{stack.web_url}/customer/v1", trust_env=False, timeout=30)
        code = self.http.post("/sign-in/phone-codes", json={"phone": phone}).json()["code_id"]
        body = {"code_id": code, "phone": phone, "code": sms(stack, phone)}
        self.http.headers["Authorization"] = f"Bearer {self.http.post('/sign-in/phone', json=body).json()['token']}"
        stack.change(HOURS_LATER)

    def write(self, method: str, path: str, body: Any = None) -> Any:
        return self.http.request(method, path, json=body, headers={"Idempotency-Key": uuid.uuid4().hex}).json()


@pytest.fixture(scope="module")
def page(chromium: Browser, stack: Stack) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 375, "height": 812}, locale="zh-CN", reduced_motion="reduce")
    made, said = context.new_page(), []
    made.set_default_timeout(15_000)
    made.on("pageerror", lambda error: said.append(str(error)))
    made.goto(f"{stack.web_url}/embed/v1/account")
    yield made
    context.close()
    assert said == []


def head(page: Page, text: str) -> None:
    expect(page.locator("h1")).to_have_text(text)


def sign_in(page: Page, stack: Stack, phone: str) -> None:
    stack.change(HOURS_LATER)
    page.fill("input[name=phone]", phone)
    page.click("[data-go]")
    page.locator("input[name=code]").wait_for()
    page.fill("input[name=code]", sms(stack, phone))
    page.click("[data-go]")
    head(page, "我的账户")


def test_signing_in_by_a_code(page: Page, stack: Stack) -> None:
    head(page, "登录，看你的账户")
    looks.look_over(page, "account-sign-in")
    page.click("[data-go]")
    expect(page.get_by_text("请填 11 位手机号")).to_be_visible()
    sign_in(page, stack, PHONE)
    expect(page.get_by_text("199****0001")).to_be_visible()
    looks.look_over(page, "account-home")


def test_devices_are_listed_and_signed_out_and_so_is_this_one(page: Page, stack: Stack) -> None:
    other = Elsewhere(stack, PHONE)
    page.click("[data-to=devices]")
    head(page, "登录的设备")
    expect(page.locator("[data-others] .cells > .line")).to_have_count(1)
    looks.look_over(page, "account-devices")
    page.click("[data-all]")
    expect(page.get_by_role("dialog")).to_contain_text("得输入发到你手机的验证码")
    looks.look_over(page, "account-devices-asked")
    page.click("[data-yes]")
    expect(page.get_by_text("已经退出 1 台设备")).to_be_visible()
    assert other.http.get("/me").json()["context"] == {"why": "elsewhere"}
    Elsewhere(stack, PHONE).write("DELETE", "/sessions")
    page.get_by_role("button", name="返回").click()
    page.click("[data-to=consents]")
    expect(page.locator("[data-over]")).to_contain_text("你在另一台设备上让这里退出了")
    looks.look_over(page, "account-ended-elsewhere")
    sign_in(page, stack, PHONE)


def test_a_consent_is_read_and_withdrawn(page: Page, stack: Stack) -> None:
    other = Elsewhere(stack, PHONE)
    text = next(one for one in other.http.get("/consent-texts").json()["items"] if one["kind"] == "identity_check")
    asked = {"kind": text["kind"], "text_version": text["version"], "text_sha256": text["sha256"]}
    other.write("POST", "/consents", asked)
    page.click("[data-to=consents]")
    head(page, "我的授权")
    expect(page.locator("[data-consent=identity_check]")).to_contain_text("只回答一致或不一致")
    page.get_by_role("button", name="看你同意的全文").click()
    expect(page.get_by_text("居民身份证号码").first).to_be_visible()
    looks.look_over(page, "account-consents")
    page.click("[data-withdraw]")
    expect(page.get_by_role("dialog")).to_contain_text("撤回后不再做新的身份核验")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.click("[data-withdraw]")
    page.click("[data-yes]")
    expect(page.locator("[data-past]")).to_contain_text("身份核验授权")
    looks.look_over(page, "account-consents-withdrawn")
    assert other.http.get("/consents").json()["items"][0]["withdrawn_at"]
    page.get_by_role("button", name="返回").click()


def test_a_new_number_shown_by_the_old_one_then_a_rest(page: Page, stack: Stack) -> None:
    other = Elsewhere(stack, PHONE)
    page.click("[data-to=phone]")
    head(page, "新的手机号是多少")
    looks.look_over(page, "account-phone")
    page.fill("input[name=new_phone]", NEW_PHONE)
    page.click("[data-go]")
    head(page, "先确认是你本人")
    looks.look_over(page, "account-phone-how")
    page.click("[data-by=old]")
    head(page, "输入旧号码收到的验证码")
    page.fill("input[name=code]", "000000" if sms(stack, PHONE) != "000000" else "000001")
    page.click("[data-go]")
    expect(page.locator("[data-problem]")).to_contain_text("验证码不对")
    page.fill("input[name=code]", sms(stack, PHONE))
    page.click("[data-go]")
    head(page, "输入新号码收到的验证码")
    looks.look_over(page, "account-phone-code")
    page.fill("input[name=code]", sms(stack, NEW_PHONE))
    page.click("[data-go]")
    head(page, "手机号换好了")
    expect(page.get_by_text("以前不能签合同")).to_be_visible()
    looks.look_over(page, "account-phone-done")
    assert other.http.get("/me").json()["context"] == {"why": "phone_changed"}
    page.get_by_role("button", name="回到我的账户").click()
    expect(page.get_by_text("199****0002")).to_be_visible()
    page.click("[data-to=phone]")
    page.fill("input[name=new_phone]", PHONE)
    page.click("[data-go]")
    expect(page.locator("[data-problem]")).to_contain_text("以后就能办")
    page.get_by_role("button", name="返回").click()


def test_in_english(page: Page) -> None:
    page.get_by_role("button", name="English").click()
    head(page, "My account")
    for where in ("devices", "consents", "phone"):
        page.click(f"[data-to={where}]")
        expect(page.locator("[role=status]").get_by_text("Loading")).to_have_count(0)
        looks.look_over(page, f"account-{where}-en")
        page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Sign out").click()
    head(page, "登录，看你的账户")
