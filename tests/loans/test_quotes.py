"""Quotes on a customer's own loan: what paying early leaves, what staying costs, and that nothing is booked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.engine import calculator
from app.kernel import ids
from app.kernel.outbox import OutboxEvent
from app.loans import queries
from app.loans.models import Loan
from tests.factories import loans
from tests.factories.customers import SignedInCustomer

START = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def borrower(client: FlaskClient, session: Session, clock_at: Any) -> SignedInCustomer:
    clock_at(START)
    return loans.make_borrower(session)


@pytest.fixture
def loan(session: Session, borrower: SignedInCustomer) -> Loan:
    return loans.active_loan(session, borrower)


@pytest.fixture
def days_later(session: Session, borrower: SignedInCustomer, loan: Loan, clock_at: Any) -> Any:
    """`days_later(40)`: that day, with the borrower signed in again."""

    def go(days: int) -> SignedInCustomer:
        clock_at(START + timedelta(days=days))
        return loans.sign_in_again(session, borrower)

    return go


def quote(client: FlaskClient, borrower: SignedInCustomer, loan: Loan, **body: Any) -> Any:
    path = f"/customer/v1/loans/{loan.id}/early-repayment-quotes"
    return client.post(path, json=body, headers=borrower.headers)


def pay_off(client: FlaskClient, borrower: SignedInCustomer, loan: Loan) -> Any:
    return client.get(f"/customer/v1/loans/{loan.id}/payoff-quote", headers=borrower.headers)


def test_both_outcomes_are_those_of_the_calculator(
    client: FlaskClient, session: Session, loan: Loan, days_later: Any
) -> None:
    first = loans.repay(session, loan)
    borrower = days_later(40)
    told = quote(client, borrower, loan, amount_fen=400_000)
    assert told.status_code == 200, told.text
    body = told.get_json()
    today = (START + timedelta(days=40)).date()
    paid = [calculator.Payment(START.date(), first.amount_fen)]
    expected = calculator.early_repayment(queries.terms(loan), paid, today, 400_000)
    assert (body["valid_on"], body["amount_fen"]) == (today.isoformat(), 400_000)
    assert body["pay_off_fen"] == expected.pay_off_fen
    for mode in ("lower_instalment", "shorter_term"):
        left = getattr(expected, mode)
        assert body[mode]["interest_saved_fen"] == left.interest_saved_fen
        assert [row["payment_fen"] for row in body[mode]["instalments"]] == [
            row.payment_fen for row in left.schedule.instalments
        ]
        assert sum(row["principal_fen"] for row in body[mode]["instalments"]) == (
            loan.outstanding_principal_fen - body["principal_fen"]
        )
    assert body["arrears_fen"] + body["interest_fen"] + body["principal_fen"] == 400_000
    assert len(body["shorter_term"]["instalments"]) < len(body["lower_instalment"]["instalments"])


@pytest.mark.parametrize("mode", ["lower_instalment", "shorter_term"])
def test_one_outcome_alone(client: FlaskClient, borrower: SignedInCustomer, loan: Loan, mode: str) -> None:
    body = quote(client, borrower, loan, amount_fen=400_000, mode=mode).get_json()
    other = {"lower_instalment", "shorter_term"} - {mode}
    assert body[mode]["interest_saved_fen"] > 0 and body[other.pop()] is None


def test_a_quote_changes_nothing(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, loan: Loan
) -> None:
    before = loans.state_of(session, loan), session.scalar(select(func.count()).select_from(OutboxEvent))
    for _ in range(2):  # and needs no Idempotency-Key
        quote(client, borrower, loan, amount_fen=400_000)
        pay_off(client, borrower, loan)
    assert (loans.state_of(session, loan), session.scalar(select(func.count()).select_from(OutboxEvent))) == before


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"amount_fen": 0}, 422, "request.invalid"),
        ({"amount_fen": -1}, 422, "request.invalid"),
        ({"amount_fen": "400000"}, 422, "request.invalid"),
        ({"amount_fen": 10**13}, 422, "request.invalid"),
        ({}, 422, "request.invalid"),
        ({"amount_fen": 400_000, "mode": "both"}, 422, "request.invalid"),
        ({"amount_fen": 400_000, "on": "2026-11-23"}, 422, "request.invalid"),
        ({"amount_fen": 10**12}, 422, "prepayment.settles_loan"),
    ],
    ids=str,
)
def test_refused_amounts(
    client: FlaskClient, borrower: SignedInCustomer, loan: Loan, body: dict[str, Any], status: int, code: str
) -> None:
    told = quote(client, borrower, loan, **body)
    assert (told.status_code, told.get_json()["code"]) == (status, code)
    if code == "prepayment.settles_loan":
        assert told.get_json()["context"]["pay_off_fen"] == loan.principal_fen


def test_an_amount_below_the_interest_of_the_days_is_too_small(
    client: FlaskClient, loan: Loan, days_later: Any
) -> None:
    borrower = days_later(20)
    assert quote(client, borrower, loan, amount_fen=1).get_json()["code"] == "prepayment.amount_too_small"


def test_a_pay_off_quote_shows_what_staying_costs(
    client: FlaskClient, session: Session, loan: Loan, days_later: Any
) -> None:
    borrower = days_later(10)
    body = pay_off(client, borrower, loan).get_json()
    interest_fen = sum(row.interest_fen for row in queries.instalments(session, loan.id))
    assert body["remaining_interest_fen"] == interest_fen
    assert body["remaining_total_fen"] == loan.principal_fen + interest_fen
    assert body["remaining_total_fen"] - body["total_fen"] == body["interest_saved_fen"] > 0
    first = loans.repay(session, loan)
    later = pay_off(client, borrower, loan).get_json()
    assert later["remaining_total_fen"] == body["remaining_total_fen"] - first.amount_fen


def test_a_settled_loan_has_no_quotes(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, loan: Loan
) -> None:
    loans.repay(session, loan, "payoff")
    for told in (quote(client, borrower, loan, amount_fen=1), pay_off(client, borrower, loan)):
        assert (told.status_code, told.get_json()["code"]) == (409, "loan.not_payable")


def test_nobody_else_gets_a_quote(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, loan: Loan
) -> None:
    stranger = loans.make_borrower(session)
    assert quote(client, stranger, loan, amount_fen=400_000).get_json()["code"] == "loan.unknown"
    unsigned = client.post(f"/customer/v1/loans/{loan.id}/early-repayment-quotes", json={"amount_fen": 1})
    assert unsigned.status_code == 401
    unknown = f"/customer/v1/loans/{ids.new_id()}/early-repayment-quotes"
    assert client.post(unknown, json={"amount_fen": 1}, headers=borrower.headers).status_code == 404
