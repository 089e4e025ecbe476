"""The end of day over real loans: what it accrues, books and tells, in which order days are closed, what is refused."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import clock, db, invariants
from app.kernel.outbox import OutboxEvent
from app.ledger import queries as ledger
from app.ledger.domain import DayNotOver
from app.ledger.models import CalendarDay, Entry, Journal
from app.loans import queries
from app.loans.domain import EndOfDayRunning
from app.loans.jobs import bar, end_of_day
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan
from app.loans.queries import DayProgress
from tests.factories import loans
from tests.job_runner import JobRunner

LONG = os.environ.get("DUKOU_DRILL") == "long"
pytestmark = pytest.mark.usefixtures("channels")
START = datetime(2026, 12, 15, 4, 0, tzinfo=UTC)
RUN_TWICE = {"loans.end_of_day"}  # test_a_second_run_of_a_day_changes_nothing


@pytest.fixture
def loan(session: Session, clock_at) -> Loan:
    clock_at(START)
    return loans.active_loan(session, loans.make_borrower(session), amount_fen=10_000_000)


def balances(session: Session) -> dict[str, int]:
    return {row.code: row.balance_fen for row in ledger.trial_balance(session) if row.balance_fen}


def broken(session: Session) -> list[str]:
    found = [verdict for verdict in invariants.verify(session) if not verdict.holds]
    return [f"{verdict.invariant.statement}: {verdict.violations}" for verdict in found]


def night_after(day: date) -> datetime:
    """Half an hour after a day is over in China."""
    return datetime(day.year, day.month, day.day, 16, 30, tzinfo=UTC)


@pytest.fixture
def close(session: Session, clock_at):
    """`close(day)`: everything up to a day is closed in the night after it; the loan rows are read anew."""

    def close_days(through: date) -> list[date]:
        clock_at(night_after(through))
        session.commit()
        days = close_through(None, Run())
        session.expire_all()
        return days

    return close_days


def test_a_loan_earns_by_the_day_and_its_due_day_finds_all_of_it(session: Session, loan: Loan, close) -> None:
    first = queries.instalments(session, loan.id)[0]
    assert close(date(2026, 12, 15)) == [date(2026, 12, 15)]
    assert loan.accrued_interest_fen == round(first.interest_fen / 30)  # a whole month is 30 of 360 days
    assert balances(session)["interest_receivable"] == loan.accrued_interest_fen
    days = close(first.due_on - timedelta(days=1))
    assert (len(days), loan.accrued_interest_fen) == (30, first.interest_fen)
    assert balances(session)["interest_income"] == -first.interest_fen
    assert broken(session) == []


@pytest.mark.parametrize("method", ["equal_instalment", "equal_principal"])
def test_over_its_life_a_loan_earns_what_was_planned(session: Session, close, clock_at, method: str) -> None:
    clock_at(START)
    loan = loans.active_loan(session, loans.make_borrower(session), term_months=3, method=method)
    rows = queries.instalments(session, loan.id)
    for row in rows:
        close(row.due_on - timedelta(days=1))
        assert loan.accrued_interest_fen == sum(one.interest_fen for one in rows if one.number <= row.number)
        clock_at(night_after(row.due_on) - timedelta(hours=10))
        loans.repay(session, loan)
        assert broken(session) == []
    assert (loan.status, balances(session)) == (
        "settled",
        {
            "bank_settlement": -loan.principal_fen,
            "interest_income": -sum(row.interest_fen for row in rows),
            "wechat_pay_clearing": loan.principal_fen + sum(row.interest_fen for row in rows),
        },
    )


def test_interest_paid_ahead_is_a_liability_until_it_is_earned(session: Session, loan: Loan, close) -> None:
    first = loans.repay(session, loan)
    assert balances(session)["interest_paid_ahead"] == -(first.interest_fen or 0)
    close(date(2026, 12, 30))
    assert balances(session)["interest_paid_ahead"] == loan.accrued_interest_fen - loan.paid_interest_fen < 0
    assert "interest_receivable" not in balances(session)
    quote = queries.pay_off_quote(session, loan, date(2026, 12, 31))
    assert quote.interest_fen < 0
    clock.use(lambda: night_after(date(2026, 12, 31)) - timedelta(hours=9))
    loans.repay(session, loan, "payoff")
    assert balances(session).keys() == {"bank_settlement", "interest_income", "wechat_pay_clearing"}
    assert -balances(session)["interest_income"] == (first.interest_fen or 0) + quote.interest_fen
    assert broken(session) == []


def test_a_second_run_of_a_day_changes_nothing(session: Session, loan: Loan, close, run_jobs: JobRunner) -> None:
    close(date(2026, 12, 20))

    def everything() -> tuple[object, ...]:
        session.expire_all()
        return loans.state_of(session, loan), balances(session), queries.newest_days(session), run_jobs.waiting()

    before = everything()
    end_of_day.end_of_day()
    assert close_through(date(2026, 12, 20), Run()) == []
    assert close_through(date(2026, 12, 18), Run()) == []
    assert everything() == before


@pytest.mark.parametrize("ahead", [0, 1, 365])
def test_a_day_that_is_not_over_is_refused(session: Session, loan: Loan, ahead: int) -> None:
    with pytest.raises(DayNotOver):
        close_through(clock.today() + timedelta(days=ahead), Run())
    assert queries.newest_days(session) == []


def test_of_two_at_once_one_works(committed, clock_at) -> None:
    clock_at(START)
    with db.alone("end_of_day") as first:
        assert first
        with pytest.raises(EndOfDayRunning):
            close_through(None, Run())
        end_of_day.end_of_day()  # the job leaves it to the other
    assert close_through(None, Run()) == []


def test_a_book_without_journals_has_nothing_to_close(session: Session) -> None:
    assert close_through(None, Run()) == []


def test_five_missed_days_are_five_days(sessions: sessionmaker[Session], session: Session, loan: Loan, close) -> None:
    last = START.date() + timedelta(days=5)

    def left() -> tuple[object, ...]:
        days = [(day.day, day.digest) for day in queries.newest_days(session)]
        entries = select(Journal.key, Journal.business_on, Entry.account, Entry.amount_fen).join(Entry)
        return days, sorted(map(tuple, session.execute(entries))), loans.state_of(session, loan)

    session.commit()
    session.close()  # what follows is inside the savepoint of the connection itself
    daily = sessions.kw["bind"].begin_nested()
    for days in range(6):
        assert len(close(START.date() + timedelta(days=days))) == 1
    one_by_one = left()
    session.close()
    daily.rollback()
    assert queries.newest_days(session) == []
    assert len(close(last)) == 6
    assert left() == one_by_one


def test_working_days_are_kept_with_their_source(session: Session, loan: Loan, close) -> None:
    """What the next year's notice will say is not guessed; days are closed all the same."""
    close(date(2027, 1, 3))
    shown = {day.day: day.working for day in queries.newest_days(session, 30)}
    assert (shown[date(2026, 12, 18)], shown[date(2026, 12, 19)]) == (True, False)
    assert (ledger.is_working_day(session, date(2026, 10, 1)), ledger.is_working_day(session, date(2026, 10, 10))) == (
        False,
        True,  # a Saturday made up for the long holiday
    )
    assert shown[date(2027, 1, 3)] is None
    source = session.scalars(select(CalendarDay.source).distinct()).one()
    assert source.startswith("State Council's yearly notice")


