"""Payments that meet: whoever comes second finds less to settle, and the rest is the customer's credit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from app import process
from app.kernel import db, ids, invariants, jobs
from app.loans import usecases
from app.loans.domain import RepaymentOpen
from app.loans.models import Loan, Repayment
from app.payments import queries as payment_queries
from app.payments import usecases as payments
from tests.factories import loans
from tests.job_runner import JobRunner

pytestmark = pytest.mark.usefixtures("channels")
Makers = sessionmaker[Session]


def at_once(*works: Callable[[], object]) -> list[BaseException]:
    """Run all at the same moment; answers what they raised."""
    barrier, raised = threading.Barrier(len(works)), list[BaseException]()

    def run(work: Callable[[], object]) -> None:
        barrier.wait()
        try:
            work()
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.fixture
def loan(committed: Makers) -> Loan:
    with committed() as session:
        return loans.active_loan(session, loans.make_borrower(session))


def test_of_many_who_open_a_repayment_one_gets_it(committed: Makers, loan: Loan) -> None:
    whose = {"customer_id": loan.customer_id, "loan_id": loan.id}

    def ask() -> None:
        with db.transaction() as session:
            way = usecases.inside_wechat(session, customer_id=loan.customer_id, app="mini")
            usecases.open_repayment(session, repayment_id=ids.new_id(), kind="payoff", way=way, **whose)

    raised = at_once(*[ask] * 8)
    assert [type(error) for error in raised] == [RepaymentOpen] * 7
    with committed() as session:
        assert len(session.scalars(select(Repayment)).all()) == 1


@pytest.fixture
def several_open(new_database: Callable[[], tuple[str, str]]) -> Iterator[Makers]:
    """A database without the index that lets one repayment of a loan wait: what holds then is the booking itself."""
    url, owner_url = new_database()
    with psycopg.connect(owner_url.replace("postgresql+psycopg://", "postgresql://")) as owner:
        owner.execute("DROP INDEX uq_repayments_live")
    maker = sessionmaker(bind=db.make_engine(url, pool_size=20), expire_on_commit=False)
    db.use(maker)
    yield maker
    engine = maker.kw["bind"]
    assert isinstance(engine, Engine)
    engine.dispose()


def pay_all(maker: Makers, repayment_ids: list[UUID]) -> None:
    """The money of all of them is there; their jobs wait."""
    with maker.begin() as session:
        for place, repayment_id in enumerate(repayment_ids):
            order = payment_queries.order_of(session, purpose="loan_repayment", reference_id=repayment_id)
            assert order is not None
            transaction = loans.paid(order, f"420000000{place}")
            assert payments.confirm(session, transaction=transaction, our_mchid=loans.MCHID)[0] == "credited"


def apply_all_at_once(run_jobs: JobRunner) -> None:
    """Every waiting payment is booked by two workers at the same moment."""
    process.import_jobs()
    waiting = [arguments for name, arguments in run_jobs.waiting() if name == "loans.apply_payment"]
    book = jobs.TASKS["loans.apply_payment"].run
    assert at_once(*[lambda arguments=arguments: book(**arguments) for arguments in waiting * 2]) == []


@pytest.mark.parametrize("kinds", [("instalment", "instalment"), ("payoff", "instalment"), ("payoff", "payoff")])
def test_what_the_second_payment_finds_settled_is_the_customers_credit(
    several_open: Makers, run_jobs: JobRunner, kinds: tuple[str, str]
) -> None:
    with several_open() as session:
        loan = loans.active_loan(session, loans.make_borrower(session))
        opened = [loans.open_repayment(session, loan, kind) for kind in kinds]
    pay_all(several_open, [repayment.id for repayment in opened])
    apply_all_at_once(run_jobs)
    with several_open() as session:
        after = session.get_one(Loan, loan.id)
        applied = list(session.scalars(select(Repayment).order_by(Repayment.id)))
        broken = [verdict for verdict in invariants.verify(session) if not verdict.holds]
    assert broken == []
    assert [repayment.status for repayment in applied] == ["applied", "applied"]
    amounts = [repayment.amount_fen for repayment in opened]
    assert after.credit_fen == min(amounts), "of both sums the smaller one had nothing left to settle"
    assert sum(repayment.overpaid_fen or 0 for repayment in applied) == after.credit_fen
    settled = "payoff" in kinds
    assert after.status == ("settled" if settled else "active")
    assert after.outstanding_principal_fen == (0 if settled else loan.principal_fen - _principal_fen(applied))


def _principal_fen(applied: list[Repayment]) -> int:
    return sum(repayment.principal_fen or 0 for repayment in applied)
