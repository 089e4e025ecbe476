"""Reconciliation in the console: pages, roles, forms of one's own, two people, exports that calculate nothing."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, text

from app.kernel import ids, invariants
from app.payments import usecases as payments
from app.payments.models import PaymentNotice, Refund, Transfer
from app.reconciliation.models import BillDifference, MoneyProposal
from tests.factories import loans as make
from tests.factories.console import form_mark, signed_in
from tests.payments.conftest import MCHID, new_order, paid
from tests.reconciliation.generator import DAY
from tests.reconciliation.test_differences import Change, Day, bring_in, compare

NUMBER = "42000000012026112300000001"
PAGE = f"/console/reconciliation/{DAY}"


@pytest.fixture
def zhou(app, client, session):
    """A browser of finance, who proposes."""
    signed_in(client, session, roles=["finance"], email="zhou@bank.example")
    return client


@pytest.fixture
def shen(app, client, session):
    """A browser of another person of finance, who decides."""
    other = app.test_client()
    signed_in(other, session, roles=["finance"], email="shen@bank.example")
    return other


@pytest.fixture
def suspended(session):
    told = paid(new_order(session), payer_openid="somebody-else")
    payments.confirm(session, transaction=told, our_mchid=MCHID)
    session.commit()


@pytest.fixture
def day(session):
    made = Day(session, payments=30, refunds=2)
    made.store()
    for kind in ("missing_here", "amount", "duplicate", "refund_missing"):
        getattr(Change(made), kind)()
    bring_in(made)
    compare(session)


def propose(browser, page="/console/suspense", **form):
    asked = {"form_mark": form_mark(browser.get(page)), "about": "payment", "key": NUMBER, "kind": "refund"}
    asked |= {"amount": "1,108.52", "reason": "付错账户，原路退回"} | form
    return browser.post("/console/money-proposals", data=asked)


def decide(browser, proposal, decision="approve", **form):
    asked = {"form_mark": form_mark(browser.get("/console/suspense")), "reason": "核对无误"} | form
    return browser.post(f"/console/money-proposals/{proposal.id}/{decision}", data=asked)


def proposal(session):
    session.expire_all()
    return session.scalars(select(MoneyProposal).order_by(MoneyProposal.id.desc())).first()


class TestDay:
    def test_the_list_and_the_picture_in_both_languages(self, zhou, day) -> None:
        for path in ("/console/reconciliation", PAGE):
            for lang in ("zh-CN", "en"):
                page = zhou.get(f"{path}?lang={lang}&day={DAY}").text
                assert page.count("<h1") == 1 and "<svg" in page and "style=" not in page and "<script" not in page
                assert str(DAY) in page
        assert "没有说明" in zhou.get("/console/reconciliation?lang=zh-CN").text
        for wrong in ("2026-13-01", "today", "../x"):
            assert zhou.get(f"/console/reconciliation/{wrong}").status_code == 404

    def test_filters_leave_some(self, zhou, day) -> None:
        rows = "tbody>.*?</tbody"
        every = zhou.get(PAGE).text
        some = zhou.get(f"{PAGE}?kind=amount&status=open").text
        assert every.count("/console/differences/") == 4 and some.count("/console/differences/") == 1
        assert re.search(rows, some, re.S) and "金额不同" in some
        assert zhou.get(f"{PAGE}?kind=nothing").text.count("/console/differences/") == 4

    def test_down_to_the_raw_notice(self, zhou, session, order_notice) -> None:
        [row] = session.scalars(select(BillDifference))
        page = zhou.get(f"/console/differences/{row.id}").text
        address = re.search(r'href="(/console/notices/[0-9a-f-]{36})"', page)
        assert address, page
        raw = zhou.get(address.group(1)).text
        assert "ciphertext" in raw and "sealed-by-wechat" in raw and "支付成功" in raw
        assert zhou.get(f"/console/notices/{ids.new_id()}").status_code == 404
        assert zhou.get(f"/console/differences/{ids.new_id()}").status_code == 404

    @pytest.fixture
    def order_notice(self, session):
        """A payment of another sum than the bill's, with the notice that told of it."""
        made = Day(session, payments=2)
        made.store()
        Change(made).amount()
        wrong = next(row for row in made.rows if row["费率备注"])
        notice = PaymentNotice(
            notice_id="n1", event_type="TRANSACTION.SUCCESS", verdict="credited", reason="matched",
            transaction_id=wrong["微信订单号"], out_trade_no=wrong["商户订单号"], body_sha256="0" * 64,
            body='{"resource": {"ciphertext": "sealed-by-wechat"}}', received_at=made._moment(),
        )  # fmt: skip
        session.add(notice)
        session.commit()
        bring_in(made)
        compare(session)

    def test_the_export_calculates_nothing(self, zhou, session, day) -> None:
        session.execute(text("UPDATE bill_differences SET our_no = '=cmd|''/c calc''!A1' WHERE kind = 'amount'"))
        session.commit()
        answer = zhou.get(f"{PAGE}/export")
        assert answer.mimetype == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
        table = answer.get_data(as_text=True)
        assert table.startswith("\ufeff渠道,") and "'=cmd" in table and ",=cmd" not in table
        assert len(table.strip().splitlines()) == 5

    def test_a_difference_is_explained_by_two_people(self, zhou, shen, session, day) -> None:
        row = session.scalars(select(BillDifference).where(BillDifference.kind == "duplicate")).one()
        page = f"/console/differences/{row.id}"
        answer = propose(zhou, page, about="difference", key=str(row.id), kind="accept", amount="")
        assert answer.status_code == 303 and answer.headers["Location"].endswith(page)
        assert "等另一位同事复核" in zhou.get(page).text
        assert "1 件处理等另一位复核" in shen.get("/console/reconciliation").text
        assert decide(shen, proposal(session)).headers["Location"].endswith(page)
        session.expire_all()
        assert row.status == "explained" and "已说明" in shen.get(page).text


