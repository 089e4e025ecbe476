"""The phone of somebody with a loan: repaying from a bank account, by itself and when asked for."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import looks
from tests.browser.phone import Phone
from tests.browser.test_miniprogram import _built, give_up_open_repayments, with_a_loan  # noqa: F401
from tests.stack import Stack
from tests.story import Story

pytestmark = pytest.mark.browser

OWNER = "tax_grade_d"
MINUTE_LATER = "UPDATE phone_codes SET created_at = created_at - interval '2 minutes'"
RESTED = "UPDATE debit_mandates SET usable_from = confirmed_at WHERE status = 'active'"
A_MONTH_AGO = """
UPDATE loans SET start_on = start_on - interval '1 month',
    accrued_through_on = accrued_through_on - interval '1 month' WHERE id = '{loan}';
UPDATE loan_instalments i SET due_on = l.start_on + i.number * interval '1 month'
  FROM loans l WHERE l.id = i.loan_id AND l.id = '{loan}' AND i.status = 'due';
UPDATE loans l SET next_due_on = (SELECT min(due_on) FROM loan_instalments i WHERE i.loan_id = l.id AND status = 'due')
 WHERE id = '{loan}'"""
TEN_MINUTES_ARE_OVER = "INSERT INTO procrastinate_jobs (task_name, queue_name) VALUES ('loans.collect_due', 'default')"
BANK_CODE = "102331000018"


@pytest.fixture(scope="module")
def owner(stack: Stack) -> Story:
    """Somebody of this file alone, whose loan is active."""
    return with_a_loan(stack, OWNER)


@pytest.fixture
def mine(phone, owner):
    """The owner's phone on a page of theirs, in any language and size."""

    def take(url: str, **settings: str) -> Phone:
        one: Phone = phone(OWNER)
        one.come_back(owner.token)
        if settings:
            one.page.evaluate("settings => wx.setStorageSync('settings', settings)", settings)
        one.open(url.format(loan=owner.facts["loan_id"]))
        expect(one.page.locator("wx-page-root .loading")).to_have_count(0)
        return one

    return take


def name_account(one: Phone, owner: Story, number: str) -> None:
    """From the form to the mandate in force."""
    owner.stack.change(MINUTE_LATER)
    one.fill("银行账号", number)
    one.fill("开户行行号", BANK_CODE)
    if one.screen.get_by_role("checkbox").get_attribute("aria-checked") == "false":
        one.screen.get_by_role("checkbox").tap()
    one.tap("核对账户，获取验证码")
    one.reads(f"同意从尾号 {number[-4:]} 的账户扣款")
    assert one.axe() == []
    one.picture("mandate-code")
    one.fill("短信里的 6 位数字", "12")
    one.tap("同意自动还款")
    one.reads("请填 6 位数字")
    one.fill("短信里的 6 位数字", owner.sms_code())
    one.tap("同意自动还款")
    one.titled("自动还款")


def test_an_account_is_named_agreed_to_and_collects_by_itself(mine, owner):
    one = mine("loans/loan/loan?id={loan}")
    one.reads("到期自动从银行账户扣")
    one.go("自动还款")
    one.reads("还没有设置自动还款", "没到期的不会扣")
    assert one.axe() == []
    one.picture("automatic-off")
    one.tap("设置自动还款")
    one.reads("从哪个账户扣款", "我授权本行", "请先勾选同意")
    assert one.axe() == []
    one.screen.get_by_role("checkbox").tap()
    one.fill("银行账号", "123")
    one.tap("核对账户，获取验证码")
    one.reads("请填 8 到 32 位数字", "请填 12 位数字")
    one.fill("银行账号", "6217990000012331")
    one.fill("开户行行号", BANK_CODE)
    one.tap("核对账户，获取验证码")
    one.reads("付款行没有这个账号")
    assert one.axe() == []
    one.picture("mandate")
    name_account(one, owner, "6217990000012300")
    one.reads("生效中", "尾号 2300", BANK_CODE)
    assert one.axe() == []
    one.picture("automatic")
    one.tap("看授权书全文")
    one.reads("我授权本行在我的贷款到期应还时")
    one.open(f"loans/loan/loan?id={owner.facts['loan_id']}")
    one.reads("会从尾号 2300 的账户自动扣这一期", "尾号 2300，到期自动扣")
    assert one.axe() == []
    one.picture("loan-collected")


