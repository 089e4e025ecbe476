"""Refunds against the sandbox's WeChat Pay; lost answers, lost notices and refusals; each job twice is as once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text

from app.adapters import channels
from app.kernel import clock, ids, invariants
from app.ledger.models import Journal
from app.payments import usecases
from app.payments.models import PaymentNotice, PaymentTransaction, Transfer
from tests.attacks.forged import PATH, Forger
from tests.payments.test_jobs import order, pay, place, transfer  # noqa: F401

pytestmark = pytest.mark.usefixtures("channels")


@pytest.fixture(autouse=True)
def _held(sandbox):
    """Refunds end when a test says so."""
    sandbox.post("/sandbox/api/pay/settings", {"refunds": "held", "time_scale": 3600})
    sandbox.post("/sandbox/api/transfers/settings", {"delay_seconds": 3600, "push": False})
    yield
    sandbox.reset()


@pytest.fixture
def refund(session, sandbox, order):  # noqa: F811
    """A decided refund of a payment that came after its order was closed."""
    parameters = place(order)
    pay(sandbox, parameters)
    usecases.close_order(session, order_id=order.order_id)
    told = channels().wechat_pay.query(order.out_trade_no)
    assert usecases.confirm(session, transaction=told, our_mchid=told.mchid) == ("suspense", "paid_after_close")
    made = usecases.open_refund(
        session, request=usecases.RefundRequest(ids.new_id(), str(told.transaction_id), order.amount_fen, "已关闭")
    )
    session.commit()
    return made


def status(session, found):
    session.expire_all()
    return session.get_one(type(found), found.id).status


def at_wechat_pay(sandbox):
    return sandbox.get("/sandbox/api/pay/refunds")["refunds"]


def later(clock_at, seconds=3600):
    clock_at(clock.now() + timedelta(seconds=seconds))


def finish(sandbox, refund, status):
    sandbox.post(f"/sandbox/api/pay/refunds/{refund.out_refund_no}/finish", {"status": status})


def holds(session):
    session.expire_all()
    return all(one.holds for one in invariants.verify(session) if one.invariant.code in {"I1", "I4", "I5", "I6"})


def test_a_refund_is_sent_once_and_a_query_finds_its_end(session, sandbox, run_jobs, clock_at, refund):
    assert run_jobs(only="payments.send_refund") == ["payments.send_refund"]
    run_jobs.again("payments.send_refund")
    assert status(session, refund) == "processing" and len(at_wechat_pay(sandbox)) == 1
    finish(sandbox, refund, "SUCCESS")
    later(clock_at)
    run_jobs(only="payments.query_refund")
    before = len(session.scalars(select(Journal)).all())
    run_jobs.again("payments.query_refund")
    assert status(session, refund) == "succeeded" and len(session.scalars(select(Journal)).all()) == before
    assert holds(session)


@pytest.mark.parametrize(
    ("fault", "tries"),
    [("system_error", 3), ("system_error_after", 3), ("frequency", 3), ("not_enough", 1), ("no_auth", 1)],
)
def test_after_any_doubt_the_same_number_is_sent_again(session, sandbox, run_jobs, clock_at, refund, fault, tries):
    sandbox.post("/sandbox/api/pay/faults", {"api": "refund", "fault": fault, "times": tries})
    run_jobs(only="payments.send_refund")
    assert status(session, refund) == "requested"
    later(clock_at, 20)
    run_jobs(only="payments.send_refund")
    assert status(session, refund) == "processing"
    assert [one["out_refund_no"] for one in at_wechat_pay(sandbox)] == [refund.out_refund_no]


def test_a_refusal_is_final_when_wechat_pay_knows_no_such_refund(session, sandbox, run_jobs, refund):
    """Somebody refunded the whole order on WeChat Pay's own pages before."""
    paid = session.get_one(PaymentTransaction, refund.transaction_id)
    ours = usecases.refund_order(refund, notify_url="http://127.0.0.1:9/callbacks/wechat/pay")
    channels().wechat_pay.refund(replace(ours, out_refund_no="CONSOLE1"))
    run_jobs(only="payments.send_refund")
    assert status(session, refund) == "refused" and refund.fail_code == "INVALID_REQUEST"
    assert paid.amount_fen == refund.amount_fen and holds(session)


def test_an_abnormal_refund_is_asked_about_until_it_arrives(session, sandbox, run_jobs, clock_at, refund):
    run_jobs(only="payments.send_refund")
    for end, known in (("ABNORMAL", "abnormal"), ("SUCCESS", "succeeded")):
        finish(sandbox, refund, end)
        later(clock_at)
        run_jobs(only="payments.query_refund", limit=3)
        assert status(session, refund) == known
    assert [name for name, _ in run_jobs.waiting() if "refund" in name] == []


def test_a_notice_over_the_wire_is_kept_raw_and_booked_once(session, client, sandbox, run_jobs, refund):
    """The sandbox's own content of the notice, sealed and signed anew, posted twice and once with a byte changed."""
    run_jobs(only="payments.send_refund")
    finish(sandbox, refund, "SUCCESS")
    [told] = [one for one in sandbox.get("/sandbox/api/pay/notices")["notices"] if "REFUND" in one["event_type"]]
    forger = Forger(SimpleNamespace(sandbox=sandbox, web_url="http://bank.example"))
    body = forger.envelope(told["resource"], event_type="REFUND.SUCCESS")
    assert client.post(PATH, data=body + b" ", headers=forger.signed(body)).status_code == 401
    for _ in range(2):
        assert client.post(PATH, data=body, headers=forger.signed(body)).status_code == 204
    assert status(session, refund) == "succeeded" and holds(session)
    kept = session.scalars(select(PaymentNotice).where(PaymentNotice.out_refund_no == refund.out_refund_no)).all()
    assert sorted(one.verdict for one in kept) == ["duplicate", "refund"]
    assert all(one.body == body.decode() for one in kept)


def test_a_refund_without_a_job_is_taken_up(session, run_jobs, clock_at, refund):
    run_jobs(only="payments.send_refund")
    session.execute(text("UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name LIKE '%refund'"))
    session.commit()
    session.expire_all()
    assert usecases.take_up(session) == 1
    session.commit()
    later(clock_at)
    assert run_jobs(only="payments.query_refund", limit=2) == ["payments.query_refund"]


@pytest.mark.parametrize(("act", "end"), [("release", "sent"), ("give_up", "failed")])
def test_a_held_transfer_goes_on_or_ends_when_people_say_so(session, sandbox, run_jobs, transfer, act, end):  # noqa: F811
    """The bank knew the number with other content; the bank's people removed that, or made sure nothing was paid."""
    usecases.hold_transfer(session, transfer_id=transfer.id)
    session.commit()
    if act == "release":
        usecases.release_transfer(session, transfer_id=transfer.id)
    else:
        usecases.give_up_transfer(session, transfer_id=transfer.id)
    session.commit()
    run_jobs(only="payments.send_transfer")
    assert status(session, transfer) == end
    with pytest.raises(Exception, match="not possible"):
        usecases.give_up_transfer(session, transfer_id=transfer.id)
    assert session.get_one(Transfer, transfer.id).transfer_no == transfer.transfer_no
