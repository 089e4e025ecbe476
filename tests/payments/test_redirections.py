"""Abnormal refunds on another way, against the sandbox's WeChat Pay: each end, each doubt, each job twice as once."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from app.kernel import ids
from app.kernel.outbox import OutboxEvent
from app.payments import domain, queries, usecases
from app.payments.models import RefundRedirection
from tests.payments.test_jobs import order  # noqa: F401
from tests.payments.test_refund_jobs import _held, finish, holds, later, refund, status  # noqa: F401

pytestmark = pytest.mark.usefixtures("channels")
CARD = {"bank_type": "CMB_DEBIT", "account_no": "6214 8300 0000 1234", "account_name": "沈 测"}
JOB = "payments.redirect_refund"


@pytest.fixture
def abnormal(session, sandbox, run_jobs, clock_at, refund):  # noqa: F811
    run_jobs(only="payments.send_refund")
    finish(sandbox, refund, "ABNORMAL")
    later(clock_at)
    run_jobs(only="payments.query_refund")
    assert status(session, refund) == "abnormal"
    return refund


def draft(session, found, card=CARD):
    number = ids.new_id()
    usecases.draft_redirection(
        session, redirection_id=number, refund_id=found.id, card=usecases.read_card(**card) if card else None
    )
    session.commit()
    return number


def agreed(session, found, card=CARD):
    number = draft(session, found, card)
    usecases.open_redirection(session, redirection_id=number)
    session.commit()
    return number


def way(session, number):
    session.expire_all()
    return session.get_one(RefundRedirection, number)


def ask(run_jobs, clock_at):
    later(clock_at)
    run_jobs(only="payments.query_refund", limit=3)


def at_wechat_pay(sandbox):
    (found,) = sandbox.get("/sandbox/api/pay/refunds")["refunds"]
    return found


def test_to_a_card_it_arrives_and_the_card_is_forgotten(session, sandbox, run_jobs, clock_at, abnormal):
    number = agreed(session, abnormal)
    stored = session.scalar(text("SELECT account_no || account_name FROM refund_redirections"))
    assert "1234" not in stored and "沈" not in stored
    assert run_jobs(only=JOB) == [JOB]
    run_jobs.again("payments.redirect_refund")
    assert way(session, number).status == "taken" and at_wechat_pay(sandbox)["status"] == "PROCESSING"
    assert at_wechat_pay(sandbox)["user_received_account"] == "招商银行借记卡1234"
    finish(sandbox, abnormal, "SUCCESS")
    ask(run_jobs, clock_at)
    assert status(session, abnormal) == "succeeded" and holds(session)
    assert (way(session, number).status, way(session, number).account_no) == ("done", None)
    assert way(session, number).account_name is None


def test_to_us_the_money_is_owed_as_before_and_never_asked_for_again(session, sandbox, run_jobs, clock_at, abnormal):
    agreed(session, abnormal, card=None)
    run_jobs(only=JOB)
    finish(sandbox, abnormal, "SUCCESS")
    ask(run_jobs, clock_at)
    assert status(session, abnormal) == "came_to_us" and abnormal.fail_code == "came_to_us" and holds(session)
    paid = queries.payment_view(session, abnormal.transaction_id)
    assert (paid.left_fen, paid.unrefunded_fen) == (abnormal.amount_fen, 0)
    again = usecases.RefundRequest(ids.new_id(), abnormal.transaction_id, 1, "再退一次")
    with pytest.raises(domain.RefundTooLarge):
        usecases.open_refund(session, request=again)
    told = session.scalars(select(OutboxEvent).where(OutboxEvent.name == "refund.failed")).one()
    assert told.payload["fail_code"] == "came_to_us"
    balances = {
        row.account: row.fen
        for row in session.execute(text("SELECT account, sum(amount_fen)::bigint AS fen FROM entries GROUP BY 1"))
    }
    assert balances["bank_settlement"] == abnormal.amount_fen == -balances["suspense"]
    assert balances["wechat_pay_clearing"] == balances["refunds_in_transit"] == 0


def test_a_card_that_takes_nothing_either_leaves_room_for_another_way(session, sandbox, run_jobs, clock_at, abnormal):
    number = agreed(session, abnormal)
    run_jobs(only=JOB)
    finish(sandbox, abnormal, "ABNORMAL")
    ask(run_jobs, clock_at)
    assert status(session, abnormal) == "abnormal"
    assert (way(session, number).status, way(session, number).fail_code) == ("failed", "abnormal_again")
    second = agreed(session, abnormal, card=None)
    run_jobs(only=JOB)
    assert way(session, second).status == "taken" and way(session, number).account_no is None


@pytest.mark.parametrize(
    ("fault", "times"), [("system_error", 3), ("system_error_after", 3), ("frequency", 3), ("not_enough", 2)]
)
def test_after_any_doubt_the_same_is_asked_again(session, sandbox, run_jobs, clock_at, abnormal, fault, times):
    number = agreed(session, abnormal)
    sandbox.post("/sandbox/api/pay/faults", {"api": "abnormal_refund", "fault": fault, "times": times})
    run_jobs(only=JOB)
    later(clock_at, 20)
    run_jobs(only=JOB)
    later(clock_at, 60)
    run_jobs(only=JOB)
    assert way(session, number).status == "taken" and at_wechat_pay(sandbox)["status"] == "PROCESSING"


def test_a_refusal_counts_only_while_the_refund_is_abnormal(session, sandbox, run_jobs, abnormal):
    number = agreed(session, abnormal)
    sandbox.post("/sandbox/api/pay/faults", {"api": "abnormal_refund", "fault": "bad_card", "times": 1})
    run_jobs(only=JOB)
    assert (way(session, number).status, way(session, number).fail_code) == ("refused", "PARAM_ERROR")
    number = agreed(session, abnormal)
    finish(sandbox, abnormal, "SUCCESS")  # the account was opened again: it arrived by itself
    run_jobs(only=JOB)
    assert way(session, number).status == "taken"


def test_it_arrives_by_itself_while_people_decide(session, sandbox, run_jobs, clock_at, abnormal):
    number = draft(session, abnormal)
    with pytest.raises(domain.NotAbnormal):
        draft(session, abnormal, card=None)  # one at a time
    session.rollback()
    finish(sandbox, abnormal, "SUCCESS")
    ask(run_jobs, clock_at)
    assert way(session, number).status == "done"
    with pytest.raises(domain.NotAbnormal):
        usecases.open_redirection(session, redirection_id=number)


def test_who_is_not_agreed_with_leaves_no_card_behind(session, abnormal):
    number = draft(session, abnormal)
    usecases.drop_redirection(session, redirection_id=number)
    session.commit()
    assert (way(session, number).status, way(session, number).account_no) == ("dropped", None)


@pytest.mark.parametrize(
    "wrong", [{"bank_type": "ICBC_CREDIT"}, {"account_no": "1234"}, {"account_no": "６" * 16}, {"account_name": "沈"}]
)
def test_what_is_no_card(wrong):
    with pytest.raises(domain.CardImpossible):
        usecases.read_card(**CARD | wrong)


def test_a_redirection_without_a_job_is_taken_up(session, run_jobs, clock_at, abnormal):
    number = agreed(session, abnormal)
    session.execute(text("UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name = :job"), {"job": JOB})
    session.commit()
    assert usecases.take_up(session) == 1
    session.commit()
    later(clock_at)
    run_jobs(only=JOB)
    assert way(session, number).status == "taken"
