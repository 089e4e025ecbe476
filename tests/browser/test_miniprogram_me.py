"""Account and safety on the phone: devices, consents, and a new number when the old one is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.phone import Phone
from tests.browser.test_miniprogram import _built  # noqa: F401
from tests.stack import Stack
from tests.story import Story

pytestmark = pytest.mark.browser

OWNER = "name_mismatch"
MINUTE_LATER = "UPDATE phone_codes SET created_at = created_at - interval '2 minutes'"


KEPT = "SELECT id, phone, phone_index FROM customers WHERE id = %(id)s"
ONLY_THIS = "UPDATE customer_sessions SET revoked_at = now() WHERE customer_id = '{id}' AND id <> '{here}'"
AS_BEFORE = """
UPDATE customers SET phone = '{phone}', phone_index = '{index}' WHERE id = '{id}';
UPDATE phone_changes SET cool_off_until = done_at WHERE customer_id = '{id}'"""


@pytest.fixture(scope="module")
def owner(stack: Stack) -> Iterator[Story]:
    """Somebody identified, with consents; the number is given back, because other files know this person by it."""
    story = Story(stack, persona_code=OWNER)
    story.sign_in_by_mini_program()
    person = story.persona["person"]
    story._consent("privacy_terms", "identity_check", "bureau_query")
    story.ask("POST", "/customer/v1/me/identity", {"name": person["name"], "id_no": person["id_no"]}, expect=200)
    me = story.ask("GET", "/customer/v1/me")["id"]
    [(_, phone, index)] = stack.query(KEPT, {"id": me})
    here = next(one["id"] for one in story.ask("GET", "/customer/v1/sessions")["items"] if one["current"])
    stack.change(ONLY_THIS.format(id=me, here=here))  # other files have signed this person in as well
    yield story
    stack.change(AS_BEFORE.format(phone=phone, index=index, id=me))


@pytest.fixture
def mine(phone, owner):
    def take(url: str, **settings: str) -> Phone:
        one: Phone = phone(OWNER)
        one.come_back(owner.token)
        if settings:
            one.page.evaluate("settings => wx.setStorageSync('settings', settings)", settings)
        one.open(url)
        expect(one.page.locator("wx-page-root .loading")).to_have_count(0)
        return one

    return take


def yes(one: Phone, name: str) -> None:
    one.page.get_by_role("dialog").get_by_role("button", name=name, exact=True).tap()


def by_code(owner: Story) -> Story:
    """The same person in a browser."""
    owner.stack.change(MINUTE_LATER)
    other = Story(owner.stack, persona_code=OWNER)
    other.sign_in_by_phone()
    return other


def test_another_device_is_signed_out_and_so_is_this_one(mine, owner):
    elsewhere = by_code(owner)
    one = mine("pages/settings/settings")
    one.reads("账户和安全")
    assert one.axe() == []
    one.picture("settings-signed-in")
    one.go("登录的设备")
    one.reads("这台设备", "其他设备", "浏览器网页", "小程序", "网络 127.0.0.*")
    assert one.axe() == []
    one.picture("devices")
    one.screen.get_by_role("button", name="退出 ").first.tap()
    one.page.get_by_role("dialog").get_by_text("得输入发到你手机的验证码").wait_for()
    yes(one, "退出")
    one.reads("没有别的设备登录。")
    assert elsewhere.ask("GET", "/customer/v1/me", expect=401)["context"] == {"why": "elsewhere"}
    again = by_code(owner)
    again.ask("DELETE", "/customer/v1/sessions", expect=200)
    one.open("loans/list/list")
    one.page.get_by_role("dialog").get_by_text("你在另一台设备上让它退出了").wait_for()
    one.picture("ended-elsewhere", beside=False)
    yes(one, "重新登录")
    one.titled("登录")
    one.tap("用微信登录")
    one.reads("再用手机号登录一次")
    assert one.axe() == []
    one.picture("sign-in-again", beside=False)
    owner.stack.change(MINUTE_LATER)
    one.tap("用微信里的手机号")
    one.reads("再确认一次是你本人")
    one.screen.locator("input").fill(owner.sms_code())
    one.tap("确认登录")
    one.titled("江口银行（演示）")
    owner.token = again.token


def test_a_consent_is_read_and_withdrawn(mine, owner):
    one = mine("me/consents/consents")
    one.reads("个人信用信息查询授权书", "为什么", "给谁", "多久", "本行向征信机构查询")
    assert one.axe() == []
    one.picture("consents-mine")
    one.button("看你同意的全文").first.tap()
    one.reads("收起全文")
    one.tap("撤回：个人信用信息查询授权书")
    one.page.get_by_role("dialog").get_by_text("撤回后不再查询").wait_for()
    one.picture("consents-asked", beside=False)
    yes(one, "撤回")
    one.reads("已经结束的")
    assert one.axe() == []
    one.picture("consents-withdrawn")
    kinds = [found["kind"] for found in owner.ask("GET", "/customer/v1/consents")["items"] if found["withdrawn_at"]]
    assert kinds == ["bureau_query"]


PAGES = ("me/devices/devices", "me/consents/consents", "me/phone/phone", "pages/settings/settings")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_english_at_twice_the_size(mine, scheme):
    one = mine(PAGES[0], locale="en", textSize="largest")
    one.page.emulate_media(color_scheme=scheme)
    for url in PAGES:
        one.open(url)
        expect(one.page.locator("wx-page-root .loading")).to_have_count(0)
        expect(one.screen.locator(".main")).to_be_visible()
        assert one.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
        assert one.axe() == [], url
        one.picture(f"english-{url.rpartition('/')[2]}")


def test_a_new_number_when_the_old_one_is_lost_then_a_rest(mine, owner):
    owner.stack.change(MINUTE_LATER)
    person = owner.persona["person"]
    one = mine("me/phone/phone")
    one.reads("新的手机号是多少", f"{person['phone'][:3]}****{person['phone'][-4:]}", "停歇一段")
    assert one.axe() == []
    one.picture("phone-number")
    one.fill("新手机号", "123")
    one.tap("下一步")
    one.reads("请填 11 位手机号")
    new_phone = f"191{person['phone'][3:]}"  # the register knows it as theirs
    one.fill("新手机号", new_phone)
    one.tap("下一步")
    one.reads("先确认是你本人", "旧号码收不到短信了")
    assert one.axe() == []
    one.picture("phone-how", beside=False)
    one.go("旧号码收不到短信了")
    one.fill("姓名", "测试别人")
    one.fill("身份证号", person["id_no"])
    one.tap("核对")
    one.reads("姓名")
    expect(one.screen.locator(".notice.bad")).to_be_visible()
    one.picture("phone-identity", beside=False)
    one.fill("姓名", person["name"])
    one.tap("核对")
    one.reads("输入新号码收到的验证码")
    assert one.axe() == []
    one.picture("phone-code", beside=False)
    sent = owner.stack.sandbox.get("/sandbox/api/sms", phone=new_phone)["messages"][0]
    one.fill("短信里的 6 位数字", str(sent["params"]["code"]))
    one.tap("换成新号码")
    one.reads("手机号换好了", f"{new_phone[:3]}****{new_phone[-4:]}", "以前不能签合同")
    assert one.axe() == []
    one.picture("phone-done", beside=False)
    assert owner.ask("GET", "/customer/v1/me", expect=401)["context"]["why"] == "unknown", "the token is another one"
    one.tap("回首页")
    one.go("设置")
    one.go("换手机号")
    one.fill("新手机号", "19900001234")
    one.tap("下一步")
    one.reads("刚换过手机号，这一步要等等", "以后就能办")
    one.picture("phone-resting", beside=False)
