"""Interleavings that could lose money or leave something open for ever: each ends, and each fen is where it belongs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session, sessionmaker

import app.adapters as doors
from app.adapters.core_bank import BankUnavailable, TransferRefused, TransferState, TransferUnknown
from app.adapters.wechat_pay import OrderAlreadyPaid, OrderUnknown, PayOrder, PayRefused, Transaction
from app.credit import queries as credit_queries
from app.credit.queries.lines import own_exposure
from app.kernel import clock, db, ids, invariants
from app.ledger.queries import journals_of
from app.loans import usecases
from app.loans.domain import LoanNotPayable
from app.loans.models import Drawdown, Loan, Repayment
from app.payments import jobs as payment_jobs
from app.payments import usecases as payments
from app.payments.models import PaymentOrder, Transfer
from tests.factories import credit, loans
from tests.factories.customers import SignedInCustomer
from tests.job_runner import JobRunner

MCHID = "1900000001"
RUN_TWICE = {"payments.take_up"}  # called twice below: the worker calls it by the clock


def nothing() -> None:
    """What happens while a vendor is being asked, unless a test says otherwise."""


@dataclass
class Pay:
    """WeChat Pay, answering what a test wants; `meanwhile` happens while it is being asked."""

    state: str = "NOTPAY"
    changes: dict[str, Any] = field(default_factory=dict)
    refusal: Exception | None = None
    meanwhile: Callable[[], None] = nothing
    mchid: str = MCHID

    def query(self, out_trade_no: str) -> Transaction:
        self._asked()
        return told(out_trade_no, self.state, **self.changes)

    def close(self, out_trade_no: str) -> None:
        self._asked()
        if self.state == "SUCCESS":
            raise OrderAlreadyPaid

    def prepay(self, order: PayOrder) -> str:
        self._asked()
        return "prepay"

    def client_parameters(self, prepay_id: str, appid: str) -> dict[str, str]:
        names = ("timeStamp", "nonceStr", "signType", "paySign")
        return {"appId": appid, "package": f"prepay_id={prepay_id}", **dict.fromkeys(names, "x")}

    def _asked(self) -> None:
        self.meanwhile()
        if self.refusal:
            raise self.refusal


@dataclass
class Bank:
    """The core bank, answering what a test wants."""

    sends: Exception | str = "accepted"
    knows: Exception | str = "processing"
    changes: dict[str, Any] = field(default_factory=dict)

    def send_transfer(self, order: Any) -> TransferState:
        return self._answer(self.sends, order.transfer_no)

    def query_transfer(self, transfer_no: str) -> TransferState:
        return self._answer(self.knows, transfer_no)

    def _answer(self, how: Any, transfer_no: str) -> TransferState:
        if isinstance(how, Exception):
            raise how
        with db.transaction() as session:
            transfer = session.scalars(select(Transfer).where(Transfer.transfer_no == transfer_no)).one()
        return replace(loans.bank_says(transfer, how, clock.now()), **self.changes)


def told(out_trade_no: str, state: str, **changes: Any) -> Transaction:
    """What WeChat Pay tells of an order of ours."""
    with db.transaction() as session:
        order = session.scalars(select(PaymentOrder).where(PaymentOrder.out_trade_no == out_trade_no)).one()
    paid = {"transaction_id": "4200000001", "payer_openid": order.payer_openid, "paid_at": clock.now()}
    unpaid = dict.fromkeys(paid)
    facts = {"mchid": MCHID, "appid": order.appid, "amount_fen": order.amount_fen, "currency": "CNY"}
    known = paid if state in ("SUCCESS", "REFUND") else unpaid
    return Transaction(**{"out_trade_no": out_trade_no, "trade_state": state, **facts, **known, **changes})


@pytest.fixture
def vendors() -> Iterator[SimpleNamespace]:
    """WeChat Pay and the core bank in the place of what was installed."""
    before = doors._channels
    put = SimpleNamespace(wechat_pay=Pay(), core_bank=Bank())
    doors.use(put)  # type: ignore[arg-type]
    yield put
    doors.use(before)


@pytest.fixture
def borrower(session: Session) -> SignedInCustomer:
    return loans.make_borrower(session)


@pytest.fixture
def loan(session: Session, borrower: SignedInCustomer) -> Loan:
    return loans.active_loan(session, borrower)


def order_of(session: Session, repayment: Repayment) -> PaymentOrder:
    session.expire_all()
    return session.scalars(select(PaymentOrder).where(PaymentOrder.reference_id == repayment.id)).one()


def waiting(session: Session, task_name: str) -> list[Any]:
    query = text("SELECT args, scheduled_at FROM procrastinate_jobs WHERE status = 'todo' AND task_name = :name")
    return list(session.execute(query, {"name": task_name}))


def give_up_jobs(session: Session) -> None:
    """Every job has used up its tries."""
    session.execute(text("UPDATE procrastinate_jobs SET status = 'failed' WHERE status = 'todo'"))
    session.commit()


def broken(session: Session) -> list[str]:
    return [found.invariant.statement for found in invariants.verify(session) if not found.holds]


# What WeChat Pay has money for, and we cannot credit, must not keep the loan from being repaid.


@pytest.mark.parametrize(
    ("state", "changes"),
    [("SUCCESS", {"payer_openid": "a-friend"}), ("SUCCESS", {"amount_fen": 1}), ("REFUND", {})],
)
@pytest.mark.parametrize("notice_first", [True, False])
def test_an_order_whose_money_went_to_suspense_ends(
    session: Session, loan: Loan, vendors: Any, state: str, changes: dict[str, Any], notice_first: bool
) -> None:
    repayment = loans.open_repayment(session, loan)
    order = order_of(session, repayment)
    vendors.wechat_pay = Pay(state, changes)
    if notice_first and state == "SUCCESS":
        payments.confirm(session, transaction=told(order.out_trade_no, state, **changes), our_mchid=MCHID)
        session.commit()
        assert order_of(session, repayment).status == "created"  # a notice that does not fit has no effect
    payment_jobs.query_order(order_id=str(order.id), step=0)
    JobRunner()(only="loans.close_repayment")
    assert order_of(session, repayment).status == "closed"
    assert session.get_one(Repayment, repayment.id).status == "closed"
    assert loans.open_repayment(session, loan).status == "opened"
    assert broken(session) == []


# A repayment that is over hands out nothing to pay with, and one that is paid is never closed.


def post(client: FlaskClient, borrower: SignedInCustomer, path: str, key: str, body: Any = None) -> Any:
    return client.post(f"/customer/v1/{path}", json=body, headers={**borrower.headers, "Idempotency-Key": key})


PAY_IN_MINI = {"kind": "instalment", "app": "mini"}


def test_a_repayment_closed_while_its_order_is_placed_gives_no_parameters(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, loan: Loan, vendors: Any
) -> None:
    def cancelled() -> None:
        with db.transaction() as other:
            order_id = other.scalars(select(PaymentOrder.id)).one()
            payments.close_order(other, order_id=order_id)
            usecases.close_repayment(other, repayment_id=other.scalars(select(Repayment.id)).one())

    vendors.wechat_pay = Pay(meanwhile=cancelled)
    path = f"loans/{loan.id}/repayments"
    answer = post(client, borrower, path, "k-1", PAY_IN_MINI)
    assert (answer.status_code, answer.json["code"]) == (409, "repayment.over")
    vendors.wechat_pay = Pay()
    again = post(client, borrower, path, "k-1", PAY_IN_MINI)
    assert (again.status_code, again.json["code"]) == (409, "repayment.over")


def test_a_cancellation_that_comes_after_the_money_leaves_the_repayment_to_be_booked(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, loan: Loan, vendors: Any
) -> None:
    repayment = loans.open_repayment(session, loan)
    order = order_of(session, repayment)

    def paid_meanwhile() -> None:
        with db.transaction() as other:
            payments.confirm(other, transaction=told(order.out_trade_no, "SUCCESS"), our_mchid=MCHID)

    vendors.wechat_pay = Pay(refusal=OrderUnknown(), meanwhile=paid_meanwhile)
    answer = post(client, borrower, f"repayments/{repayment.id}/cancellation", "k-1")
    assert (answer.status_code, answer.json["code"]) == (409, "repayment.over")
    JobRunner()(only="loans.apply_payment")
    session.expire_all()
    assert session.get_one(Repayment, repayment.id).status == "applied"
    assert broken(session) == []


# A quote is one day's: the amount, the day it holds for and the deadline come from one look at the clock.


@pytest.mark.parametrize("kind", ["payoff", "instalment"])
def test_a_repayment_opened_at_midnight_in_china_is_booked(session: Session, borrower: Any, kind: str) -> None:
    midnight = datetime(2026, 12, 9, 16, 0, tzinfo=UTC)
    with clock.at(midnight - timedelta(days=15)):
        loan = loans.active_loan(session, borrower)
    way = usecases.inside_wechat(session, customer_id=loan.customer_id, app="mini")
    whose = {"customer_id": loan.customer_id, "loan_id": loan.id, "kind": kind, "way": way}
    for looks in range(12):
        ticks = iter([midnight - timedelta(milliseconds=1)] * looks)
        clock.use(lambda ticks=ticks: next(ticks, midnight))
        attempt = session.begin_nested()
        try:
            repayment, order = usecases.open_repayment(session, repayment_id=ids.new_id(), **whose)
            assert repayment.quoted_on == clock.local_day(repayment.opened_at)
            usecases.apply_payment(
                session, repayment_id=repayment.id, amount_fen=order.amount_fen, paid_at=midnight
            )
            assert repayment.overpaid_fen == 0
        finally:
            attempt.rollback()
            clock.use(None)


def test_a_pay_off_that_needs_no_money_is_refused_and_blocks_nothing(session: Session, loan: Loan) -> None:
    session.execute(text("UPDATE loan_instalments SET interest_fen = interest_fen * 4"))
    session.commit()
    for _ in range(loan.term_months - 1):
        loans.repay(session, loan)
    with pytest.raises(LoanNotPayable):
        loans.open_repayment(session, loan, "payoff")
    loans.repay(session, loan)
    assert (session.get_one(Loan, loan.id).status, broken(session)) == ("settled", [])


def test_two_workers_that_book_one_payment_book_it_once_and_neither_fails(committed: sessionmaker[Session]) -> None:
    with committed() as session:
        loan = loans.active_loan(session, loans.make_borrower(session))
        repayment = loans.open_repayment(session, loan)
    barrier, failures = threading.Barrier(6), []

    def book() -> None:
        barrier.wait()
        try:
            with db.transaction() as session:
                usecases.apply_payment(
                    session, repayment_id=repayment.id, amount_fen=repayment.amount_fen, paid_at=clock.now()
                )
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=book) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with db.transaction() as session:
        assert session.get_one(Loan, loan.id).credit_fen == 0
        assert [found for found in broken(session) if "credited payment" not in found] == []


# Transfers out: a bank that is down is asked again soon; what it refuses ends; nothing waits unseen.


@pytest.fixture
def drawdown(session: Session) -> Drawdown:
    return loans.open_drawdown(session, loans.make_borrower(session))


def transfer_of(session: Session, drawdown: Drawdown) -> Transfer:
    session.expire_all()
    return session.scalars(select(Transfer).where(Transfer.reference_id == drawdown.id)).one()


def test_a_bank_that_is_down_for_long_is_sent_the_same_number_within_minutes(
    session: Session, drawdown: Drawdown, vendors: Any
) -> None:
    vendors.core_bank = Bank(sends=BankUnavailable())
    number, transfer = transfer_of(session, drawdown).transfer_no, transfer_of(session, drawdown)
    give_up_jobs(session)
    payment_jobs.send_transfer(transfer_id=str(transfer.id), step=99)
    [job] = waiting(session, "payments.send_transfer")
    assert job.args == {"transfer_id": str(transfer.id), "step": 100}
    assert job.scheduled_at - clock.now() < timedelta(minutes=11)
    vendors.core_bank = Bank()
    payment_jobs.send_transfer(**job.args)
    assert (transfer_of(session, drawdown).status, transfer_of(session, drawdown).transfer_no) == ("sent", number)


def test_a_transfer_that_the_bank_refuses_and_never_took_frees_the_limit(
    session: Session, drawdown: Drawdown, vendors: Any
) -> None:
    vendors.core_bank = Bank(sends=TransferRefused("no", vendor_code="payee.invalid"), knows=TransferUnknown())
    payment_jobs.send_transfer(transfer_id=str(transfer_of(session, drawdown).id))
    transfer = transfer_of(session, drawdown)
    assert (transfer.status, transfer.fail_code) == ("failed", "payee.invalid")
    JobRunner()(only="loans.fail_drawdown")
    session.expire_all()
    assert session.get_one(Drawdown, drawdown.id).status == "failed"
    assert credit_queries.line(session, drawdown.credit_line_id).reserved_fen == 0
    assert broken(session) == []


def test_a_transfer_that_is_refused_on_a_repeat_counts_as_the_bank_knows_it(
    session: Session, drawdown: Drawdown, vendors: Any
) -> None:
    vendors.core_bank = Bank(sends=TransferRefused("no", vendor_code="x"), knows="succeeded")
    payment_jobs.send_transfer(transfer_id=str(transfer_of(session, drawdown).id))
    assert transfer_of(session, drawdown).status == "succeeded"


def test_an_answer_about_another_sum_holds_the_transfer_for_a_person(
    session: Session, drawdown: Drawdown, vendors: Any
) -> None:
    vendors.core_bank = Bank(changes={"amount_fen": 1})
    payment_jobs.send_transfer(transfer_id=str(transfer_of(session, drawdown).id))
    assert transfer_of(session, drawdown).status == "held"
    assert broken(session) == []


def test_a_transfer_heard_of_after_midnight_is_in_the_book_on_the_banks_day(
    session: Session, drawdown: Drawdown
) -> None:
    midnight = datetime(2026, 12, 9, 16, 0, tzinfo=UTC)
    last_second = midnight - timedelta(seconds=1)
    with clock.at(midnight + timedelta(seconds=20)):
        transfer = transfer_of(session, drawdown)
        payments.record_transfer(
            session, transfer_id=transfer.id, state=loans.bank_says(transfer, "succeeded", last_second)
        )
        loan = usecases.activate(session, drawdown_id=drawdown.id, completed_at=last_second)
    booked = [one.business_on for one in journals_of(session, [drawdown.id, loan.id])]
    assert booked == [clock.local_day(last_second)] * 2


def test_what_lost_its_job_is_taken_up_again(session: Session, loan: Loan, drawdown: Drawdown) -> None:
    repayment = loans.open_repayment(session, loan)
    give_up_jobs(session)
    payment_jobs.take_up()
    payment_jobs.take_up()  # twice is once
    order, transfer = order_of(session, repayment), transfer_of(session, drawdown)
    assert [job.args["order_id"] for job in waiting(session, "payments.query_order")] == [str(order.id)]
    assert [job.args["transfer_id"] for job in waiting(session, "payments.send_transfer")] == [str(transfer.id)]
    give_up_jobs(session)
    session.execute(update(Transfer).where(Transfer.id == transfer.id).values(status="sent"))
    session.commit()
    payment_jobs.take_up()
    assert [job.args["transfer_id"] for job in waiting(session, "payments.query_transfer")] == [str(transfer.id)]


def test_a_refused_question_about_an_order_is_asked_again(session: Session, loan: Loan, vendors: Any) -> None:
    order = order_of(session, loans.open_repayment(session, loan))
    give_up_jobs(session)
    vendors.wechat_pay = Pay(refusal=PayRefused())
    payment_jobs.query_order(order_id=str(order.id), step=3)
    assert len(waiting(session, "payments.query_order")) == 1


# Limits


def test_what_is_signed_and_not_yet_reserved_counts_as_owed(session: Session) -> None:
    applicant = credit.make_applicant(session)
    signed = credit.effective_application(session, applicant)
    owed = {"enterprise_id": signed.enterprise_id, "but_application": UUID(int=0)}
    assert own_exposure(session, **owed) == signed.approved_fen
    usecases.open_drawdown(session, application_id=signed.application_id, payer_account_no=loans.PAYER_ACCOUNT_NO)
    assert own_exposure(session, **owed) == signed.approved_fen  # reserved now, and counted once
