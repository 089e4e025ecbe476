"""Days are fetched from the sandbox's WeChat Pay and core bank and compared; again, late and broken is all the same."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import select, text

from app.adapters import channels
from app.kernel import clock, ids, jobs
from app.ledger.queries import trial_balance
from app.payments import usecases as payments
from app.reconciliation import queries, usecases
from app.reconciliation.jobs import reconcile_day
from app.reconciliation.models import BillDifference
from tests.payments.test_jobs import order, pay, place, transfer  # noqa: F401

pytestmark = pytest.mark.usefixtures("channels")


@pytest.fixture(autouse=True)
def _ready(sandbox):
    """Bills of any day, and transfers that end when a test says so; nothing of other tests stands on the bills."""
    sandbox.reset()
    sandbox.post("/sandbox/api/pay/settings", {"bills": "ready", "refunds": "held"})
    sandbox.post("/sandbox/api/core-bank/statements/settings", {"now": True})
    sandbox.post("/sandbox/api/transfers/settings", {"delay_seconds": 3600, "push": False})
    yield
    sandbox.reset()


@pytest.fixture
def booked(session, sandbox, order):  # noqa: F811
    """A payment that WeChat Pay has and that we booked."""
    pay(sandbox, place(order))
    told = channels().wechat_pay.query(order.out_trade_no)
    payments.confirm(session, transaction=told, our_mchid=told.mchid)
    session.commit()
    return told


def listed(session):
    session.expire_all()
    return sorted((row.channel, row.kind) for row in session.scalars(select(BillDifference)) if row.status == "open")


def differ(sandbox, kind, **more):
    return sandbox.post(f"/sandbox/api/pay/bills/{clock.today()}/differences", {"kind": kind, **more})


def test_a_day_whose_bills_agree_is_explained_however_often_it_runs(session, run_jobs, booked):
    for channel in ("wechat_trade", "wechat_funds", "core_bank"):
        assert reconcile_day(channel, clock.today()) == "explained"
        assert reconcile_day(channel, clock.today()) == "explained"
    rows = {row.channel: row for row in queries.days(session, since=clock.today(), until=clock.today())}
    assert (rows["wechat_trade"].in_fen, rows["wechat_trade"].fee_fen) == (110_852, 665)
    assert (rows["wechat_funds"].in_fen, rows["wechat_funds"].out_fen) == (110_852, 665)
    assert listed(session) == []


def test_the_scenario_of_a_bill_with_differences(session, sandbox, booked):
    made = sandbox.post("/sandbox/api/scenarios/bill_with_differences")["differences"]
    reconcile_day("wechat_trade", clock.today())
    assert {kind for _, kind in listed(session)} == {one["kind"] for one in made}


def test_a_truncated_file_is_called_that_and_the_next_one_repairs_it(session, sandbox, booked):
    differ(sandbox, "truncated")
    assert reconcile_day("wechat_trade", clock.today()) == "differences"
    assert listed(session) == [("wechat_trade", "truncated")]


def test_a_payment_that_nobody_told_us_of_is_asked_about_and_booked(session, sandbox, run_jobs, order):  # noqa: F811
    pay(sandbox, place(order))
    reconcile_day("wechat_trade", clock.today())
    assert listed(session) == [("wechat_trade", "missing_here")]
    found = session.scalars(select(BillDifference)).one()
    jobs.enqueue(session, "reconciliation.ask", difference_id=found.id)
    session.commit()
    run_jobs(only="reconciliation.ask")
    run_jobs.again("reconciliation.ask")
    assert listed(session) == []
    assert session.scalar(text("SELECT count(*) FROM payment_transactions WHERE disposition = 'credited'")) == 1


def test_the_core_banks_statement(session, sandbox, run_jobs, clock_at, transfer):  # noqa: F811
    run_jobs(only="payments.send_transfer")
    sandbox.post(f"/sandbox/api/transfers/{transfer.transfer_no}/finish", {"state": "succeeded"})
    assert reconcile_day("core_bank", clock.today()) == "differences"  # we have not heard of its end yet
    assert listed(session) == [("core_bank", "state")]
    clock_at(clock.now() + timedelta(seconds=3))
    run_jobs(only="payments.query_transfer")
    assert reconcile_day("core_bank", clock.today()) == "explained"
    for kind in ("missing_here", "unknown", "wrong_totals"):
        sandbox.post(f"/sandbox/api/core-bank/statements/{clock.today()}/differences", {"kind": kind})
    reconcile_day("core_bank", clock.today())
    assert listed(session) == [("core_bank", kind) for kind in ("missing_here", "reissued", "unknown", "wrong_totals")]


@pytest.mark.parametrize("kind", ["missing_there", "amount", "duplicate", "state"])
def test_what_can_be_wrong_with_a_statements_entry(session, sandbox, run_jobs, clock_at, transfer, kind):  # noqa: F811
    run_jobs(only="payments.send_transfer")
    sandbox.post(f"/sandbox/api/transfers/{transfer.transfer_no}/finish", {"state": "succeeded"})
    clock_at(clock.now() + timedelta(seconds=3))
    run_jobs(only="payments.query_transfer")
    sandbox.post(f"/sandbox/api/core-bank/statements/{clock.today()}/differences", {"kind": kind})
    reconcile_day("core_bank", clock.today())
    assert listed(session) == [("core_bank", kind)]


def test_bills_that_are_not_made_yet_are_waited_for(session, sandbox):
    sandbox.post("/sandbox/api/pay/settings", {"bills": "daily"})
    sandbox.post("/sandbox/api/core-bank/statements/settings", {"now": False})
    for channel in ("wechat_trade", "wechat_funds", "core_bank"):
        assert reconcile_day(channel, clock.today()) == "waiting"


def test_each_hour_asks_for_what_is_missing_once(session, run_jobs, clock_at):
    def at(hour):
        return datetime.combine(clock.today(), datetime.min.time(), clock.CHINA).replace(hour=hour)

    for hour, count in ((9, 0), (11, 21), (12, 21)):
        clock_at(at(hour))
        jobs.enqueue(session, "reconciliation.plan")
        session.commit()
        run_jobs(only="reconciliation.plan")
        run_jobs.again("reconciliation.plan")
        assert len([name for name, _ in run_jobs.waiting() if name == "reconciliation.reconcile"]) == count
    run_jobs(only="reconciliation.reconcile")
    run_jobs.again("reconciliation.reconcile")
    days = queries.days(session, since=clock.today() - timedelta(days=9), until=clock.today())
    assert len(days) == 21 and {day.status for day in days} == {"explained"}
    assert queries.missing_days(session, today=clock.today(), back_days=7) == []


def balances(session):
    return {row.code: row.balance_fen for row in trial_balance(session)}


def test_a_withdrawal_is_booked_once_and_a_changed_one_is_a_difference(session, sandbox, booked):
    before = balances(session)
    made = sandbox.post("/sandbox/api/pay/withdrawals", {"amount_fen": 100_000})
    for _ in range(2):
        assert reconcile_day("wechat_funds", clock.today()) == "explained"
    after = balances(session)
    for account, moved_fen in (("bank_settlement", 100_000), ("wechat_pay_clearing", -100_000)):
        assert after[account] - before[account] == moved_fen
    session.execute(text("UPDATE bill_rows SET amount_fen = 99_999 WHERE their_no = :no"), {"no": made["number"]})
    session.commit()
    usecases.compare_day(session, channel="wechat_funds", day=clock.today(), merchant="")
    session.commit()
    assert listed(session) == [("wechat_funds", "amount")]
    assert balances(session) == after


@pytest.mark.parametrize(
    ("sent_fen", "end"), [(40_000, ("credited", "matched")), (39_999, ("suspense", "amount_differs"))]
)
def test_a_merchants_transfer_is_taken_from_the_statement_once(session, sandbox, run_jobs, sent_fen, end):
    awaited = payments.open_order(
        session,
        request=payments.OrderRequest(
            order_id=ids.new_id(), purpose="test", reference_id=ids.new_id(), customer_id=ids.new_id(), appid="",
            payer_openid=None, description="退货款", amount_fen=40_000, expires_at=clock.now() + timedelta(days=30),
            pay_by="bank_transfer",
        ),
    )  # fmt: skip
    session.commit()
    told = {"transfer_no": awaited.out_trade_no, "amount_fen": sent_fen, "payer": "测试商户"}
    entry = sandbox.post("/sandbox/api/core-bank/arrivals", told)
    for _ in range(2):
        assert reconcile_day("core_bank", clock.today()) == "explained"
    session.expire_all()
    rows = session.execute(text("SELECT transaction_id, disposition, reason FROM payment_transactions")).all()
    assert [tuple(row) for row in rows] == [(f"CB{entry['bank_serial']}", *end)]


def test_a_statement_whose_totals_are_wrong_moves_no_money(session, sandbox):
    sandbox.post("/sandbox/api/core-bank/arrivals", {"transfer_no": "DKNOBODY", "amount_fen": 1})
    sandbox.post(f"/sandbox/api/core-bank/statements/{clock.today()}/differences", {"kind": "wrong_totals"})
    assert reconcile_day("core_bank", clock.today()) == "differences"
    assert usecases.take_awaited(session, day=clock.today()) == 0
    assert session.scalar(text("SELECT count(*) FROM payment_transactions")) == 0


@pytest.mark.parametrize("body", [{}, {"amount_fen": 0}, {"amount_fen": True}, {"amount_fen": 1, "transfer_no": ""}])
def test_hands_of_the_sandbox_are_strict(sandbox, body):
    for path in ("pay/withdrawals", "core-bank/arrivals"):
        if path == "core-bank/arrivals" or body.get("amount_fen") != 1:
            with pytest.raises(httpx.HTTPStatusError, match="422"):
                sandbox.post(f"/sandbox/api/{path}", body)
