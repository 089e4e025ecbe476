"""Drawing and repaying as jobs: each run twice is run once, and no fen is lost when payments meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.credit import usecases as credit_usecases
from app.credit.models import CreditLine
from app.kernel import clock, invariants
from app.kernel.outbox import OutboxEvent
from app.ledger.models import Journal
from app.loans.models import Drawdown, Loan, LoanInstalment, Repayment
from app.payments import queries as payment_queries
from app.payments import usecases as payments
from app.payments.models import Transfer
from app.payments.queries import OrderView
from tests.factories import credit, loans
from tests.job_runner import JobRunner
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.usefixtures("channels")


def traces(session: Session) -> dict[str, Any]:
    """What a second run must not change."""
    session.expire_all()
    tables: tuple[Any, ...] = (Drawdown, Loan, LoanInstalment, Repayment, Transfer, Journal, OutboxEvent)
    line = session.scalars(select(CreditLine)).one()
    return {
        "rows": {model.__tablename__: session.scalar(select(func.count()).select_from(model)) for model in tables},
        "line": (line.limit_fen, line.reserved_fen, line.used_fen),
        "loans": [loans.state_of(session, loan) for loan in session.scalars(select(Loan))],
        "drawdowns": list(session.scalars(select(Drawdown.status))),
    }


def twice(session: Session, run_jobs: JobRunner, again: Callable[[], None]) -> dict[str, Any]:
    """The state after a second run, which is that after the first one; nothing more waits to be run either."""
    before, waiting = traces(session), run_jobs.waiting()
    again()
    assert traces(session) == before
    assert run_jobs.waiting() == waiting
    return before


def told(session: Session, name: str) -> int:
    """How many times an event was emitted."""
    return session.scalar(select(func.count()).where(OutboxEvent.name == name)) or 0


def order_of(session: Session, repayment: Repayment) -> OrderView:
    order = payment_queries.order_of(session, purpose="loan_repayment", reference_id=repayment.id)
    assert order is not None
    return order


def transfer_of(session: Session, drawdown: Drawdown) -> Transfer:
    return session.scalars(select(Transfer).where(Transfer.reference_id == drawdown.id)).one()


# -- drawing -----------------------------------------------------------------------------------------------------


def test_a_drawdown_is_opened_once(session: Session, run_jobs: JobRunner) -> None:
    application = credit.effective_application(session, loans.make_borrower(session))
    run_jobs(only="loans.open_drawdown")
    found = twice(session, run_jobs, lambda: run_jobs.again("loans.open_drawdown"))
    assert found["drawdowns"] == ["paying"]
    assert (found["rows"]["transfers"], found["line"][1]) == (1, application.amount_fen)


def test_a_drawdown_the_line_no_longer_holds_is_refused_once(session: Session, run_jobs: JobRunner) -> None:
    credit.effective_application(session, loans.make_borrower(session))
    line = session.scalars(select(CreditLine)).one()
    credit_usecases.reserve(session, line_id=line.id, amount_fen=line.limit_fen)
    session.commit()
    run_jobs(only="loans.open_drawdown")
    found = twice(session, run_jobs, lambda: run_jobs.again("loans.open_drawdown"))
    assert (found["drawdowns"], found["rows"]["transfers"]) == (["failed"], 0)
    assert told(session, "drawdown.failed") == 1
    assert session.scalars(select(Drawdown.fail_code)).one() == "credit_line.limit_exceeded"


def test_a_loan_begins_once(session: Session, run_jobs: JobRunner) -> None:
    drawdown = loans.open_drawdown(session, loans.make_borrower(session))
    transfer = transfer_of(session, drawdown)
    state = loans.bank_says(transfer, "succeeded", clock.now())
    payments.record_transfer(session, transfer_id=transfer.id, state=state)
    session.commit()
    run_jobs(only="loans.activate")
    found = twice(session, run_jobs, lambda: run_jobs.again("loans.activate"))
    assert (found["rows"]["loans"], found["rows"]["loan_instalments"]) == (1, 12)
    assert found["line"][1:] == (0, drawdown.amount_fen)
    assert told(session, "loan.activated") == 1
    assert list(session.scalars(select(Journal.template).order_by(Journal.id))) == ["transfer_sent", "loan_disbursed"]


def test_a_failed_drawdown_frees_the_line_once(session: Session, run_jobs: JobRunner) -> None:
    drawdown = loans.open_drawdown(session, loans.make_borrower(session))
    transfer = transfer_of(session, drawdown)
    payments.record_transfer(session, transfer_id=transfer.id, state=loans.bank_says(transfer, "failed", clock.now()))
    session.commit()
    run_jobs(only="loans.fail_drawdown")
    found = twice(session, run_jobs, lambda: run_jobs.again("loans.fail_drawdown"))
    assert (found["drawdowns"], found["line"][1:], found["rows"]["loans"]) == (["failed"], (0, 0), 0)
    assert told(session, "drawdown.failed") == 1


# -- repaying ----------------------------------------------------------------------------------------------------


@pytest.fixture
def loan(session: Session) -> Loan:
    return loans.active_loan(session, loans.make_borrower(session))


@pytest.mark.parametrize(("kind", "events"), [("instalment", 1), ("payoff", 2)])
def test_a_payment_is_booked_once(session: Session, run_jobs: JobRunner, loan: Loan, kind: str, events: int) -> None:
    repayment = loans.open_repayment(session, loan, kind)
    payments.confirm(session, transaction=loans.paid(order_of(session, repayment), "4200000001"), our_mchid=loans.MCHID)
    session.commit()
    run_jobs(only="loans.apply_payment")
    found = twice(session, run_jobs, lambda: run_jobs.again("loans.apply_payment"))
    assert found["loans"][0]["repayments"] == [(kind, "applied", 0)]
    assert found["loans"][0]["loan"][0] == ("settled" if kind == "payoff" else "active")
    assert told(session, "repayment.succeeded") + told(session, "loan.settled") == events
    assert found["line"][2] == session.get_one(Loan, loan.id).outstanding_principal_fen
    assert [verdict for verdict in invariants.verify(session) if not verdict.holds] == []


def test_an_order_that_ended_unpaid_closes_its_repayment_once(
    session: Session, run_jobs: JobRunner, loan: Loan
) -> None:
    repayment = loans.open_repayment(session, loan)
    payments.close_order(session, order_id=order_of(session, repayment).order_id)
    session.commit()
    run_jobs(only="loans.close_repayment")
    found = twice(session, run_jobs, lambda: run_jobs.again("loans.close_repayment"))
    assert found["loans"][0]["repayments"] == [("instalment", "closed", None)]
    assert loans.open_repayment(session, loan).status == "opened"


def test_money_for_other_things_is_none_of_ours(session: Session, run_jobs: JobRunner, loan: Loan) -> None:
    """Every capability hears of every payment; only its own purposes concern it."""
    from app.loans import jobs

    before = traces(session)
    event = {"purpose": "something_else", "reference_id": str(loan.id), "subject_id": str(loan.id)}
    for job in (jobs.activate, jobs.fail_drawdown, jobs.apply_payment, jobs.close_repayment):
        job(event_id="e", event=event)
    assert traces(session) == before


# -- the whole way, with the real adapters -----------------------------------------------------------------------


@pytest.fixture
def slow_bank(sandbox: SandboxProcess) -> Iterator[None]:
    """Transfers end when a test says so."""
    sandbox.post("/sandbox/api/transfers/settings", {"delay_seconds": 3600, "push": False})
    yield
    sandbox.reset()


@pytest.mark.usefixtures("slow_bank")
def test_from_the_sealed_contract_to_the_last_fen(
    client: FlaskClient,
    session: Session,
    sandbox: SandboxProcess,
    run_jobs: JobRunner,
    clock_at: Callable[[datetime], None],
) -> None:
    appid = sandbox.world["wechat"]["mini"]["appid"]
    borrower = loans.make_sandbox_borrower(session, sandbox.persona("good"), appid)
    credit.effective_application(session, borrower, order_id=None)
    run_jobs()
    transfer = session.scalars(select(Transfer)).one()
    sandbox.post(f"/sandbox/api/transfers/{transfer.transfer_no}/finish", {"state": "succeeded"})
    clock_at(clock.now() + timedelta(seconds=3))
    run_jobs()
    loan = session.scalars(select(Loan)).one()
    for kind in ("instalment", "payoff"):
        body = {"kind": kind, "app": "mini"}
        opened = client.post(f"/customer/v1/loans/{loan.id}/repayments", json=body, headers=borrower.writing())
        assert opened.status_code == 201, opened.text
        asked = {"persona": "good", "params": opened.get_json()["payment"], "outcome": "ok"}
        assert sandbox.post("/sandbox/api/wechat/request-payment", asked)["paid"]
        clock_at(clock.now() + timedelta(seconds=3))
        run_jobs()

    def all_again() -> None:
        for name in {name for name, _ in run_jobs.ran if name.split(".")[0] in ("loans", "payments")}:
            run_jobs.again(name)

    found = twice(session, run_jobs, all_again)
    assert found["loans"][0]["loan"] == ("settled", 0, 0)
    assert found["line"][1:] == (0, 0)
    assert [verdict for verdict in invariants.verify(session) if not verdict.holds] == []