class TestSuspense:
    def test_aged_and_refunded_by_two_people(self, zhou, shen, session, suspended) -> None:
        page = zhou.get("/console/suspense").text
        assert "1,108.52" in page and "付款人不同" in page and NUMBER in page
        assert propose(zhou).status_code == 303
        assert session.scalars(select(Refund)).first() is None
        decide(shen, proposal(session))
        assert session.scalars(select(Refund)).one().amount_fen == 110_852
        assert "没有待查的钱" in shen.get("/console/suspense").text

    def test_matched_to_a_loan(self, zhou, shen, session, suspended) -> None:
        loan = make.active_loan(session, make.make_borrower(session))
        assert "refused" in propose(zhou, kind="match", loan_no="JK-NOBODY").headers["Location"]
        assert proposal(session) is None
        propose(zhou, kind="match", loan_no=loan.loan_no)
        decide(shen, proposal(session))
        session.expire_all()
        assert loan.outstanding_principal_fen < loan.principal_fen

    def test_nobody_decides_their_own(self, zhou, session, suspended) -> None:
        propose(zhou)
        answer = decide(zhou, proposal(session))
        assert answer.headers["Location"].endswith("refused=proposal.own")
        assert "自己提的不能自己定" in zhou.get(answer.headers["Location"]).text
        assert proposal(session).status == "proposed" and session.scalars(select(Refund)).first() is None

    def test_anothers_credit_is_not_refunded_from_this_payment(self, zhou, shen, session, suspended) -> None:
        loan = make.active_loan(session, make.make_borrower(session))
        propose(zhou, kind="match", loan_no=loan.loan_no)
        decide(shen, proposal(session))
        other = make.active_loan(session, make.make_borrower(session))
        other.credit_fen = 50_000
        session.commit()
        propose(zhou, amount="500.00", loan_no=other.loan_no)
        assert "proposal.impossible" in decide(shen, proposal(session)).headers["Location"]
        session.expire_all()
        assert other.credit_fen == 50_000 and session.scalars(select(Refund)).first() is None

    @pytest.mark.parametrize("amount", ["", "-1", "1e3", "1.234", "１００", "99999999999", "1108.53", "0"])
    def test_sums_that_are_none(self, zhou, session, suspended, amount) -> None:
        assert "refused=proposal.impossible" in propose(zhou, amount=amount).headers["Location"]
        assert proposal(session) is None

    def test_why_must_be_said(self, zhou, shen, session, suspended) -> None:
        assert "proposal.reason_missing" in propose(zhou, reason="x").headers["Location"]
        propose(zhou)
        assert "proposal.reason_missing" in decide(shen, proposal(session), "reject", reason=" ").headers["Location"]
        assert proposal(session).status == "proposed"
        decide(shen, proposal(session), "reject", reason="先核对付款人")
        assert proposal(session).status == "rejected" and "先核对付款人" in zhou.get("/console/suspense").text

    def test_hostile_reasons_are_text(self, zhou, session, suspended) -> None:
        propose(zhou, reason='"><script>alert(1)</script>')
        page = zhou.get("/console/suspense").text
        assert "<script" not in page and "&lt;script&gt;" in page


