"""Asking and sending against the sandbox's WeChat Pay and core bank; each job run twice has the effect of once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.adapters import channels
from app.adapters.core_bank import Payee
from app.kernel import clock, ids
from app.kernel.outbox import OutboxEvent
from app.ledger.models import Journal
from app.payments import queries, usecases
from app.payments.models import PaymentOrder, PaymentTransaction, Transfer
from app.payments.queries import OrderView
from tests.job_runner import JobRunner
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.usefixtures("channels")
ClockAt = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def _slow_bank(sandbox: SandboxProcess) -> Iterator[None]:
    """Transfers end when a test says so."""
    sandbox.post("/sandbox/api/transfers/settings", {"delay_seconds": 3600, "push": False})
    yield
    sandbox.reset()


@pytest.fixture
def order(session: Session, sandbox: SandboxProcess) -> OrderView:
    """An order of the persona `good`, in the mini-program, placed nowhere yet."""
    made = usecases.open_order(
        session,
        request=usecases.OrderRequest(
            order_id=ids.new_id(),
            purpose="test",
            reference_id=ids.new_id(),
            customer_id=ids.new_id(),
            appid=sandbox.world["wechat"]["mini"]["appid"],
            payer_openid=sandbox.persona("good")["wechat"]["mini_openid"],
            description="还款",
            amount_fen=110_852,
            expires_at=clock.now() + timedelta(minutes=15),
        ),
    )
    session.commit()
    return made


@pytest.fixture
def transfer(session: Session) -> Transfer:
    made = usecases.open_transfer(
        session,
        request=usecases.TransferRequest(
            transfer_id=ids.new_id(),
            purpose="test",
            reference_id=ids.new_id(),
            amount_fen=1_299_900,
            payer_account_no="6222009900000001",
            payee=Payee("6222020000009999", "测试商户", "TESTBANK02"),
            remark="订单货款（受托支付）",
        ),
    )
    session.commit()
    return made


def place(order: OrderView) -> dict[str, str]:
    """Place the order at WeChat Pay; answers what the customer's client gets."""
    pay = channels().wechat_pay
    prepay_id = pay.prepay(usecases.order_request(order, notify_url="http://127.0.0.1:9/callbacks/wechat/pay"))
    return pay.client_parameters(prepay_id, order.appid)


def pay(sandbox: SandboxProcess, parameters: dict[str, str]) -> None:
    asked = {"persona": "good", "params": parameters, "outcome": "ok"}
    assert sandbox.post("/sandbox/api/wechat/request-payment", asked)["paid"]


def traces(session: Session) -> dict[str, Any]:
    """What a second run must not change."""
    session.expire_all()
    counts = {
        model.__name__: session.scalar(select(func.count()).select_from(model))
        for model in (OutboxEvent, Journal, PaymentTransaction)
    }
    states = [
        (type(row).__name__, row.status) for model in (PaymentOrder, Transfer) for row in session.scalars(select(model))
    ]
    return {"counts": counts, "states": sorted(states)}


def events(session: Session) -> list[str]:
    return list(session.scalars(select(OutboxEvent.name).order_by(OutboxEvent.id)))


def at_the_bank(sandbox: SandboxProcess, transfer: Transfer) -> list[dict[str, Any]]:
    told = sandbox.get("/sandbox/api/transfers")["transfers"]
    return [one for one in told if one["transfer_no"] == transfer.transfer_no]


def twice(session: Session, run_jobs: JobRunner, again: Callable[[], None]) -> dict[str, Any]:
    """The state after a second run, which is that after the first one; nothing more waits to be run either."""
    before, waiting = traces(session), run_jobs.waiting()
    again()
    assert traces(session) == before
    assert run_jobs.waiting() == waiting
    return before


def test_a_payment_that_a_query_finds_is_booked_once(
    session: Session, sandbox: SandboxProcess, run_jobs: JobRunner, clock_at: ClockAt, order: OrderView
) -> None:
    pay(sandbox, place(order))
    clock_at(clock.now() + timedelta(seconds=2))
    run_jobs(only="payments.query_order")
    found = twice(session, run_jobs, lambda: run_jobs.again("payments.query_order"))
    assert found["states"] == [("PaymentOrder", "paid")]
    assert found["counts"]["PaymentTransaction"] == 1
    assert events(session) == ["payment.succeeded"]


def test_an_order_that_is_not_paid_is_asked_about_again_and_only_once_at_a_time(
    session: Session, run_jobs: JobRunner, clock_at: ClockAt, order: OrderView
) -> None:
    place(order)
    clock_at(clock.now() + timedelta(seconds=2))
    run_jobs(only="payments.query_order")
    [(name, arguments)] = run_jobs.waiting()
    assert (name, arguments["step"]) == ("payments.query_order", 1)
    twice(session, run_jobs, lambda: run_jobs.again("payments.query_order"))


