"""Debits through files: asked for, sent, and each result that the core bank can have; all of it twice is as once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.debits.models import DebitBatch, DebitFinding
from app.kernel import clock, ids, invariants
from app.kernel.audience import StaffPrincipal
from app.loans.jobs.collecting import collect_due
from app.loans.models import Loan, Repayment, WriteOffRule
from app.loans.papers import reading
from app.loans.usecases.reliefs import Decision, write_off
from app.payments.domain import NotRefundableHere
from app.payments.models import PaymentOrder, PaymentTransaction
from app.payments.usecases import RefundRequest, open_refund
from app.reconciliation.domain.kinds import AnswerImpossible
from app.reconciliation.usecases import ProposalRequest, propose
from config.settings import current
from tests.factories import loans


def findings(session):
    return session.scalars(select(DebitFinding.kind).order_by(DebitFinding.kind)).all()


def balances(session):
    rows = session.execute(text("SELECT account, sum(amount_fen) AS fen FROM entries GROUP BY account"))
    return {row.account: int(row.fen) for row in rows if row.fen}


def told(session):
    kinds = "SELECT kind FROM messages WHERE kind LIKE 'debit%' OR kind LIKE 'mandate%' ORDER BY kind"
    return session.execute(text(kinds)).scalars().all()


@pytest.fixture(autouse=True)
def _book_is_right(payer, session):
    """After every test all rules hold."""
    yield
    session.expire_all()
    assert [verdict for verdict in invariants.verify(session) if not verdict.holds] == []


def test_a_customer_repays_from_the_account(payer, session, run_jobs):
    payer.allow()
    opened = payer.repay()
    assert (opened.status_code, opened.json["pay_by"]) == (201, "bank_account"), opened.json
    assert opened.json["account"].startswith("尾号") and opened.json["repayment"]["status"] == "paying"
    payer.settle()
    run_jobs.again("debits.make_batch")
    run_jobs.again("debits.send_batch")
    run_jobs.again("debits.fetch_results")
    assert (payer.debit().status, payer.repayment().status) == ("succeeded", "applied")
    paid = session.scalars(select(PaymentTransaction)).one()
    assert (paid.channel, paid.disposition, paid.amount_fen) == ("core_bank", "credited", payer.debit().amount_fen)
    assert balances(session).get("wechat_pay_clearing", 0) == 0


def test_files_are_sealed_at_rest(payer, session):
    payer.allow()
    payer.repay()
    payer.settle()
    batch = session.scalars(select(DebitBatch)).one()
    assert batch.status == "done" and "DUKOU-DEBIT|" in (batch.file or "") and "RESULT" in (batch.results or "")
    raw = session.execute(text("SELECT file || results FROM debit_batches")).scalar_one()
    assert "DUKOU" not in raw and "621799" not in raw


def test_not_enough_money_ends_the_repayment_and_the_customer_is_told(payer, session, run_jobs):
    payer.allow("41")
    payer.repay()
    payer.settle()
    assert (payer.debit().status, payer.debit().fail_code) == ("failed", "balance.too_low")
    assert (payer.repayment().status, payer.mandate().status) == ("closed", "active")
    run_jobs(only="messages.tell")
    assert told(session) == ["debit_failed"]
    assert payer.repay().status_code == 201, "the customer may ask again"


def test_a_closed_account_suspends_the_mandate(payer, session, run_jobs):
    payer.allow("45")
    payer.repay()
    payer.settle()
    assert (payer.mandate().status, payer.mandate().ended_by) == ("suspended", "account.closed")
    run_jobs(only="messages.tell")
    assert told(session) == ["debit_failed", "mandate_stopped"]
    assert payer.repay().json["code"] == "debit_mandate.none_usable"


def test_a_part_is_taken_of_what_is_due(payer, session):
    payer.allow("44")
    payer.repay()
    payer.settle()
    whole, got = payer.debit().amount_fen, payer.debit().collected_fen
    assert (payer.debit().status, got) == ("succeeded", whole // 2)
    assert payer.repayment().status == "applied"
    assert payer.repay().json["repayment"]["amount_fen"] == whole - got, "the rest is still due"


def test_a_pay_off_is_never_taken_in_part(payer, session):
    payer.allow("44")
    payer.repay("payoff")
    payer.settle()
    assert (payer.debit().status, payer.debit().fail_code) == ("failed", "balance.too_low")


def test_a_missing_line_keeps_the_debit_open_and_nothing_takes_its_place(payer, session):
    payer.allow("42")
    payer.repay()
    payer.settle()
    assert (payer.debit().status, payer.repayment().status) == ("filed", "paying")
    assert session.scalars(select(DebitBatch)).one().status == "sent"
    assert payer.repay().json["code"] == "loan.repayment_open"
    path = f"/customer/v1/repayments/{payer.repayment().id}"
    told = payer.client.post(f"{path}/cancellation", headers=payer.who.writing())
    assert (told.status_code, told.json["code"]) == (409, "debit.in_flight")
    told = payer.client.post(f"{path}/payment", headers=payer.who.writing())
    assert (told.status_code, told.json["code"]) == (409, "repayment.paid_by_account")


@pytest.mark.parametrize(
    ("ending", "found", "suspended"),
    [("46", ["amount_differs"], 1), ("47", ["paid_twice"], 1), ("49", ["unknown_line"], 1)],
)
def test_what_does_not_fit_goes_to_suspense_once(payer, session, run_jobs, ending, found, suspended):
    payer.allow(ending)
    payer.repay()
    payer.settle()
    run_jobs.again("debits.fetch_results")
    session.expire_all()
    assert findings(session) == found
    kept = session.scalars(select(PaymentTransaction).where(PaymentTransaction.disposition == "suspense")).all()
    assert len(kept) == suspended
    assert balances(session)["suspense"] == -sum(one.amount_fen for one in kept)
    assert payer.repayment().status == ("closed" if ending == "46" else "applied")


def test_money_of_a_debit_is_not_refunded_through_wechat_pay(payer, session):
    payer.allow("47")
    payer.repay()
    payer.settle()
    kept = session.scalars(select(PaymentTransaction).where(PaymentTransaction.disposition == "suspense")).one()
    asked = ProposalRequest("refund", "payment", kept.transaction_id, "双倍扣款", kept.amount_fen)
    who = StaffPrincipal(staff_id=ids.new_id(), session_id=ids.new_id(), roles=frozenset({"finance"}))
    with pytest.raises(AnswerImpossible):
        propose(session, principal=who, request=asked)
    with pytest.raises(NotRefundableHere):
        request = RefundRequest(ids.new_id(), kept.transaction_id, kept.amount_fen, "双倍扣款")
        open_refund(session, request=request)


@pytest.mark.parametrize("fault", ["cut_off", "bad_signature", "wrong_totals", "other_batch"])
def test_a_result_file_that_does_not_prove_itself_has_no_effect(payer, session, sandbox, run_jobs, fault):
    payer.allow()
    payer.repay()
    sandbox.post("/sandbox/api/debits/settings", {"fault": fault})
    payer.settle()
    assert payer.debit().status == "filed" and session.scalars(select(PaymentTransaction)).all() == []
    sandbox.post("/sandbox/api/debits/settings", {"fault": ""})
    run_jobs.again("debits.fetch_results")
    assert payer.debit().status == "succeeded"


@pytest.mark.parametrize("fault", ["refuse_before", "fail_after"])
def test_after_a_doubt_the_same_file_is_sent_again_under_its_number(payer, session, sandbox, run_jobs, fault):
    payer.allow()
    payer.repay()
    sandbox.post("/sandbox/api/debits/settings", {"fault": fault})
    payer.settle()
    first = session.scalars(select(DebitBatch)).one()
    assert first.status == "made"
    sandbox.post("/sandbox/api/debits/settings", {"fault": ""})
    run_jobs.again("debits.send_batch")
    payer.settle()
    assert payer.debit().status == "succeeded"
    kept = sandbox.get("/sandbox/api/debits")["batches"]
    assert [(one["batch_no"], one["file"]) for one in kept] == [(first.batch_no, first.file)]


def test_another_file_under_the_number_is_held_for_a_person(payer, session, run_jobs):
    payer.allow()
    payer.repay()
    payer.settle()
    batch = session.scalars(select(DebitBatch)).one()
    batch.status, batch.file = "made", None
    batch.made_on = batch.made_on.replace(year=2020)
    session.commit()
    run_jobs.again("debits.send_batch")
    session.expire_all()
    assert session.scalars(select(DebitBatch.status)).one() == "held"


def test_before_the_file_is_made_the_customer_may_change_their_mind(payer, session):
    payer.allow()
    opened = payer.repay().json
    path = f"/customer/v1/repayments/{opened['repayment']['id']}/cancellation"
    assert payer.client.post(path, headers=payer.who.writing()).json["status"] == "closed"
    payer.settle()
    assert (payer.debit().status, session.scalars(select(DebitBatch)).all()) == ("withdrawn", [])
    assert session.scalars(select(PaymentOrder.status)).one() == "closed"


def test_a_mandate_that_ended_is_not_used_any_more(payer, session):
    mandate_id = payer.allow()
    payer.repay()
    payer.client.delete(f"/customer/v1/debit-mandates/{mandate_id}", headers=payer.who.writing())
    payer.settle()
    assert (payer.debit().status, payer.repayment().status) == ("withdrawn", "closed")


def test_never_together_with_a_payment_at_wechat(payer, session):
    payer.allow()
    loans.open_repayment(session, payer.loan, "due")
    assert payer.repay().json["code"] == "loan.repayment_open"
    assert len(session.scalars(select(Repayment)).all()) == 1


def test_a_late_result_after_the_loan_was_paid_otherwise_is_the_customers_credit(payer, session, run_jobs):
    from app.kernel import clock, ids
    from app.loans.usecases.unmatched import apply_unmatched

    payer.allow()
    amount_fen = payer.repay().json["repayment"]["amount_fen"]
    apply_unmatched(
        session, repayment_id=ids.new_id(), loan_id=payer.loan.id, amount_fen=amount_fen, paid_at=clock.now()
    )
    session.commit()
    payer.settle()
    session.refresh(payer.loan)
    assert payer.loan.credit_fen == amount_fen


def test_what_is_written_off_is_debited_and_regained(payer, session):
    """The bank's book has changed, the customer's debt has not: it is collected by itself as before, and regained."""
    rule = {"min_class": 1, "overdue_above": -1, "keeps_accruing": True, "keeps_line": True}
    session.add(WriteOffRule(id=ids.new_id(), effective_from=clock.today(), source="a test's", **rule))
    session.flush()
    loan = session.get_one(Loan, payer.loan.id)
    loan.accrued_through_on = clock.today() - timedelta(days=1)
    session.flush()
    write_off(session, decision=Decision(ids.new_id(), loan.id, "uncollectable", "按审批意见处理", "system"))
    session.commit()
    payer.allow()
    collect_due()
    payer.settle()
    paid = payer.repayment()
    assert (paid.status, paid.recovered, session.get_one(Loan, loan.id).status) == ("applied", True, "written_off")
    said = str(reading.receipt(session, customer_id=loan.customer_id, repayment_id=paid.id, bank=current().bank))
    assert "银行账户扣款" in said and "核销不是免除" in said