class TestControls:
    def test_a_form_of_another_site_moves_nothing(self, zhou, shen, session, suspended) -> None:
        form = {"about": "payment", "key": NUMBER, "kind": "refund", "amount": "1", "reason": "付错账户"}
        assert zhou.post("/console/money-proposals", data=form).status_code == 403
        propose(zhou)
        address = f"/console/money-proposals/{proposal(session).id}/approve"
        assert shen.post(address, data={"reason": "核对无误"}).status_code == 403
        assert shen.get(address).status_code == 405
        assert proposal(session).status == "proposed"

    @pytest.mark.parametrize(
        ("role", "proposes", "decides"), [("reviewer", 0, 0), ("operations", 1, 0), ("admin", 0, 1)]
    )
    def test_roles(self, app, zhou, session, suspended, role, proposes, decides) -> None:
        propose(zhou)
        made = proposal(session)
        other = app.test_client()
        signed_in(other, session, roles=[role], email="role@bank.example")
        mark = {"form_mark": form_mark(other.get("/console/my-day")), "reason": "核对无误"}
        asked = {"about": "payment", "key": NUMBER, "kind": "refund"}
        answer = other.post("/console/money-proposals", data=mark | asked)
        assert answer.status_code == (303 if proposes else 403)
        assert other.post(f"/console/money-proposals/{made.id}/approve", data=mark).status_code == (
            303 if decides else 403
        )
        for page in (PAGE, f"{PAGE}/export", f"/console/differences/{ids.new_id()}", "/console/suspense"):
            assert (other.get(page).status_code == 403) is (role == "reviewer"), page

    def test_nobody_who_is_not_signed_in(self, app, client, session) -> None:
        for page in ("/console/suspense", PAGE, f"{PAGE}/export", "/console/held-transfers"):
            assert client.get(page).headers["Location"].startswith("/console/sign-in")
        assert client.post("/console/money-proposals").status_code == 303

    def test_proposals_that_are_not_there(self, zhou, session) -> None:
        mark = {"form_mark": form_mark(zhou.get("/console/suspense")), "reason": "核对无误"}
        answer = zhou.post(f"/console/money-proposals/{ids.new_id()}/approve", data=mark)
        assert answer.headers["Location"].endswith("/console/reconciliation?refused=proposal.unknown")
        assert zhou.post(f"/console/money-proposals/{ids.new_id()}/burn", data=mark).status_code in (404, 405)
        wrong = zhou.post("/console/money-proposals", data=mark | {"about": "difference", "key": "x", "kind": "accept"})
        assert wrong.status_code == 303


class TestHeldTransfers:
    @pytest.mark.parametrize(("kind", "status"), [("release", "requested"), ("give_up", "failed")])
    def test_by_two_people(self, zhou, shen, session, kind, status) -> None:
        drawdown = make.open_drawdown(session, make.make_borrower(session))
        transfer = session.scalars(select(Transfer).where(Transfer.reference_id == drawdown.id)).one()
        payments.hold_transfer(session, transfer_id=transfer.id)
        session.commit()
        page = zhou.get("/console/held-transfers").text
        assert transfer.transfer_no in page and transfer.payee_account_no not in page
        propose(zhou, "/console/held-transfers", about="transfer", key=str(transfer.id), kind=kind, amount="")
        decide(shen, proposal(session))
        session.expire_all()
        assert transfer.status == status
        assert "没有停住的转账" in shen.get("/console/held-transfers").text


@pytest.fixture
def bounced(session):
    """A loan and its booked payment that the payer's bank took back."""
    loan = make.active_loan(session, make.make_borrower(session))
    return loan, make.repay(session, loan)


