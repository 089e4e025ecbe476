"""Vintages: who was ever 30 days late, counted by one statement as by hand, month by month."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.loans import queries
from app.loans.domain.vintages import Late, Vintage, by_quarter, vintages
from app.loans.models import Loan
from tests.factories import loans

START = datetime(2026, 6, 10, 4, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture
def loan(client: object, session: Session) -> Loan:
    return loans.active_loan(session, loans.make_borrower(session), paid_out_at=START)


def pay(session: Session, loan: Loan, number: int, on: str | None) -> None:
    at = f"{on} 12:00+08" if on else None
    session.execute(
        text("UPDATE loan_instalments SET paid_at = :at WHERE loan_id = :loan AND number = :number"),
        {"at": at, "loan": loan.id, "number": number},
    )


def found(session: Session, loan: Loan, on: date = TODAY) -> list[Late]:
    return [one for one in queries.first_lates(session, loan.product_code, on=on) if one.month == date(2026, 6, 1)]


def test_the_first_day_thirty_days_late_counts(session: Session, loan: Loan) -> None:
    first = queries.instalments(session, loan.id)[0].due_on
    assert first == date(2026, 7, 10)
    never, late = (Late(date(2026, 6, 1), months, 1, loan.principal_fen) for months in (None, 2))
    assert found(session, loan, date(2026, 8, 8)) == [never]
    assert found(session, loan, date(2026, 8, 9)) == [late], "unpaid thirty days after 10 July"


def test_paid_on_the_thirtieth_day_is_not_late_a_day_after_is(session: Session, loan: Loan) -> None:
    for number, due in ((2, "2026-08-10"), (3, "2026-09-10"), (4, "2026-10-10"), (5, "2026-11-10")):
        pay(session, loan, number, due)
    pay(session, loan, 1, "2026-08-09")
    assert [one.months_on_book for one in found(session, loan)] == [None]
    pay(session, loan, 1, "2026-08-10")
    assert [one.months_on_book for one in found(session, loan)] == [2]


def test_an_instalment_that_was_replaced_in_time_was_not_late(session: Session, loan: Loan) -> None:
    where = {"loan": loan.id}
    session.execute(text("UPDATE loan_instalments SET replaced_on = '2026-08-01' WHERE loan_id = :loan"), where)
    assert [one.months_on_book for one in found(session, loan)] == [None]


def test_lines_add_up_and_end_where_the_youngest_loan_stands() -> None:
    june, july, quarter = date(2026, 6, 1), date(2026, 7, 1), date(2026, 4, 1)
    lates = [Late(june, None, 8, 800), Late(june, 2, 1, 100), Late(june, 4, 1, 100), Late(july, 1, 1, 50)]
    months = vintages(lates, TODAY)
    assert months[0] == Vintage(june, 10, 1_000, [0, 0, 100, 100, 200, 200])
    assert [months[0].late_bps(age) for age in (1, 2, 5, 6)] == [0, 1_000, 2_000, None]
    assert by_quarter(months)[0] == Vintage(quarter, 10, 1_000, months[0].late_fen)
    both = by_quarter([*months, *vintages([Late(date(2026, 8, 1), None, 1, 150)], TODAY)])[1]
    assert (both.begins_on, both.loans, list(both.late_fen)) == (july, 2, [0, 50, 50, 50])
