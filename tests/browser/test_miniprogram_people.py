"""The mini-program with somebody new, somebody who keeps the number, and somebody who was declined."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import looks
from tests.browser.phone import AXE, ROOT
from tests.story import Story

pytestmark = pytest.mark.browser

PAYER, NEWCOMER, DECLINED, KNOWN = "low_invoices", "tax_down", "court_listed", "overdue_elsewhere"


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    if not (ROOT / "devkit" / "dist" / "app.js").is_file() or not AXE.is_file():
        pytest.skip("devkit is not built: npm ci && npm run build, in devkit/")


def test_a_newcomer_signs_in_with_the_phone_number(phone):
    one = phone(NEWCOMER)
    one.open()
    one.reads("现在可以做", "登录，看你的借款和申请", "年化利率（单利）", "客服 400-000-0000")
    assert one.axe() == []
    one.picture("home-first-visit")
    one.tap("用微信登录")
    one.tap("用微信登录")
    one.reads("确认你的手机号")
    assert one.axe() == []
    one.tap("用微信里的手机号")
    one.reads("没有等你办的事")
    one.titled("江口银行（演示）")
    one.go("我的借款")
    one.reads("还没有借款")
    assert one.axe() == []
    one.picture("loans-empty")
    one.page.get_by_role("button", name="返回").tap()
    one.picture("home-nothing")
    one.go("我的申请")
    one.reads("还没有申请")
    assert one.axe() == []
    one.picture("applications-empty")


def test_the_sms_arrives_beside_the_phone(chromium, stack):
    """Somebody whom the bank knows by the number is asked for a code: it is read beside the phone."""
    person = stack.sandbox.persona(KNOWN)["person"]
    context = chromium.new_context(locale="zh-CN", viewport={"width": 375, "height": 812})
    page, said = context.new_page(), []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{stack.sandbox.base_url}/preview/?persona={KNOWN}")
    expect(page.locator("#inbox")).to_have_text("还没有短信")
    story = Story(stack, persona_code=KNOWN)
    story.ask("POST", "/customer/v1/sign-in/phone-codes", {"phone": person["phone"]})
    expect(page.locator("#inbox strong")).to_have_text(story.sms_code())
    looks.look_over(page, "preview")
    assert said == []
    context.close()


def test_the_page_around_the_phone_speaks_english_to_those_who_do(chromium, stack):
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{stack.sandbox.base_url}/preview/?persona={KNOWN}")
    expect(page.locator("h1")).to_have_text("Preview of the mini-program")
    words = " ".join(page.locator("[data-text]").all_text_contents()).replace("扫一扫", "")
    assert not re.search("[\u4e00-\u9fff]", words)
    context.close()


def test_a_refused_phone_number_can_be_given_later(phone):
    one = phone(PAYER)
    one.address += "&phone=deny"
    one.open()
    one.tap("用微信登录")
    one.tap("用微信登录")
    one.tap("用微信里的手机号")
    one.reads("没有拿到手机号。可以再点一次，或者先不登录。")
    one.picture("sign-in-refused", beside=False)


def test_a_refusal_shows_reason_data_and_remedy(phone, stack):
    story = Story(stack, persona_code=DECLINED)
    story.open_embed_session()
    story.redeem()
    story.sign_in_by_mini_program()
    story.bind()
    story.consent()
    story.apply()
    reasons = story.wait_application("declined")["decision"]["reasons"]
    one = phone(DECLINED)
    one.sign_in()
    one.reads("上次的申请没有批")
    one.picture("home-declined")
    one.tap("看原因")
    one.reads("这次没有批，原因如下", "怎么改", reasons[0]["text"]["zh"], reasons[0]["remedy"]["zh"])
    assert one.axe() == []
    one.picture("application-declined")
    one.tap("请人再看一次")
    one.reads("请写一句")
    one.fill("想让银行知道什么", "判决已经履行完毕")
    one.tap("请人再看一次")
    one.reads("已经请人再看")
    assert one.axe() == []
    one.picture("application-review")