def test_a_repayment_is_taken_back_by_two_people(session, zhou, shen, bounced):
    loan, paid = bounced
    page, about = f"/console/repayments/{paid.id}", {"about": "repayment", "key": str(paid.id), "amount": ""}
    shown = zhou.get(page).get_data(as_text=True)
    assert "冲正会改变什么" in shown and paid.receipt_no in shown
    session.expire_all()
    assert paid.status == "applied" and loan.outstanding_principal_fen < loan.principal_fen  # only tried
    assert zhou.get(f"/console/loans/{loan.id}").get_data(as_text=True).count(page) == 1
    assert propose(zhou, page, **about, kind="reverse_bounced").headers["Location"].endswith(page)
    made = session.scalars(select(MoneyProposal)).one()
    step = {"form_mark": form_mark(zhou.get(page)), "reason": "核对无误"}
    refused = zhou.post(f"/console/money-proposals/{made.id}/approve", data=step)
    assert "refused=proposal.own" in refused.headers["Location"]
    step["form_mark"] = form_mark(shen.get(page))
    assert shen.post(f"/console/money-proposals/{made.id}/approve", data=step).status_code == 303
    session.expire_all()
    assert paid.status == "reversed" and loan.outstanding_principal_fen == loan.principal_fen
    assert "冲正前后" in shen.get(page).get_data(as_text=True)
    assert "refused" in propose(zhou, page, **about, kind="reverse_bounced").headers["Location"]
    assert [one for one in invariants.verify(session) if not one.holds] == []


def test_money_of_the_wrong_loan_goes_to_the_right_one(session, zhou, shen, bounced):
    wrong, paid = bounced
    right = make.active_loan(session, make.make_borrower(session))
    page, about = f"/console/repayments/{paid.id}", {"about": "repayment", "key": str(paid.id), "amount": ""}
    for form in ({"kind": "wrong_loan"}, {"kind": "wrong_loan", "loan_no": wrong.loan_no}, {"kind": "refund"}):
        assert "refused=proposal.impossible" in propose(zhou, page, **about, **form).headers["Location"]
    propose(zhou, page, **about, kind="wrong_loan", loan_no=right.loan_no)
    made = session.scalars(select(MoneyProposal)).one()
    step = {"form_mark": form_mark(shen.get(page)), "reason": "核对无误"}
    shen.post(f"/console/money-proposals/{made.id}/approve", data=step)
    session.expire_all()
    assert wrong.outstanding_principal_fen == wrong.principal_fen
    assert right.outstanding_principal_fen < right.principal_fen
    assert [one for one in invariants.verify(session) if not one.holds] == []


@pytest.mark.parametrize("key", ["nothing", str(ids.new_id())])
def test_a_repayment_that_is_none(session, zhou, bounced, key):
    about = {"about": "repayment", "key": key, "amount": "", "kind": "reverse_bounced"}
    assert "refused=proposal.impossible" in propose(zhou, f"/console/repayments/{bounced[1].id}", **about).headers[
        "Location"
    ]


def test_a_certificate_is_void_once_the_payment_that_settled_it_is_taken_back(app, session, zhou, shen):
    borrower = make.make_borrower(session)
    loan = make.active_loan(session, borrower)
    customer, address = app.test_client(), f"/customer/v1/loans/{loan.id}/settlement-certificate.pdf"

    def ask():
        return customer.get(address, headers=borrower.headers)

    paid = make.repay(session, loan, "payoff")
    first = ask()
    assert (first.status_code, ask().data) == (200, first.data)
    page, about = f"/console/repayments/{paid.id}", {"about": "repayment", "key": str(paid.id), "amount": ""}
    propose(zhou, page, **about, kind="reverse_bounced")
    assert ask().data == first.data  # one person alone takes nothing back
    decide(shen, proposal(session))
    session.expire_all()
    void = ask()
    assert (loan.status, void.status_code, void.get_json()["code"]) == ("active", 409, "loan.not_settled")
    make.repay(session, loan, "payoff")
    second = ask()
    assert second.status_code == 200 and second.data != first.data
    assert [one for one in invariants.verify(session) if not one.holds] == []