def test_what_falls_due_is_taken_by_itself_and_staff_read_how(mine, owner, clerk):
    owner.stack.change(A_MONTH_AGO.format(loan=owner.facts["loan_id"]))
    owner.stack.change(TEN_MINUTES_ARE_OVER)
    owner.stack.until(lambda: owner.loan()["instalments"][0]["status"] == "paid", "the instalment is collected")
    one = mine("loans/loan/loan?id={loan}")
    one.reads("已还 1 / 12 期", "会从尾号 2300 的账户自动扣这一期")
    staff = clerk()
    staff.sign_in()
    staff.open("debits")
    staff.reads("发给核心系统的文件", "已扣到 1")
    looks.look_over(staff.page, "console-debits-with-files")
    staff.page.locator("main a[href*='/debits/']").first.click()
    staff.heading("扣款文件")
    staff.reads("自动", "2300", "已扣到", "全部有结果")
    looks.look_over(staff.page, "console-debit-file")
    staff.follow("自动")
    staff.reads("还款计划", "已还")


def test_paid_from_the_account_with_its_states(mine, owner):
    give_up_open_repayments(owner)
    owner.stack.sandbox.post("/sandbox/api/debits/settings", {"delay_seconds": 4})
    one = mine("loans/repay/repay?id={loan}")
    one.screen.get_by_role("radio", name="银行账户 尾号 2300").tap()
    one.reads("今天提交就算今天还")
    assert one.axe() == []
    one.picture("repay-account")
    one.tap("从账户扣款")
    one.reads("银行正在扣款", "请不要再付")
    assert one.axe() == []
    one.picture("payment-filed")
    one.titled("还款回执")
    one.reads("收到你的还款")
    owner.stack.sandbox.post("/sandbox/api/debits/settings", {"delay_seconds": 0})


def test_another_account_rests_and_a_refusal_says_why(mine, owner):
    give_up_open_repayments(owner)
    one = mine("me/automatic/automatic")
    one.tap("换一个账户")
    one.reads("从哪个账户扣款")
    name_account(one, owner, "6217990000012341")
    one.reads("停歇中", "防止别人悄悄换掉你的账户", "以前的账户", "换了账户")
    assert one.axe() == []
    one.picture("automatic-resting")
    one.open(f"loans/repay/repay?id={owner.facts['loan_id']}")
    one.reads("先设置扣款账户")
    owner.stack.change(RESTED)
    one.open(f"loans/repay/repay?id={owner.facts['loan_id']}")
    one.screen.get_by_role("radio", name="银行账户 尾号 2341").tap()
    one.tap("从账户扣款")
    expect(one.screen.get_by_text("扣款没成功").first).to_be_visible(timeout=90_000)  # files are made once a minute
    one.reads("扣款没成功", "尾号 2341 的账户：余额不够", "换一种方式还")
    assert one.axe() == []
    one.picture("payment-refused")
    one.tap("回到借款")
    one.reads("扣款没成功：余额不够")
    one.go("自动还款")
    one.reads("以前的账户")
    one.tap("停止自动还款")
    one.page.get_by_role("dialog").get_by_role("button", name="停止").tap()
    one.reads("还没有设置自动还款", "你停止的")


