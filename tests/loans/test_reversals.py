"""Payments that are taken back: the loan stands as if they had never come, and the book says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import invariants
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan
from app.loans.usecases.reversing import reverse_payment
from tests.factories import loans
from tests.factories.customers import SignedInCustomer

START = datetime(2026, 11, 5, 4, 0, tzinfo=UTC)
Clock = Callable[[datetime], None]


@pytest.fixture
def borrower(client: FlaskClient, session: Session, clock_at: Clock) -> SignedInCustomer:
    clock_at(START)
    return loans.make_borrower(session)


@pytest.fixture
def loan(session: Session, borrower: SignedInCustomer) -> Loan:
    return loans.active_loan(session, borrower)


def broken(session: Session) -> list[str]:
    found = [verdict for verdict in invariants.verify(session) if not verdict.holds]
    return [f"{verdict.invariant.statement}: {verdict.violations}" for verdict in found]


def test_first_instalment_bounces(session: Session, loan: Loan, clock_at: Clock) -> None:
    clock_at(START + timedelta(days=30))
    paid = loans.repay(session, loan)
    clock_at(START + timedelta(days=50))
    close_through(None, Run())
    session.expire_all()
    reverse_payment(session, repayment_id=paid.id, reason="account empty")
    session.commit()
    assert broken(session) == []
    assert (loan.status, loan.outstanding_principal_fen) == ("overdue", loan.principal_fen)
    clock_at(START + timedelta(days=55))
    close_through(None, Run())
    assert broken(session) == []
