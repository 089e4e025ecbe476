"""Refunds: each fen once, whatever order the answers and notices come in, however often."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.adapters.wechat_pay import Notice
from app.adapters.wechat_pay import Refund as Told
from app.kernel import ids, invariants
from app.ledger.queries import trial_balance
from app.payments import domain, usecases
from app.payments.models import PaymentNotice, Refund
from tests.payments.conftest import MCHID, NOON, paid

RULES = {"I1", "I4", "I5", "I6"}  # of the book and of payments
NUMBER = "42000000012026112300000001"


@pytest.fixture
def suspended(session, order):
    """A payment of 110,852 fen in suspense, because somebody else paid it."""
    told = paid(order, payer_openid="somebody-else")
    assert usecases.confirm(session, transaction=told, our_mchid=MCHID)[0] == "suspense"
    session.commit()
    return told


def ask(session, amount_fen=110_852, **changes):
    request = usecases.RefundRequest(ids.new_id(), NUMBER, amount_fen, "付错了，原路退回")
    refund = usecases.open_refund(session, request=replace(request, **changes))
    session.commit()
    return refund


def told(refund, status, **changes):
    answer = Told(
        out_refund_no=refund.out_refund_no,
        refund_id="503000001",
        out_trade_no=refund.out_trade_no,
        transaction_id=refund.transaction_id,
        status=status,
        amount_fen=refund.amount_fen,
        order_amount_fen=refund.paid_fen,
        refunded_at=NOON if status == "SUCCESS" else None,
        mchid=MCHID,
    )
    return replace(answer, **changes)


def notice(session, refund, status, **changes):
    about = told(refund, status, **changes)
    found = Notice(f"n-{status}", f"REFUND.{status}", NOON, None, about)
    return usecases.settle_notice(session, notice=found, raw=b"{}", our_mchid=MCHID)


def balances(session):
    return {row.code: row.balance_fen for row in trial_balance(session) if row.balance_fen}


def broken(session):
    session.flush()
    return [one for one in invariants.verify(session) if not one.holds and one.invariant.code in RULES]


def state(session, refund):
    return session.execute(text("SELECT status FROM refunds WHERE id = :id"), {"id": refund.id}).scalar_one()


def test_a_whole_refund_from_its_decision_to_the_payers_account(session, suspended):
    refund = ask(session)
    assert (refund.status, refund.out_refund_no[:3], len(refund.out_refund_no)) == ("requested", "DKR", 29)
    assert balances(session) == {"wechat_pay_clearing": 110_852, "refunds_in_transit": -110_852}
    assert usecases.record_refund(session, refund_id=refund.id, told=told(refund, "PROCESSING"))
    assert broken(session) == []
    assert notice(session, refund, "SUCCESS") == "refund"
    assert (state(session, refund), balances(session)) == ("succeeded", {})
    assert broken(session) == []
    names = session.scalars(text("SELECT name FROM outbox_events ORDER BY id")).all()
    assert names[-1] == "refund.succeeded"


def test_the_same_decision_opens_one_refund(session, suspended):
    request = usecases.RefundRequest(ids.new_id(), NUMBER, 100, "x")
    first = usecases.open_refund(session, request=request)
    assert usecases.open_refund(session, request=request) is first
    assert len(session.scalars(select(Refund)).all()) == 1


TELLERS = {
    "answer": lambda session, refund: usecases.record_refund(
        session, refund_id=refund.id, told=told(refund, "PROCESSING", created_at=NOON, mchid=None)
    ),
    "notice and its copy": lambda session, refund: [notice(session, refund, "SUCCESS") for _ in range(2)],
    "query": lambda session, refund: usecases.record_refund(session, refund_id=refund.id, told=told(refund, "SUCCESS")),
    "abnormal": lambda session, refund: notice(session, refund, "ABNORMAL"),
}


@pytest.mark.parametrize("order_of_events", list(itertools.permutations(TELLERS)), ids="-".join)
def test_every_order_of_events_ends_the_same(session, suspended, order_of_events):
    """An answer after its notice, a copy before the answer, an abnormal one that came late: one refund, one booking."""
    refund = ask(session)
    for teller in order_of_events:
        TELLERS[teller](session, refund)
    session.flush()
    assert (state(session, refund), balances(session)) == ("succeeded", {})
    keys = session.scalars(text("SELECT key FROM journals WHERE key LIKE 'refund%'")).all()
    assert sorted(keys) == [f"refund_from_suspense:{refund.id}", f"refund_paid:{refund.id}"]
    assert session.scalar(text("SELECT count(*) FROM outbox_events WHERE name = 'refund.succeeded'")) == 1
    assert broken(session) == []


def test_an_abnormal_refund_is_not_over(session, suspended):
    refund = ask(session)
    assert notice(session, refund, "ABNORMAL") == "refund"
    assert state(session, refund) == "abnormal" and balances(session)["refunds_in_transit"] == -110_852
    assert notice(session, refund, "SUCCESS") == "refund"
    assert state(session, refund) == "succeeded"


@pytest.mark.parametrize("how", ["closed", "refused"])
def test_a_refund_that_failed_leaves_the_money_in_suspense_and_may_be_tried_anew(session, suspended, how):
    refund = ask(session)
    if how == "closed":
        assert notice(session, refund, "CLOSED") == "refund"
        assert notice(session, refund, "SUCCESS") == "duplicate"  # closed is the end: a person must look at the bill
    else:
        usecases.refuse_refund(session, refund_id=refund.id, fail_code="USER_ACCOUNT_ABNORMAL")
    assert balances(session) == {"wechat_pay_clearing": 110_852, "suspense": -110_852}
    assert broken(session) == []
    again = ask(session)
    assert again.out_refund_no != refund.out_refund_no
    assert broken(session) == []


def test_parts_are_refunded_up_to_what_came_and_not_a_fen_more(session, suspended):
    ask(session, 100_000)
    with pytest.raises(domain.RefundTooLarge):
        ask(session, 10_853)
    session.rollback()
    ask(session, 10_852)
    with pytest.raises(domain.RefundTooLarge):
        ask(session, 1)


@pytest.mark.parametrize("amount_fen", [0, -1])
def test_a_refund_is_at_least_a_fen(session, suspended, amount_fen):
    with pytest.raises(domain.RefundTooLarge):
        ask(session, amount_fen)


def test_the_database_itself_refuses_more_than_came(session, suspended):
    ask(session, 100_000)
    for column in ("released_fen", "refunded_fen"):
        with pytest.raises(DBAPIError, match="within"), session.begin_nested():
            session.execute(text(f"UPDATE transaction_uses SET {column} = amount_fen + 1"))
    acts = ("DELETE FROM refunds", "UPDATE refunds SET amount_fen = 1", "UPDATE suspense_matches SET amount_fen = 1")
    for act in acts:
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(text(act))


def test_money_that_was_credited_is_no_money_in_suspense(session, order):
    usecases.confirm(session, transaction=paid(order), our_mchid=MCHID)
    with pytest.raises(domain.NotInSuspense):
        ask(session)
    with pytest.raises(domain.PaymentUnknown):
        ask(session, transaction_id="4200000000000000000")


def test_two_payments_of_one_order_are_two_moneys(session, order):
    usecases.confirm(session, transaction=paid(order), our_mchid=MCHID)
    twice = paid(order, transaction_id="42000000012026112300000002")
    assert usecases.confirm(session, transaction=twice, our_mchid=MCHID) == ("suspense", "paid_twice")
    refund = ask(session, transaction_id=twice.transaction_id)
    assert usecases.refund_order(refund, notify_url="https://bank.example/n").transaction_id == twice.transaction_id


@pytest.mark.parametrize(
    "changes", [{"amount_fen": 1}, {"transaction_id": "42"}, {"out_refund_no": "DKRX"}], ids=lambda one: next(iter(one))
)
def test_an_answer_about_another_refund_changes_nothing(session, suspended, changes):
    refund = ask(session)
    assert not usecases.record_refund(session, refund_id=refund.id, told=told(refund, "SUCCESS", **changes))
    assert state(session, refund) == "requested"


def test_a_refund_that_nobody_here_decided_is_kept_for_a_person(session, suspended):
    refund = ask(session)
    assert notice(session, refund, "SUCCESS", out_refund_no="CONSOLE1") == "unmatched"
    assert notice(session, refund, "SUCCESS", mchid="1") == "ignored"
    session.flush()
    kept = session.scalars(select(PaymentNotice).order_by(PaymentNotice.id)).all()[0]
    assert (kept.verdict, kept.out_refund_no) == ("unmatched", "CONSOLE1")
    assert state(session, refund) == "requested"


def test_a_refund_before_its_payment_is_kept_and_the_payment_goes_to_suspense(session, order):
    """Somebody refunded on WeChat Pay's own pages, and its notice overtook the payment's."""
    told_first = Told("CONSOLE1", "503", order.out_trade_no, NUMBER, "SUCCESS", 1, 110_852, NOON, MCHID)
    event = Notice("n1", "REFUND.SUCCESS", NOON, None, told_first)
    assert usecases.settle_notice(session, notice=event, raw=b"{}", our_mchid=MCHID) == "unmatched"
    told = paid(order, trade_state="REFUND")
    assert usecases.confirm(session, transaction=told, our_mchid=MCHID) == ("suspense", "refunded")
    outside = {"transaction_id": NUMBER, "out_refund_no": "CONSOLE1", "refund_id": "503", "amount_fen": 1}
    assert usecases.record_outside_refund(session, **outside)
    assert not usecases.record_outside_refund(session, **outside)
    assert balances(session) == {"wechat_pay_clearing": 110_851, "suspense": -110_851}
    assert broken(session) == []


def test_money_in_suspense_is_matched_once_and_the_rest_stays(session, suspended):
    match = {"match_id": ids.new_id(), "purpose": "test", "reference_id": ids.new_id()}
    assert usecases.match_suspense(session, transaction_id=NUMBER, amount_fen=100_000, **match)
    assert not usecases.match_suspense(session, transaction_id=NUMBER, amount_fen=100_000, **match)
    assert balances(session)["suspense"] == -10_852
    with pytest.raises(domain.RefundTooLarge):
        ask(session)
    ask(session, 10_852)
    assert broken(session) == []


def test_credit_that_could_not_be_refunded_is_credit_again_once(session, order):
    usecases.confirm(session, transaction=paid(order), our_mchid=MCHID)
    refund = ask(session, 852, loan_id=ids.new_id())
    usecases.refuse_refund(session, refund_id=refund.id, fail_code="TRADE_ERROR")
    assert (refund.status, refund.source) == ("refused", "customer_credit")
    assert usecases.return_credit(session, refund_id=refund.id)
    assert not usecases.return_credit(session, refund_id=refund.id)
    assert balances(session) == {}


def test_the_plan_of_questions():
    assert [domain.refund_wait(step) for step in (0, 6, 7, 99)] == [
        timedelta(seconds=5), timedelta(minutes=30), timedelta(hours=1), timedelta(hours=1)
    ]  # fmt: skip
