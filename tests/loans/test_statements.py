"""Statements: what they add up to, for which months there is one, and that they stay as they were."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

from app.engine.prepayment import Mode
from app.kernel import clock
from app.loans.models import Loan
from app.loans.papers.months import Month, MonthMalformed, spans
from tests.factories import loans
from tests.factories.customers import SignedInCustomer

START = datetime(2026, 11, 5, 4, 0, tzinfo=UTC)
Go = Callable[[datetime], SignedInCustomer]


@pytest.fixture
def borrower(client: FlaskClient, session: Session, clock_at: Any) -> SignedInCustomer:
    clock_at(START)
    return loans.make_borrower(session)


@pytest.fixture
def loan(session: Session, borrower: SignedInCustomer) -> Loan:
    return loans.active_loan(session, borrower)


@pytest.fixture
def at(session: Session, borrower: SignedInCustomer, loan: Loan, clock_at: Any) -> Go:
    """`at(instant)`: then, with the borrower signed in again."""

    def go(instant: datetime) -> SignedInCustomer:
        clock_at(instant)
        return loans.sign_in_again(session, borrower)

    return go


def get(client: FlaskClient, who: SignedInCustomer, path: str, **headers: str) -> Any:
    return client.get(f"/customer/v1{path}", headers={**who.headers, **headers})


def statement(client: FlaskClient, who: SignedInCustomer, loan: Loan, month: str) -> Any:
    return get(client, who, f"/loans/{loan.id}/statements/{month}")


def test_a_story_of_three_months(client: FlaskClient, session: Session, loan: Loan, at: Go) -> None:
    at(datetime(2026, 12, 5, 4, 0, tzinfo=UTC))
    first = loans.repay(session, loan)
    at(datetime(2027, 1, 20, 4, 0, tzinfo=UTC))
    last = loans.repay(session, loan, "payoff")
    who = at(datetime(2027, 2, 10, 4, 0, tzinfo=UTC))
    months = get(client, who, f"/loans/{loan.id}/statements").get_json()["items"]
    assert [one["month"] for one in months] == ["2027-01", "2026-12", "2026-11"]
    assert all(one["complete"] for one in months)
    told = [statement(client, who, loan, one["month"]).get_json() for one in reversed(months)]
    november, december, january = told
    assert (november["opening_principal_fen"], november["disbursed_fen"]) == (0, loan.principal_fen)
    assert [one["reference"] for one in december["movements"]] == [first.receipt_no]
    assert december["repaid_principal_fen"] == first.principal_fen
    assert january["closing_principal_fen"] == 0 and january["next"] is None
    assert january["movements"][0]["received_fen"] == last.amount_fen
    for one in told:
        assert one["closing_principal_fen"] == (
            one["opening_principal_fen"] + one["disbursed_fen"] - one["repaid_principal_fen"]
        )
        parts = ("repaid_principal_fen", "interest_fen", "charges_fen", "credit_fen")
        assert one["received_fen"] == sum(one[name] for name in parts)
    for before, after in pairwise(told):
        assert after["opening_principal_fen"] == before["closing_principal_fen"]


def test_the_month_that_runs_ends_today(client: FlaskClient, session: Session, loan: Loan, at: Go) -> None:
    who = at(datetime(2026, 12, 5, 4, 0, tzinfo=UTC))
    loans.repay(session, loan)
    body = statement(client, who, loan, "2026-12").get_json()
    assert (body["from_on"], body["to_on"], body["complete"]) == ("2026-12-01", "2026-12-05", False)
    assert body["due"][0]["paid_on"] == "2026-12-05"
    assert body["next"]["due_on"] == "2027-01-05"


def test_a_month_that_is_over_says_what_was_known_then(
    client: FlaskClient, session: Session, loan: Loan, at: Go
) -> None:
    who = at(datetime(2027, 1, 2, 4, 0, tzinfo=UTC))
    before = statement(client, who, loan, "2026-12")
    assert before.get_json()["due"][0]["paid_on"] is None
    loans.repay(session, loan)
    assert statement(client, who, loan, "2026-12").get_json() == before.get_json()


def test_a_prepayment_does_not_change_the_month_before(
    client: FlaskClient, session: Session, loan: Loan, at: Go
) -> None:
    who = at(datetime(2027, 1, 2, 4, 0, tzinfo=UTC))
    before = statement(client, who, loan, "2026-12").get_json()
    paid = loans.repay(session, loan, "prepayment", amount_fen=600_000, mode=Mode.LOWER_INSTALMENT)
    assert statement(client, who, loan, "2026-12").get_json() == before
    january = statement(client, who, loan, "2027-01").get_json()
    assert [one["kind"] for one in january["movements"]] == ["prepayment"]
    assert january["movements"][0]["received_fen"] == 600_000
    assert january["next"]["total_fen"] < before["next"]["total_fen"]
    receipt = get(client, who, f"/repayments/{paid.id}/receipt.pdf")
    assert receipt.status_code == 200, receipt.text


@pytest.mark.parametrize(
    ("month", "status", "code"),
    [
        ("2026-10", 404, "statement.not_available"),  # before the loan
        ("2027-01", 404, "statement.not_available"),  # not come yet
        ("2026-13", 422, "statement.month_malformed"),
        ("1926-12", 422, "statement.month_malformed"),
        ("2026_12", 422, "statement.month_malformed"),
        ("２０２６-12", 422, "statement.month_malformed"),
    ],
)
@pytest.mark.parametrize("ending", ["", ".pdf", ".csv"])
def test_months_without_a_statement(
    client: FlaskClient, loan: Loan, at: Go, month: str, status: int, code: str, ending: str
) -> None:
    who = at(datetime(2026, 12, 31, 15, 59, tzinfo=UTC))  # one minute before the new year in China
    answer = get(client, who, f"/loans/{loan.id}/statements/{month}{ending}")
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    if ending:
        other = get(client, who, f"/statements/{month}{ending}")
        assert (other.status_code, other.get_json()["code"]) == (status, code)


def test_no_statement_after_the_loan_is_settled(client: FlaskClient, session: Session, loan: Loan, at: Go) -> None:
    loans.repay(session, loan, "payoff")
    who = at(START + timedelta(days=40))
    assert statement(client, who, loan, "2026-11").status_code == 200
    assert statement(client, who, loan, "2026-12").get_json()["code"] == "statement.not_available"
    assert get(client, who, "/statements/2026-12.pdf").status_code == 404


def test_other_peoples_loans_are_unknown(client: FlaskClient, session: Session, loan: Loan) -> None:
    stranger = loans.make_borrower(session)
    for path in ("statements", "statements/2026-11", "statements/2026-11.pdf", "statements/2026-11.csv",
                 "schedule.pdf", "schedule.csv", "payoff-letter.pdf"):  # fmt: skip
        answer = get(client, stranger, f"/loans/{loan.id}/{path}")
        assert (answer.status_code, answer.get_json()["code"]) == (404, "loan.unknown"), path
    assert get(client, stranger, "/statements/2026-11.csv").status_code == 404


def another_loan(session: Session, borrower: SignedInCustomer, clock_at: Any) -> Loan:
    """A minute later: phone codes are one a minute."""
    clock_at(clock.now() + timedelta(minutes=2))
    return loans.active_loan(session, borrower, amount_fen=300_000)


def test_all_loans_of_a_month_in_one_table(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, clock_at: Any
) -> None:
    two = [another_loan(session, borrower, clock_at) for _ in range(2)]
    table = get(client, borrower, "/statements/2026-11.csv").get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert {row["借据编号"] for row in rows} == {loan.loan_no for loan in two}
    assert [row["剩余本金（元）"] for row in rows if row["摘要"] == "期末余额"] == ["3000.00", "3000.00"]


def test_a_statement_costs_the_database_the_same_for_one_loan_and_for_many(
    client: FlaskClient, session: Session, sessions: sessionmaker[Session], borrower: SignedInCustomer, clock_at: Any
) -> None:
    asked: list[str] = []
    event.listen(sessions.kw["bind"], "before_cursor_execute", lambda *told: asked.append(told[2]))

    def cost() -> int:
        asked.clear()
        assert get(client, borrower, "/statements/2026-11.csv").status_code == 200
        return len([one for one in asked if one.lstrip().upper().startswith("SELECT")])

    another_loan(session, borrower, clock_at)
    one_loan = cost()
    for _ in range(2):
        another_loan(session, borrower, clock_at)
    assert cost() == one_loan <= 12


def test_months_are_read_strictly_and_counted_rightly() -> None:
    assert str(Month.read("2026-02")) == "2026-02" and Month.read("2028-02").last_on == date(2028, 2, 29)
    assert Month.read("2026-12").following == Month(2027, 1)
    for text in ("", "2026-1", "2026-00", "2026-11-01", "202６-11", "abcd-ef"):
        with pytest.raises(MonthMalformed):
            Month.read(text)
    assert [str(one.month) for one in spans(date(2026, 11, 30), None, date(2027, 1, 1))] == [
        *("2027-01", "2026-12", "2026-11")
    ]
