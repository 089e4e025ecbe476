"""Debits as people see them: the loan's own list for its owner, the console's pages and table for staff."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.debits.models import DebitBatch
from app.kernel import clock, ids
from app.kernel.spreadsheets import MEDIA_TYPE
from tests.factories import customers
from tests.factories.console import signed_in


@pytest.fixture
def bank(app, session, at_noon):
    """A browser of operations."""
    at_noon()
    browser = app.test_client()
    signed_in(browser, session, roles=["operations"])
    return browser


def loans_debits(payer):
    told = payer.client.get(f"/customer/v1/loans/{payer.loan.id}/debits", headers=payer.who.headers)
    assert told.status_code == 200, told.json
    return told.json


def only_batch(session) -> DebitBatch:
    session.expire_all()
    return session.scalars(select(DebitBatch)).one()


def read(browser, path, *words):
    """A page in both languages; answers the Chinese one."""
    mark = "&" if "?" in path else "?"
    pages = [browser.get(f"/console/{path}{mark}lang={lang}") for lang in ("en", "zh-CN")]
    for page in pages:
        assert page.status_code == 200 and page.text.count("<h1") == 1, page.text
        assert "style=" not in page.text and "<script" not in page.text
    for word in words:
        assert word in pages[1].text, word
    return pages[1].text


class TestTheCustomer:
    def test_sees_what_was_taken_and_what_comes_next(self, payer, session):
        assert loans_debits(payer) == {"items": [], "next": None}
        payer.allow()
        due = payer.loan.next_due_on
        assert due < clock.today() and loans_debits(payer)["next"]["on"] == clock.today().isoformat()
        payer.repay()
        payer.settle()
        [one] = loans_debits(payer)["items"]
        assert (one["status"], one["automatic"], one["fail_code"]) == ("succeeded", False, None)
        assert one["collected_fen"] == one["amount_fen"] and one["repayment_id"] == str(payer.repayment().id)
        session.refresh(payer.loan)
        assert due < payer.loan.next_due_on and payer.loan.next_due_on.isoformat() == loans_debits(payer)["next"]["on"]

    def test_sees_why_nothing_was_taken(self, payer):
        payer.allow("41")
        payer.repay()
        payer.settle()
        [one] = loans_debits(payer)["items"]
        assert (one["status"], one["fail_code"], one["collected_fen"]) == ("failed", "balance.too_low", None)

    def test_nobody_else_sees_it(self, payer, session):
        payer.allow()
        stranger = customers.sign_in(session, customers.make_customer(session))
        path = f"/customer/v1/loans/{payer.loan.id}/debits"
        assert payer.client.get(path, headers=stranger.headers).status_code == 404
        assert payer.client.get(path).status_code == 401


class TestStaff:
    def test_an_empty_house_says_so(self, bank):
        read(bank, "debits", "没有这样的文件", "没有对不上的")

    def test_a_file_from_its_totals_down_to_its_rows(self, bank, payer, session):
        payer.allow()
        payer.repay()
        payer.settle()
        batch = only_batch(session)
        number, name = payer.mandate().account_no, payer.mandate().account_name
        listed = read(bank, "debits", f"/console/debits/{batch.id}", "全部有结果", "已扣到 1")
        page = read(bank, f"debits/{batch.id}", batch.batch_no, payer.debit().debit_no, payer.debit().bank_serial)
        for shown in (listed, page):
            assert number not in shown and name not in shown
        assert f"{'•' * (len(number) - 4)}{number[-4:]}" in page
        assert "没有这样的扣款" in read(bank, f"debits/{batch.id}?status=failed")
        assert str(payer.loan.id) in page

    def test_filters_leave_what_they_name(self, bank, payer, session):
        payer.allow("41")
        payer.repay()
        payer.settle()
        batch = only_batch(session)
        debit_no = payer.debit().debit_no
        assert "余额不足" in bank.get(f"/console/debits/{batch.id}?status=failed").text
        assert debit_no in bank.get(f"/console/debits/{batch.id}?status=nonsense").text
        assert str(batch.id) not in bank.get("/console/debits?status=held").text
        assert str(batch.id) in bank.get("/console/debits?status=done").text

    @pytest.mark.parametrize(
        ("ending", "kind"), [("46", "amount_differs"), ("47", "paid_twice"), ("49", "unknown_line")]
    )
    def test_what_did_not_fit_says_what_to_do(self, bank, payer, ending, kind):
        payer.allow(ending)
        payer.repay()
        payer.settle()
        assert "待查来款" in read(bank, f"debits?kind={kind}")
        assert "没有对不上的" in bank.get("/console/debits?kind=no_amount").text

    def test_a_held_file_and_a_return_are_named_first(self, bank, payer, session, sandbox, run_jobs):
        payer.allow("48")
        payer.repay()
        payer.settle()
        sandbox.post("/sandbox/api/debits/settings", {"returns": True})
        run_jobs.again("debits.fetch_results")
        assert payer.debit().status == "returned"
        read(bank, "debits", "被退回")
        only_batch(session).status = "held"
        session.commit()
        read(bank, "debits", "停住了，等人看")

    def test_a_table_for_spreadsheets(self, bank, payer, session):
        payer.allow()
        payer.repay()
        payer.settle()
        told = bank.get(f"/console/debits/{only_batch(session).id}/export")
        assert told.mimetype == MEDIA_TYPE.partition(";")[0]
        assert "attachment" in told.headers["Content-Disposition"]
        head, line = told.text.strip().splitlines()
        assert "付款账户尾号" in head and payer.debit().debit_no in line
        assert payer.mandate().account_no not in told.text

    def test_the_customers_page_names_the_mandates(self, bank, payer, at_noon):
        page = f"customers/{payer.who.customer_id}"
        read(bank, page, "没有设置自动还款")
        first = payer.allow()
        payer.client.delete(f"/customer/v1/debit-mandates/{first}", headers=payer.who.writing())
        at_noon(minutes=2)  # one code a minute
        payer.allow()
        assert payer.mandate().account_no not in read(bank, page, payer.mandate().account_tail, "有效", "客户停止")

    def test_who_lacks_the_permission_is_refused(self, app, payer, session):
        payer.allow()
        payer.repay()
        payer.settle()
        browser = app.test_client()
        signed_in(browser, session, roles=["reviewer"])
        batch_id = only_batch(session).id
        for path in ("debits", f"debits/{batch_id}", f"debits/{batch_id}/export"):
            assert browser.get(f"/console/{path}").status_code == 403, path

    def test_a_file_that_is_not_there(self, bank):
        for path in (f"debits/{ids.new_id()}", f"debits/{ids.new_id()}/export"):
            assert bank.get(f"/console/{path}").status_code == 404, path


def test_a_first_account_is_in_use_from_the_very_instant_of_the_agreement(payer):
    """However the clock runs on while it is being agreed to."""
    start, ticks = clock.now(), itertools.count()
    clock.use(lambda: start + timedelta(milliseconds=next(ticks)))
    payer.allow()
    row = payer.mandate()
    assert row.usable_from == row.confirmed_at
