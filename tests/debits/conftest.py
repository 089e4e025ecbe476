"""A borrower with an instalment due today, an account that may be debited, and the way from asking to the result."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.queries import current_texts
from app.debits.models import Debit, DebitMandate
from app.kernel import clock
from app.loans.models import Loan, Repayment
from tests.factories import loans
from tests.factories.customers import SignedInCustomer, show_second_factor
from tests.job_runner import JobRunner
from tests.sandbox_process import SandboxProcess

ACCOUNTS = itertools.count(1)
MANDATES = "/customer/v1/debit-mandates"


def account_no(ending: str = "00") -> str:
    """An account of its own for each call; the ending is the sandbox's magic."""
    return f"621799{next(ACCOUNTS):08d}{ending}"


@dataclass
class Payer:
    """A customer with a loan, at the edge."""

    client: FlaskClient
    session: Session
    who: SignedInCustomer
    loan: Loan
    run_jobs: JobRunner

    def name_account(self, number: str = "", **changes: Any) -> Any:
        text = current_texts(self.session, locale="zh-CN", kinds=("direct_debit",))[0]
        body = {
            "account_no": number or account_no(),
            "bank_code": "102331000018",
            "text_version": text.version,
            "text_sha256": text.sha256,
        }
        return self.client.post(MANDATES, json=body | changes, headers=self.who.writing())

    def confirm(self, mandate_id: str) -> Any:
        return self.client.post(f"{MANDATES}/{mandate_id}/confirmation", headers=self.who.writing())

    def allow(self, ending: str = "00") -> str:
        """A mandate in force; answers its id."""
        mandate_id = str(self.name_account(account_no(ending)).json["id"])
        show_second_factor(self.session, self.who, purpose="direct_debit", subject_id=UUID(mandate_id))
        told = self.confirm(mandate_id)
        assert told.status_code == 200, told.json
        return mandate_id

    def repay(self, kind: str = "due", **more: Any) -> Any:
        path = f"/customer/v1/loans/{self.loan.id}/repayments"
        return self.client.post(path, json={"kind": kind, "pay_by": "bank_account", **more}, headers=self.who.writing())

    def settle(self) -> None:
        """Send what waits, fetch what is there, and book it."""
        for name in ("debits.make_batch", "debits.send_batch"):
            self.run_jobs(only=name)
        later = clock.now() + timedelta(seconds=5)
        clock.use(lambda: later)
        for name in ("debits.fetch_results", "loans.apply_payment", "loans.close_repayment"):
            self.run_jobs(only=name)
        self.session.expire_all()

    def debit(self) -> Debit:
        self.session.expire_all()
        return self.session.scalars(select(Debit).order_by(Debit.id.desc()).limit(1)).one()

    def repayment(self) -> Repayment:
        return self.session.scalars(select(Repayment).order_by(Repayment.opened_at.desc()).limit(1)).one()

    def mandate(self) -> DebitMandate:
        self.session.expire_all()
        return self.session.scalars(select(DebitMandate).order_by(DebitMandate.id.desc()).limit(1)).one()


@pytest.fixture(autouse=True)
def _results_at_once(sandbox: SandboxProcess) -> Iterator[None]:
    sandbox.post("/sandbox/api/debits/settings", {"delay_seconds": 0, "fault": "", "returns": False})
    yield
    sandbox.reset()


@pytest.fixture
def at_noon(clock_at: Callable[[datetime], None]) -> Callable[[int], None]:
    """Noon in China so many days after today."""

    def move(days: int = 0, hours: int = 0, minutes: int = 0) -> None:
        noon = datetime.now(clock.CHINA).replace(hour=12, minute=0, second=0, microsecond=0).astimezone(UTC)
        clock_at(noon + timedelta(days=days, hours=hours, minutes=minutes))

    return move


@pytest.fixture
def payer(client: FlaskClient, session: Session, run_jobs: JobRunner, at_noon: Callable[..., None]) -> Payer:
    """Paid out so long ago that the first instalment is due today."""
    at_noon()
    borrower = loans.make_borrower(session)
    loan = loans.active_loan(session, borrower, paid_out_at=clock.now() - timedelta(days=32))
    session.commit()
    return Payer(client, session, borrower, loan, run_jobs)
