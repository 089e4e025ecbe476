"""What the statements of the end of day say is what the engine says, over random loans; and what a chunk costs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import sessionmaker

from app.engine.asset_classes import ClassRule, suggest
from app.engine.overdue import PenaltyRule, days_past_due, penalty_interest
from app.engine.positions import position
from app.engine.terms import DayCount
from app.kernel import db, invariants
from app.ledger.usecases import post
from app.loans import domain, queries
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan
from app.loans.usecases import end_of_day
from tests.cost import counting
from tests.factories.loan_book import BookLoan, draw_loans, fill

LONG = os.environ.get("DUKOU_DRILL") == "long"
DAY = date(2026, 10, 20)
ALL = (DayCount.THIRTY_360, DayCount.THIRTY_360, DayCount.ACT_360, DayCount.ACT_365, DayCount.ACT_ACT)
CLASSES = ClassRule(date(2023, 7, 1), "test", 0, 90, 270, 360, 12)


@pytest.fixture
def new_book(new_database: Callable[[], tuple[str, str]]) -> Iterator[Callable[..., tuple[Engine, list[BookLoan]]]]:
    """`new_book(1000)`: a database with so many loans, and the loans."""
    engines: list[Engine] = []

    def make(count: int, copies: int = 1, **how: Any) -> tuple[Engine, list[BookLoan]]:
        url, owner_url = new_database()
        book = list(draw_loans(count, day=DAY, seed=count, **how))
        fill(owner_url, book, day=DAY, copies=copies)
        engine = db.make_engine(url)
        engines.append(engine)
        db.use(sessionmaker(bind=engine, expire_on_commit=False))
        return engine, book

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def night(clock_at: Any) -> Callable[[int], None]:
    """`night(n)`: half an hour after the n-th day is over in China."""
    return lambda days: clock_at(datetime(DAY.year, DAY.month, DAY.day, 16, 30, tzinfo=UTC) + timedelta(days=days))


def interest(loan: BookLoan, on: date) -> int:
    """What a loan has earned on a day, by the engine."""
    plan = loan.plan
    due = sum(due_on <= on for due_on in plan.due_on)
    earned = sum(plan.interests_fen[:due])
    if due == len(plan.due_on):
        return earned
    return earned + position(plan, on, earned + sum(plan.principals_fen[:due])).accrued_fen


def penalty(loan: BookLoan, on: date) -> int:
    """Penalty and compound interest on a day, by the engine."""
    rule = PenaltyRule(overdue_multiple=Decimal(1), grace_days=loan.grace_days)
    total = 0
    for _, due_on, principal, interest_, paid_principal, paid_interest in loan.rows():
        if due_on < on:
            total += penalty_interest(principal - paid_principal, loan.penalty_rate, due_on, on, rule)
            if loan.compound:
                total += penalty_interest(interest_ - paid_interest, loan.penalty_rate, due_on, on, rule)
    return total


def overdue_days(loan: BookLoan, on: date) -> int:
    unpaid = [row[1] for row in loan.rows() if row[4:] != row[2:4] and row[1] < on]
    return days_past_due(min(unpaid), on, loan.grace_days) if unpaid else 0


def test_the_statements_say_what_the_engine_says(new_book: Any, night: Any) -> None:
    _, book = new_book(100_000 if LONG else 2_000, day_counts=ALL, late_share=0.2)
    for days in (0, 1) if LONG else (0, 1, 12):
        night(days)
        close_through(None, Run(chunk=1_000))
        with db.transaction() as session:
            found = {loan.id: loan for loan in session.scalars(select(Loan))}
            broken = [verdict for verdict in invariants.verify(session) if not verdict.holds]
        assert broken == []
        on = DAY + timedelta(days=days + 1)
        for loan in book:
            row, late = found[loan.id], overdue_days(loan, on)
            expected = (interest(loan, on), penalty(loan, on) if late else 0, "overdue" if late else "active")
            assert (row.accrued_interest_fen, row.accrued_penalty_fen, row.status) == expected, loan
            assert row.asset_class >= suggest(CLASSES, on, late).asset_class, loan
            assert row.accruing == (late <= 90)


def test_the_domain_says_what_the_statements_say(new_book: Any, night: Any) -> None:
    """`domain.accrued_interest` and `queries.penalties_fen` are what payments between two ends of day rely on."""
    new_book(400, day_counts=ALL, late_share=0.4)
    night(0)
    close_through(None, Run())
    on = DAY + timedelta(days=1)
    with db.transaction() as session:
        for row in session.scalars(select(Loan)):
            period = domain.Period(
                row.period_start_on,
                row.period_end_on,
                row.period_principal_fen,
                row.period_interest_fen,
                row.interest_before_fen,
            )
            day_count = DayCount(row.day_count)
            assert domain.accrued_interest(period, on, row.annual_rate, day_count) == row.accrued_interest_fen
            if row.status == "overdue":
                rows = queries.instalments(session, row.id)
                assert queries.penalties_fen(row, rows, on) == row.accrued_penalty_fen


def test_a_pay_off_quote_is_what_the_end_of_the_day_before_has_left(new_book: Any, night: Any) -> None:
    """For every day count: the customer is quoted no fen that the book has not counted, and the other way round."""
    new_book(400, day_counts=ALL, late_share=0.0)
    for days in (0, 3, 12):
        night(days)
        close_through(None, Run())
        on = DAY + timedelta(days=days + 1)
        with db.transaction() as session:
            for row in session.scalars(select(Loan).where(Loan.status == "active")):
                quote = queries.pay_off_quote(session, row, on)
                assert quote.interest_fen == row.accrued_interest_fen - row.paid_interest_fen, row.day_count


def test_copies_of_a_book_close_as_the_book_does(new_book: Any, night: Any) -> None:
    """What the bench of a million loans stands on: the same sums, as often."""
    sums = []
    for copies in (1, 3):
        new_book(40, late_share=0.4, copies=copies)
        night(0)
        close_through(None, Run(chunk=50))
        with db.transaction() as session:
            found = session.scalars(select(Loan)).all()
            assert [verdict for verdict in invariants.verify(session) if not verdict.holds] == []
        owed = sum(loan.accrued_interest_fen + loan.accrued_penalty_fen for loan in found)
        sums.append((len(found) // copies, owed // copies))
    assert sums[0] == sums[1]


def test_a_chunk_under_way_holds_up_no_reading_and_no_other_chunk(new_book: Any, night: Any) -> None:
    """Its transaction stays open here: quotes of its own loans are answered, loans of other chunks can be paid."""
    _, book = new_book(40, late_share=0.2)
    night(0)
    with db.transaction() as session:
        end_of_day.open_day(session, day=DAY, chunk=20)
    with db.transaction() as closing:
        assert end_of_day.run_chunk(closing, day=DAY) == 20
        with db.transaction() as session:
            session.execute(text("SET LOCAL lock_timeout = '1s'"))
            inside, other = (session.get_one(Loan, book[place].id) for place in (0, 39))
            assert queries.pay_off_quote(session, inside, DAY).total_fen > 0
            session.refresh(other, with_for_update=True)
            post(
                session,
                key="meanwhile",
                template="payment_unmatched",
                amounts_fen={"amount": 1},
                subject_id=other.id,
                business_on=DAY + timedelta(days=1),
            )
        modes = set(closing.scalars(text("SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation <> 0")))
        assert modes <= {"AccessShareLock", "RowShareLock", "RowExclusiveLock"}, modes


def test_a_chunk_costs_the_same_statements_for_many_loans_as_for_few(new_book: Any, night: Any) -> None:
    costs = {}
    for count in (200, 2_000):
        engine, _ = new_book(count, late_share=0.5)
        night(0)
        with counting(engine) as cost:
            close_through(None, Run(chunk=count))
        costs[count] = len(cost.statements)
        print(f"{count} loans: {cost}")
        assert cost.commits <= 8  # one of them sets rates anew
    assert costs[200] == costs[2_000] <= 45  # five of them look for rates to set anew


def test_how_the_loans_are_divided_into_chunks_changes_nothing(
    new_book: Any, new_database: Callable[[], tuple[str, str]], night: Any
) -> None:
    digests = []
    for run in (Run(chunk=1_000), Run(chunk=37), Run(chunk=101, workers=3)):
        new_book(500, late_share=0.3)
        night(2)
        close_through(None, run)
        with db.transaction() as session:
            digests.append([day.digest for day in queries.newest_days(session)])
            assert [verdict for verdict in invariants.verify(session) if not verdict.holds] == []
    assert digests[0] == digests[1] == digests[2] and len(digests[0]) == 3