def test_an_order_past_its_time_is_closed_at_wechat_pay_and_here_once(
    session: Session, run_jobs: JobRunner, clock_at: ClockAt, order: OrderView
) -> None:
    place(order)
    clock_at(order.expires_at + timedelta(minutes=6))
    run_jobs(only="payments.query_order")
    found = twice(session, run_jobs, lambda: run_jobs.again("payments.query_order"))
    assert found["states"] == [("PaymentOrder", "closed")]
    assert events(session) == ["payment.closed"]
    assert channels().wechat_pay.query(order.out_trade_no).trade_state == "CLOSED"


def test_an_order_that_never_reached_wechat_pay_is_closed_too(
    session: Session, run_jobs: JobRunner, clock_at: ClockAt, order: OrderView
) -> None:
    clock_at(order.expires_at + timedelta(minutes=6))
    run_jobs(only="payments.query_order")
    found = twice(session, run_jobs, lambda: run_jobs.again("payments.query_order"))
    assert found["states"] == [("PaymentOrder", "closed")]


def test_a_transfer_is_sent_once_under_one_number(
    session: Session, sandbox: SandboxProcess, run_jobs: JobRunner, transfer: Transfer
) -> None:
    assert at_the_bank(sandbox, transfer) == []
    run_jobs(only="payments.send_transfer")
    found = twice(session, run_jobs, lambda: run_jobs.again("payments.send_transfer"))
    assert found["states"] == [("Transfer", "sent")]
    assert len(at_the_bank(sandbox, transfer)) == 1
    assert list(session.scalars(select(Journal.template))) == ["transfer_sent"]
    assert [name for name, _ in run_jobs.waiting()] == ["payments.query_transfer"]


def test_a_transfer_whose_answer_was_lost_is_sent_again_and_accepted_once(
    session: Session, sandbox: SandboxProcess, run_jobs: JobRunner, transfer: Transfer
) -> None:
    """The bank took it, the process died before it could write that down: the retry finds the same transfer."""
    first = channels().core_bank.send_transfer(usecases.transfer_order(transfer))
    run_jobs(only="payments.send_transfer")
    session.expire_all()
    assert (transfer.status, transfer.bank_serial) == ("sent", first.bank_serial)
    assert len(at_the_bank(sandbox, transfer)) == 1


def test_a_number_with_other_content_is_held_for_a_person(
    session: Session, run_jobs: JobRunner, transfer: Transfer
) -> None:
    order = usecases.transfer_order(transfer)
    channels().core_bank.send_transfer(type(order)(**{**vars(order), "amount_fen": order.amount_fen + 1}))
    run_jobs(only="payments.send_transfer")
    found = twice(session, run_jobs, lambda: run_jobs.again("payments.send_transfer"))
    assert found["states"] == [("Transfer", "held")]
    assert events(session) == []


@pytest.mark.parametrize(
    ("outcome", "event", "templates"),
    [
        ("succeeded", "transfer.succeeded", ["transfer_sent"]),
        ("failed", "transfer.failed", ["transfer_sent", "transfer_returned"]),
    ],
)
def test_the_end_of_a_transfer_is_booked_once(
    session: Session,
    sandbox: SandboxProcess,
    run_jobs: JobRunner,
    clock_at: ClockAt,
    transfer: Transfer,
    outcome: str,
    event: str,
    templates: list[str],
) -> None:
    run_jobs(only="payments.send_transfer")
    sandbox.post(f"/sandbox/api/transfers/{transfer.transfer_no}/finish", {"state": outcome})
    clock_at(clock.now() + timedelta(seconds=3))
    run_jobs(only="payments.query_transfer")
    found = twice(session, run_jobs, lambda: run_jobs.again("payments.query_transfer"))
    assert found["states"] == [("Transfer", outcome)]
    assert events(session) == [event]
    assert list(session.scalars(select(Journal.template).order_by(Journal.id))) == templates


def test_a_transfer_on_its_way_is_asked_about_again_and_only_once_at_a_time(
    session: Session, run_jobs: JobRunner, clock_at: ClockAt, transfer: Transfer
) -> None:
    run_jobs(only="payments.send_transfer")
    clock_at(clock.now() + timedelta(seconds=3))
    run_jobs(only="payments.query_transfer")
    assert [arguments["step"] for _, arguments in run_jobs.waiting()] == [1]
    twice(session, run_jobs, lambda: run_jobs.again("payments.query_transfer"))


def test_a_push_makes_us_ask_now_and_the_answer_counts(
    session: Session, sandbox: SandboxProcess, run_jobs: JobRunner, transfer: Transfer
) -> None:
    run_jobs(only="payments.send_transfer")
    sandbox.post(f"/sandbox/api/transfers/{transfer.transfer_no}/finish", {"state": "succeeded"})
    for _ in range(2):
        usecases.hint_transfer(session, transfer_no=transfer.transfer_no)
    session.commit()
    assert run_jobs(only="payments.query_transfer") == ["payments.query_transfer"]
    found = queries.transfer_of(session, purpose="test", reference_id=transfer.reference_id)
    session.expire_all()
    assert found is not None and found.status == "succeeded"
    twice(session, run_jobs, lambda: run_jobs.again("payments.query_transfer"))
