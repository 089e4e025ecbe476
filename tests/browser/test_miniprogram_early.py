"""What is late, a part paid early, and papers, on the phone: on a loan of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.test_miniprogram import BORROWER, _built, give_up_open_repayments, opening, with_a_loan  # noqa: F401
from tests.servers import TestServers
from tests.stack import Stack
from tests.story import Story

pytestmark = pytest.mark.browser
THREE_MONTHS_AGO = """
UPDATE loans SET start_on = start_on - interval '3 months',
    accrued_through_on = accrued_through_on - interval '3 months' WHERE id = '{loan}';
UPDATE loan_instalments i SET due_on = l.start_on + i.number * interval '1 month'
  FROM loans l WHERE l.id = i.loan_id AND l.id = '{loan}' AND i.status = 'due';
UPDATE loans l SET next_due_on = (SELECT min(due_on) FROM loan_instalments i WHERE i.loan_id = l.id AND status = 'due')
 WHERE id = '{loan}'"""


@pytest.fixture(scope="module")
def stack(
    tmp_path_factory: pytest.TempPathFactory, servers: TestServers, new_database: Callable[[], tuple[str, str]]
) -> Iterator[Stack]:
    """A whole system of its own: no other file pays this loan."""
    with Stack(tmp_path_factory.mktemp("early-stack"), servers, new_database()) as running:
        yield running


@pytest.fixture(scope="module")
def borrower(stack: Stack) -> Story:
    """Somebody whose loan is active and has received nothing yet."""
    return with_a_loan(stack)


def test_what_is_late_is_paid_in_one_sum_with_its_penalty(phone, borrower, stack):
    give_up_open_repayments(borrower)
    stack.change(THREE_MONTHS_AGO.format(loan=borrower.facts["loan_id"]))
    late = borrower.loan()
    assert late["overdue_days"] > 0 and late["penalty_fen"] > 0
    owed = [row["number"] for row in late["instalments"] if row["status"] == "due"]
    numbers = "、".join(str(number) for number in owed if number <= 3)  # three months have gone by
    one = phone(BORROWER)
    one.come_back(borrower.token)
    one.reads(f"逾期 {late['overdue_days']} 天", "有钱过了期", f"{late['due_now_fen'] / 100:,.2f}")
    assert one.axe() == []
    one.picture("home-late")
    one.tap("还清逾期的")
    one.reads("罚息", f"{late['penalty_fen'] / 100:,.2f} 元", f"第 {numbers} 期", "请尽快还")
    assert one.axe() == []
    one.picture("repay-late")
    sent = opening(one)
    one.tap("去付款")
    one.titled("还款回执")
    one.reads("已还到期的", "罚息", f"{late['due_now_fen'] / 100:,.2f}")
    assert [request.post_data_json for request in sent] == [{"kind": "due", "app": "mini"}]
    one.tap("看借款")
    one.reads("还逾期 ·", "还款中")
    assert borrower.loan()["overdue_days"] == 0


def test_a_part_early_shows_both_outcomes_and_lowers_the_loan(phone, borrower):
    give_up_open_repayments(borrower)
    before = borrower.loan()
    one = phone(BORROWER)
    one.come_back(borrower.token)
    one.tap("提前还款")
    one.reads("今天提前还多少（元）", "不收提前还款费用", "今天还清")
    one.fill("今天提前还多少（元）", "999999999")
    one.reads("就全部还清了")
    one.fill("今天提前还多少（元）", "")
    one.reads("请填一个金额", "先填金额")
    assert one.axe() == []
    one.fill("今天提前还多少（元）", "3000")
    one.reads("之后怎么还", "期数变少，每期不变", "每期变少，期数不变", "3,000.00")
    quote = borrower.ask(
        "POST", f"/customer/v1/loans/{before['id']}/early-repayment-quotes", {"amount_fen": 300_000}, expect=200
    )
    for mode in ("shorter_term", "lower_instalment"):
        saved = f"{quote[mode]['interest_saved_fen'] / 100:,.2f}"
        assert one.screen.get_by_role("cell", name=saved, exact=True).count() >= 1, mode
    assert one.axe() == []
    one.picture("early-part")
    one.screen.get_by_role("radio", name="每期变少，期数不变").tap()
    sent = opening(one)
    one.tap("确认，去付款")
    one.titled("还款回执")
    one.reads("已提前还一部分", "3,000.00", "打开回执（PDF）")
    assert one.axe() == []
    one.picture("receipt")
    [asked] = [request.post_data_json for request in sent]
    assert asked == {"kind": "prepayment", "amount_fen": 300_000, "mode": "lower_instalment", "app": "mini"}
    after = borrower.loan()
    assert after["next_payment_fen"] == quote["lower_instalment"]["instalments"][0]["payment_fen"]
    assert after["outstanding_principal_fen"] == before["outstanding_principal_fen"] - quote["principal_fen"]
    one.tap("看借款")
    one.reads("提前还一部分 · 3,000.00")


def test_papers_are_opened_on_the_phone(phone, borrower):
    one = phone(BORROWER)
    one.come_back(borrower.token)
    one.go("看还款计划")
    one.go("单据")
    for title in ("还款计划", "今天的结清金额", "年"):
        one.go(title)
        paper = one.page.get_by_role("dialog")
        expect(paper.get_by_role("link", name="在新窗口打开")).to_have_attribute("href", re.compile("^blob:"))
        paper.get_by_role("button", name="关闭").tap()
    assert one.axe() == []