def test_the_bar_shows_rate_and_time_left() -> None:
    progress = DayProgress(date(2026, 12, 15), "closing", True, 40, 10, 50_000, None, None, None, timedelta(seconds=5))
    assert bar.line(progress) == (
        "2026-12-15 [#######.......................] 10/40 chunks, 50,000 loans, 10,000/s, 0:00:15 left"
    )
    written: list[str] = []
    report = bar.reporter(written.append)
    report(progress)
    report(progress)
    report(replace(progress, day=date(2026, 12, 16)))
    assert [text for text in written if text in "\r\n"] == ["\r", "\r", "\n"]


def test_it_tells_of_what_is_due_soon_due_and_overdue(session: Session, loan: Loan, close) -> None:
    due_on = queries.instalments(session, loan.id)[0].due_on
    close(due_on)
    told = session.execute(
        select(OutboxEvent.name, OutboxEvent.payload)
        .where(OutboxEvent.name.like("loan.%due%"))
        .order_by(OutboxEvent.id)
    ).all()
    assert [name for name, _ in told] == ["loan.due_soon", "loan.due", "loan.overdue"]
    assert {payload["due_on"] for _, payload in told} == {due_on.isoformat()}
    assert (loan.status, told[-1].payload["overdue_days"], loan.asset_class) == ("overdue", 1, 2)


@pytest.mark.drill
@pytest.mark.parametrize(
    ("days", "habits", "asset_class"), [(700, (0, 0, 4, 0, 33, 1, 0, 0, 2), 5)] if LONG else [(160, (4,), 3)]
)
def test_a_loan_stays_right_over_many_days(
    session: Session, loan: Loan, close, clock_at, days: int, habits: tuple[int, ...], asset_class: int
) -> None:
    """Paid on its due day, a few days late, a month late, then not at all for long, and paid off at last.

    Seven hundred days and a loss in `make drill`, half a year in short."""
    rows = queries.instalments(session, loan.id)
    for row, late in zip(rows, habits, strict=False):
        paid_on = row.due_on + timedelta(days=late)
        if paid_on - timedelta(days=1) >= clock.today():
            close(paid_on - timedelta(days=1))
        clock_at(night_after(paid_on) - timedelta(hours=9))
        loans.repay(session, loan)
        assert broken(session) == []
    end = START.date() + timedelta(days=days)
    close(end)
    assert (loan.status, loan.accruing, loan.asset_class) == ("overdue", False, asset_class)
    if end > rows[-1].due_on:
        assert loan.accrued_interest_fen == sum(row.interest_fen for row in rows)
    assert broken(session) == []
    clock_at(night_after(end) + timedelta(hours=12))
    loans.repay(session, loan, "payoff")
    assert broken(session) == []
    found = balances(session)
    assert (loan.status, found.get("loan_principal", 0)) == ("settled", 0)
    assert found["interest_income"] == -loan.paid_interest_fen
    assert found["penalty_income"] == -loan.paid_penalty_fen < 0
    assert len(queries.newest_days(session, 1000)) == days + 1
