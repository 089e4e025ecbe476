"""The console in a browser: who gets in, what they see, what is on record, on any screen and without a mouse."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import looks
from tests.browser.clerk import IDLE, Clerk
from tests.browser.walk import Shopper
from tests.stack import Stack
from tests.story import Story

pytestmark = pytest.mark.browser

BORROWER, DECLINED = "young_business", "name_mismatch"
IN_ENGLISH = ("my-day", "application-declined", "loan", "reconciliation-day", "difference", "repayment") * bool(
    looks.PICTURES
)
SAYS_NO_CLOSER = "邮箱、密码或动态码不对"


@dataclass(frozen=True)
class Cases:
    """One loan that is being repaid, and one application that was declined."""

    borrower: Story
    declined: Story


@pytest.fixture(scope="module")
def cases(stack: Stack) -> Cases:
    good = stack.sandbox.persona("good")
    sound = {"bureau": good["bureau"], **{part: good["tax"][part] for part in ("tax", "flows", "invoices")}}
    old = {"enterprise": {"established_on": good["enterprise"]["established_on"]}}
    stack.sandbox.post(f"/sandbox/api/personas/{BORROWER}", sound | old)
    borrower = Story(stack, persona_code=BORROWER)
    borrower.until_active()
    opened = borrower.open_repayment("instalment")
    borrower.pay(opened)
    borrower.wait_repayment(opened)
    person = stack.sandbox.persona(DECLINED)["person"]
    digest = hashlib.sha256(person["id_no"].encode()).hexdigest()
    own = {"legal_rep_name": person["name"], "legal_rep_id_no_sha256": digest}
    stack.sandbox.post(f"/sandbox/api/personas/{DECLINED}", {"enterprise": own, "bureau": {"court_listed": True}})
    declined = Story(stack, persona_code=DECLINED)
    for step in (declined.open_embed_session, declined.redeem, declined.sign_in_by_mini_program):
        step()
    for step in (declined.bind, declined.consent, declined.apply):
        step()
    declined.wait_application("declined")
    words = {"words": "法院的记录已经结案，请人工看一下"}
    declined.ask("POST", f"/customer/v1/applications/{declined.facts['application_id']}/review", words, expect=201)
    return Cases(borrower, declined)


def test_who_gets_in(clerk: Callable[..., Clerk], stack: Stack) -> None:
    one = clerk()
    one.open("ledger")  # somebody without a session is sent to the door
    one.heading("员工登录")
    looks.look_over(one.page, "console-sign-in")
    code = one.code()
    one.give(password="not the password", code=code)
    one.reads(SAYS_NO_CLOSER)
    one.give(code="000000" if code != "000000" else "111111")
    one.reads(SAYS_NO_CLOSER)
    assert one.page.locator("[name=password]").input_value() == ""
    looks.look_over(one.page, "console-refused")
    one.sign_in()
    used = one.code()
    one.page.get_by_role("button", name="退出").click()
    one.heading("员工登录")
    one.page.go_back()  # nothing of the console is shown any more
    one.heading("员工登录")
    stack.change("UPDATE staff SET totp_used_step = totp_used_step + 1")  # whichever side of the half minute it is
    one.give(code=used)
    one.reads(SAYS_NO_CLOSER)


def test_after_five_wrong_tries_the_door_stays_shut_for_a_while(clerk: Callable[..., Clerk]) -> None:
    one = clerk(width=375)
    one.open("sign-in")
    for _ in range(5):
        one.give(email="nobody@bank.example", password="not the password", code="000000")
        one.reads(SAYS_NO_CLOSER)
    one.give(email="nobody@bank.example", password="not the password", code="000000")
    one.reads("错误次数太多", "分钟后再试")
    looks.look_over(one.page, "console-locked")


def test_a_session_that_was_left_alone_says_so(clerk: Callable[..., Clerk], stack: Stack) -> None:
    one = clerk()
    one.sign_in()
    stack.change(IDLE)
    one.page.get_by_role("link", name="总账").first.click()
    one.heading("员工登录")
    one.reads("登录已到期")


def test_every_page_in_every_look(clerk: Callable[..., Clerk], cases: Cases) -> None:
    """The pages of the navigation, then one of each thing they lead to."""
    one = clerk()
    one.sign_in()
    facts, declined = cases.borrower.facts, cases.declined.facts
    links = one.page.locator("nav.side-links a")
    shown = [str(links.nth(index).get_attribute("href")).removeprefix("/console/") for index in range(links.count())]
    money = {"ledger", "notices", "transfers", "debits"}
    assert money | {"my-day", "applications", "loans", "customers", "webhooks"} <= set(shown)
    one.open("applications")
    one.follow(cases.declined.persona["enterprise"]["name"])
    customer = str(one.page.locator("a[href*='/customers/']").first.get_attribute("href")).removeprefix("/console/")
    pages = {page: page for page in [*shown, "nothing-here"]} | {
        "application-drawn": f"applications/{facts['application_id']}",
        "application-declined": f"applications/{declined['application_id']}",
        "loan": f"loans/{facts['loan_id']}",
        "customer": customer,
        "notices-refused": "notices?verdict=refused",
        "new-version": "catalogue/new?kind=rules&product=order_instalments",
        "vintages": "insights/vintages",
        "groups": "insights/groups",
    }
    for name, page in pages.items():
        seen(one, page, name)


def test_what_was_decided_and_booked_is_there_to_be_read(clerk: Callable[..., Clerk], cases: Cases) -> None:
    one = clerk()
    one.sign_in()
    persona = cases.declined.persona
    one.page.get_by_role("link", name="申请").first.click()
    one.follow(persona["enterprise"]["name"])
    reason = cases.declined.application()["decision"]["reasons"][0]
    one.reads("这次没有批", "决定用到的数据", reason["text"]["zh"], reason["code"], "怎么改", "评分从哪里来")
    one.open(f"loans/{cases.borrower.facts['loan_id']}")
    one.reads("还款计划", "分录", "贷款发放", "还款入账", "已还")
    one.open("ledger")
    one.reads("借贷相等", "试算平衡")
    one.open("notices")
    one.reads("已入账")
    cases.borrower.stack.until(lambda: "loan.activated" in cases.borrower.webhook_types(), "the partner knows")
    one.open("webhooks")
    one.reads("loan.activated", "已送达")
    one.open("customers")
    one.page.locator("[name=phone]").fill(persona["person"]["phone"])
    one.page.get_by_role("button", name="查找").click()
    expect(one.page.locator("tbody tr")).to_have_count(1)
    assert persona["person"]["phone"] not in one.page.url
    assert persona["person"]["phone"] not in one.page.locator("main").inner_text()


def test_a_reconciled_day_and_a_payment_that_may_be_taken_back(
    clerk: Callable[..., Clerk], cases: Cases, stack: Stack
) -> None:
    """Down from the day to one difference, and the page where a repayment is taken back; each with a proposal."""
    day = str(stack.query("SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date")[0][0])
    stack.sandbox.post("/sandbox/api/pay/settings", {"bills": "ready"})
    stack.sandbox.post("/sandbox/api/core-bank/statements/settings", {"now": True})
    stack.sandbox.post(f"/sandbox/api/pay/bills/{day}/differences", {"kind": "amount"})
    stack.run("reconcile", "--day", day, ends=(1,))  # there are differences
    one = clerk()
    one.sign_in()
    seen(one, f"reconciliation?day={day}", "reconciled")
    seen(one, f"reconciliation/{day}", "reconciliation-day")
    one.page.locator("tr", has_text="金额不同").first.get_by_role("link").click()
    one.heading("金额不同")
    difference = one.page.url.partition("/console/")[2]
    seen(one, difference, "difference")
    propose(one, "和对方核对后调整")
    one.reads("等另一位同事复核")
    seen(one, difference, "difference-proposed")
    notice = one.page.locator("a[href*='/console/notices/']").first.get_attribute("href")
    seen(one, str(notice).removeprefix("/console/"), "notice")
    booked = f"status = 'applied' AND loan_id = '{cases.borrower.facts['loan_id']}'"
    repayment = f"repayments/{stack.query(f'SELECT id FROM repayments WHERE {booked} LIMIT 1')[0][0]}"
    seen(one, repayment, "repayment")
    propose(one, "付款银行通知退回")
    seen(one, repayment, "repayment-proposed")


def propose(one: Clerk, reason: str) -> None:
    """A decision about money, for a colleague to take."""
    one.page.locator("details.propose summary").click()
    one.page.locator("details.propose [name=reason]").fill(reason)
    one.page.locator("details.propose button[type=submit]").click()
    one.reads(reason)


def seen(one: Clerk, page: str, name: str) -> None:
    """A page in every look, at twice the size, and in English, where nothing may be cut; then in Chinese again."""
    one.open(page)
    looks.look_over(one.page, f"console-{name}")
    assert looks.largest_text(one.page) == [], f"{page} at 200 %"
    one.open(f"{page}{'&' if '?' in page else '?'}lang=en")
    assert looks.cut(one.page) == [], f"{page} in English"
    if name in IN_ENGLISH:
        looks.look_over(one.page, f"console-{name}-english")
    one.open(f"{page}{'&' if '?' in page else '?'}lang=zh-CN")


def test_a_look_at_personal_data_takes_a_reason_and_leaves_a_record(
    clerk: Callable[..., Clerk], cases: Cases, stack: Stack
) -> None:
    """With the keyboard alone, from the door to the record, on a narrow screen."""
    one = clerk(width=375)
    stack.change("UPDATE staff SET totp_used_step = 0")
    one.open("sign-in")
    expect(one.page.locator("[name=email]")).to_be_focused()
    one.page.keyboard.type(one.account["email"])
    one.write("[name=password]", one.account["password"])
    one.write("[name=code]", one.code())
    one.page.keyboard.press("Enter")
    one.reads("现在要做的")
    one.open("my-day")
    one.key(".skip")
    assert one.page.evaluate("document.activeElement.id") == "main"
    one.open("my-day")
    one.key(".side-menu summary")
    one.key(".side-menu a[href$='/customers']")
    one.heading("客户")
    phone = cases.declined.persona["person"]["phone"]
    one.write("[name=phone]", phone)
    one.page.keyboard.press("Enter")
    one.reads("查找结果")
    one.key("tbody a")
    one.reads("查看完整信息")
    assert phone not in one.page.content()
    one.write("[name=reason]", "abc")
    one.page.keyboard.press("Enter")  # too short: the browser itself says so
    assert phone not in one.page.content()
    one.page.keyboard.type(" 客户来电核对预留手机号")
    one.page.keyboard.press("Enter")
    expect(one.page.locator(".seen-value")).to_have_text(phone)
    looks.look_over(one.page, "console-customer-seen")
    record = "SELECT reason, facts->>'field' FROM audit_entries WHERE action = 'customer.revealed' ORDER BY id DESC"
    assert stack.query(record)[0] == ("abc 客户来电核对预留手机号", "phone")
    one.open("customers")
    one.follow("测")
    one.page.go_back()
    assert phone not in one.page.content()


def test_a_paper_of_the_bank_is_checked_without_leaving_the_readers_machine(
    shopper: Callable[..., Shopper], stack: Stack, cases: Cases, tmp_path: Path
) -> None:
    borrower, reader = cases.borrower, shopper().page
    base = f"/customer/v1/applications/{borrower.facts['application_id']}/contracts/{borrower.facts['contract_id']}"
    sealed = borrower.ask("GET", f"{base}/document", expect=200).content
    sent: list[str] = []
    reader.on("request", lambda one: sent.append(f"{one.method} {one.post_data or ''}"))
    reader.goto(f"{stack.web_url}/verify?lang=zh-CN")
    looks.look_over(reader, "verify")
    for name, content, answer in (
        ("contract", sealed, "genuine"),
        ("added-to", sealed + b"\n1 0 obj\n<< >>\nendobj\n%%EOF\n", "doubtful"),
        ("changed", sealed[:900] + bytes([sealed[900] ^ 1]) + sealed[901:], "wrong"),
    ):
        (tmp_path / f"{name}.pdf").write_bytes(content)
        reader.locator("input[type=file]").set_input_files(tmp_path / f"{name}.pdf")
        shown = reader.locator(f"[data-answer={answer}]")
        expect(shown).to_be_focused()
        looks.look_over(reader, f"verify-{name}")
    assert looks.largest_text(reader) == []
    reader.locator("input[type=file]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"PNG"})
    expect(reader.locator("[data-told]")).to_contain_text("这不是 PDF 文件")
    looks.look_over(reader, "verify-no-pdf")
    reader.goto(f"{stack.web_url}/verify?lang=en&sha256=12")
    looks.look_over(reader, "verify-no-digest")
    assert set(sent) == {"GET "}, "digests in addresses only; the file itself is sent nowhere"