PAGES = ("me/automatic/automatic", "me/mandate/mandate", "me/inbox/inbox", "loans/repay/repay?id={loan}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_english_at_twice_the_size(mine, owner, scheme):
    one = mine(PAGES[0], locale="en", textSize="largest")
    one.page.emulate_media(color_scheme=scheme)
    for url in PAGES:
        one.open(url.format(loan=owner.facts["loan_id"]))
        expect(one.page.locator("wx-page-root .loading")).to_have_count(0)
        expect(one.screen.locator(".main")).to_be_visible()
        assert one.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
        assert one.axe() == [], url
        one.picture(f"english-{url.partition('?')[0].rpartition('/')[2]}")


def test_what_the_bank_told_is_kept_and_leads_to_its_page(mine, owner):
    owner.stack.until(lambda: owner.ask("GET", "/customer/v1/messages")["unread_count"] > 0, "a message is there")
    before = owner.ask("GET", "/customer/v1/messages")["unread_count"]
    one = mine("pages/home/home")
    one.reads("消息", f"{before} 条未读")
    assert one.axe() == []
    one.picture("home-unread")
    one.go("消息")
    one.reads(f"{before} 条未读", "放款成功", "未读")
    assert one.axe() == []
    one.picture("inbox")
    one.go("放款成功")
    one.titled("借款详情")
    one.page.get_by_role("button", name="返回").tap()
    one.reads(f"{before - 1} 条未读")


def test_messages_in_wechat_are_offered_once_they_are_wanted(mine, owner):
    application = f"applications/application/application?id={owner.facts['application_id']}"
    one = mine(application)
    one.reads("要在微信里提醒你吗", "下一次还款日前、还款入账时会发消息给你")
    assert one.axe() == []
    one.picture("application-remind")
    one.tap("在微信里提醒我")
    one.page.get_by_role("dialog").get_by_role("button", name="允许").tap()
    one.reads("到时候在微信里告诉你")
    left = {one["kind"]: one["left"] for one in owner.ask("GET", "/customer/v1/message-templates")["items"]}
    assert left["due_soon"] == left["overdue"] == left["paid"] == 1
    one.open(application)
    one.reads("进度")
    expect(one.screen.get_by_text("要在微信里提醒你吗")).to_have_count(0)


WRITTEN_OFF = (
    "UPDATE loans SET status = 'written_off', written_off_on = current_date, accruing = false, booked_interest_fen = 0,"
    " booked_penalty_fen = 0, lost_principal_fen = outstanding_principal_fen WHERE id = '{loan}';"
    " INSERT INTO loan_reliefs (id, loan_id, kind, effective_on, booked_at, reason_code, reason, actor, keeps_accruing,"
    " keeps_line, granted_principal_fen, granted_interest_fen, granted_penalty_fen, granted_compound_fen,"
    " principal_fen, interest_fen, penalty_fen, compound_fen, before, after) SELECT gen_random_uuid(), id, 'write_off',"
    " current_date, now(), 'court', 'a test', 'system', true, true, 0, 0, 0, 0, outstanding_principal_fen, 0, 0, 0,"
    " '{{}}', '{{}}' FROM loans WHERE id = '{loan}'"
)


def test_what_is_written_off_is_said_to_be_owed_and_paid_in_part(mine, owner, clerk):
    loan = owner.facts["loan_id"]
    give_up_open_repayments(owner)
    for _ in range(4):
        owner.stack.change(A_MONTH_AGO.format(loan=loan))
    owner.stack.change(WRITTEN_OFF.format(loan=loan))
    one = mine("pages/home/home")
    one.reads("银行已把这笔欠款核销，仍然要还", "全部还清")
    one.picture("home-written-off")
    one.open("loans/list/list")
    one.reads("已核销，仍要还")
    one.open(f"loans/loan/loan?id={loan}")
    one.reads("这不是免除，钱仍然要还", "已核销，仍要还", "还清逾期的")
    assert one.axe() == []
    one.picture("loan-written-off")
    one.tap("全部还清")
    one.reads("提前还只能全部还清")
    assert one.axe() == []
    one.picture("early-written-off")
    one.open(f"loans/repay/repay?id={loan}")
    one.fill("这次还多少（元）", "0")
    one.reads("请填 0.01 到")
    one.fill("这次还多少（元）", "100")
    one.reads("可以只还一部分")
    assert one.axe() == []
    one.picture("repay-written-off")
    one.tap("去付款")
    one.titled("还款回执")
    one.reads("收到你的还款", "100.00", "如数抵减欠款")
    assert one.axe() == []
    one.picture("receipt-written-off")
    english = mine("loans/loan/loan?id={loan}", locale="en")
    english.reads("It is not forgiven: you still owe it")
    english.picture("loan-written-off-english")
    staff = clerk()
    staff.sign_in()
    staff.open("loans?status=written_off")
    staff.reads("已核销的借款", "已收回（元）", "100.00")
    looks.look_over(staff.page, "console-loans-written-off")
