"""Rates that follow the LPR: by hand, late, missing, paid ahead, at the cap; and as the engine replays them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credit.usecases import publish_parameter
from app.engine.replay.events import RateChanged
from app.engine.repricing import Floating, RepricedOn, published_before
from app.kernel import clock, ids
from app.kernel.outbox import OutboxEvent
from app.loans import queries
from app.loans.domain import changed_terms, repricing
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan, LoanChange
from app.loans.queries.repricing import waiting_for_rates
from app.loans.usecases.changing import Change, change_loan
from app.loans.usecases.repricing import reprice_chunk
from tests.drills.conftest import LONG
from tests.factories import loans
from tests.loans.test_against_replay import Life, begin, by_the_book, by_the_engine
from tests.loans.test_rebuilding import Money, broken, figures, pay

At = Callable[..., None]
START = date(2026, 11, 5)
NEW_YEAR = date(2027, 1, 1)
PUBLISHED = date(2026, 12, 21)  # the 20th is a Sunday
TERMS: dict[str, Any] = {"principal_fen": 10_000_000, "annual_rate": Decimal("0.06"), "penalty_rate": Decimal("0.09")}


@pytest.fixture
def at(client: FlaskClient, session: Session, clock_at: Callable[[datetime], None]) -> At:
    """Go to a day, all days before it closed."""

    def go(day: date, *, close: bool = True) -> None:
        clock_at(datetime(day.year, day.month, day.day, 4, tzinfo=UTC))
        if close:
            close_through(None, Run())
        session.expire_all()

    return go


@pytest.fixture
def model(session: Session, at: At) -> Loan:
    at(START)
    return loans.active_loan(session, loans.make_borrower(session))


def float_loan(session: Session, model: Loan, benchmark: str = "lpr_1y", on: str = "january", **more: Any) -> Loan:
    """100,000 yuan for a year, at the benchmark and 300 basis points."""
    said = {"benchmark": benchmark, "spread_bps": 300, "on": on}
    columns = repricing.floating(said, clock.today())
    return loans.another(session, model, **TERMS, term_months=12, **columns, **more)


def publish(session: Session, rate: str, name: str = "lpr_1y", on: date = PUBLISHED) -> None:
    publish_parameter(session, name=name, value=Decimal(rate), effective_from=on, source="a test")
    session.commit()


def changes(session: Session, loan: Loan) -> list[LoanChange]:
    session.expire_all()
    return list(session.scalars(select(LoanChange).where(LoanChange.loan_id == loan.id)))


def test_on_the_first_of_january(session: Session, model: Loan, at: At) -> None:
    """27 days of December at 6 % on 91,893.36 are 413.52 yuan; the last 4 of the month earn 5.8 %."""
    loan = float_loan(session, model)
    at(date(2026, 12, 5))
    loans.repay(session, loan)
    publish(session, "0.0280")
    at(NEW_YEAR - timedelta(days=1))
    assert (loan.annual_rate, loan.reprices_on, changes(session, loan)) == (Decimal("0.06"), NEW_YEAR, [])
    at(NEW_YEAR)
    done = changes(session, loan)[0]
    assert (done.kind, done.effective_on, done.proposed_by, done.journal_keys) == ("repricing", NEW_YEAR, "system", [])
    assert (loan.annual_rate, loan.penalty_rate) == (Decimal("0.058"), Decimal("0.087"))
    assert done.terms | {"capped": False} == {
        "annual_rate": "0.058000", "benchmark": "lpr_1y", "benchmark_rate": "0.028000", "published_on": "2026-12-21",
        "spread_bps": 300, "repricing_day": "2027-01-01", "capped": False,
    }  # fmt: skip
    assert loan.accrued_interest_fen == 50_000 + 41_352  # 27 days: 91,893.36 × 6 % × 27 ÷ 360
    assert loan.reprices_on == date(2028, 1, 1)
    state = (figures(session, loan), len(changes(session, loan)))
    assert reprice_chunk(session, opens_on=NEW_YEAR, after=None) is None  # once more is nothing more
    close_through(None, Run())
    assert (figures(session, loan), len(changes(session, loan))) == state
    at(date(2027, 1, 5))
    rows = [row for row in queries.instalments(session, loan.id) if row.status != "replaced"]
    assert rows[1].due_on == date(2027, 1, 5) and rows[1].interest_fen == loan.accrued_interest_fen - 50_000
    told = session.scalars(select(OutboxEvent).where(OutboxEvent.name == "loan.changed")).one()
    assert told.payload["kind"] == "repricing" and broken(session) == []


def test_the_same_rate_changes_nothing_and_is_not_asked_again(session: Session, model: Loan, at: At) -> None:
    loan = float_loan(session, model, on="anniversary")
    assert loan.reprices_on == date(2027, 11, 5)
    loan.reprices_on = NEW_YEAR
    session.commit()
    publish(session, "0.0300")
    at(NEW_YEAR)
    assert (changes(session, loan), loan.reprices_on) == ([], date(2027, 11, 5))


def test_without_a_rate_it_waits_loudly_and_is_made_good_to_the_fen(session: Session, model: Loan, at: At) -> None:
    """Twins: the five-year rate of one is entered in time, the one-year rate of the other three weeks late."""
    in_time, late = float_loan(session, model, "lpr_5y"), float_loan(session, model)
    publish(session, "0.0250", "lpr_5y")
    at(NEW_YEAR)
    assert (in_time.annual_rate, late.annual_rate) == (Decimal("0.055"), Decimal("0.06"))
    waiting = waiting_for_rates(session, NEW_YEAR)
    assert [(one.benchmark, one.day, one.published_on, one.loans) for one in waiting] == [
        ("lpr_1y", NEW_YEAR, PUBLISHED, 1)
    ]
    at(date(2027, 1, 6))
    for twin in (in_time, late):
        pay(session, twin, Money("due", date(2027, 1, 6), 900_000, None, None))
    at(date(2027, 1, 22))
    publish(session, "0.0250")
    close_through(None, Run())
    made = changes(session, late)[0]
    assert (made.effective_on, made.journal_keys) == (NEW_YEAR, [f"loan_repriced:{made.id}"])
    assert waiting_for_rates(session, clock.today()) == [] and broken(session) == []
    same = {"settled_at": None}
    assert figures(session, late) | same == figures(session, in_time) | same
    at(date(2027, 3, 1))
    assert figures(session, late) == figures(session, in_time) and broken(session) == []


def test_an_old_rate_never_stands_in_for_a_missing_one(session: Session, model: Loan, at: At) -> None:
    loan = float_loan(session, model)
    publish(session, "0.0200", on=date(2026, 11, 20))  # of the month before
    publish(session, "0.0100", on=NEW_YEAR)  # of the day itself: not before it
    at(NEW_YEAR)
    assert (changes(session, loan), loan.reprices_on) == ([], NEW_YEAR)


def test_days_that_were_missed_are_caught_up(session: Session, model: Loan, at: At) -> None:
    """Nobody closed a day for a month; a payment came in between, under the rate that was known."""
    in_time, missed = (float_loan(session, model) for _ in range(2))
    publish(session, "0.0280")
    at(date(2026, 12, 28))
    at(date(2027, 1, 10), close=False)
    money = Money("due", date(2027, 1, 10), 1_000_000, None, None)
    pay(session, missed, money)
    at(date(2027, 1, 20))
    pay(session, in_time, money)  # comes to light late
    assert [one.effective_on for one in changes(session, missed)] == [NEW_YEAR]
    assert figures(session, missed) == figures(session, in_time) and broken(session) == []


def test_what_is_paid_ahead_keeps_its_terms(session: Session, model: Loan, at: At) -> None:
    loan = float_loan(session, model)
    at(date(2026, 12, 10))
    for _ in range(2):
        loans.repay(session, loan)
    publish(session, "0.0280")
    at(NEW_YEAR)
    assert (changes(session, loan), loan.reprices_on) == ([], date(2027, 1, 5))
    publish(session, "0.0100", on=date(2027, 1, 4))  # after the repricing day: of no effect on it
    at(date(2027, 1, 5))
    done = changes(session, loan)[0]
    assert (done.effective_on, done.terms["annual_rate"]) == (date(2027, 1, 5), "0.058000")
    assert done.terms["repricing_day"] == "2027-01-01" and loan.reprices_on == date(2028, 1, 1)
    assert broken(session) == []


def test_never_above_the_cap(session: Session, model: Loan, at: At) -> None:
    loan = float_loan(session, model)
    publish(session, "0.2300")
    at(NEW_YEAR)
    done = changes(session, loan)[0]
    assert (done.terms["capped"], loan.all_in_annual_rate) == (True, Decimal("0.24")) and broken(session) == []


def test_another_rate_agreed_upon_is_another_spread(session: Session, model: Loan, at: At) -> None:
    loan = float_loan(session, model)
    at(date(2026, 11, 20))
    terms = changed_terms.read_terms("rate_change", {"annual_rate": "0.05"})
    change_loan(session, Change(ids.new_id(), loan.id, "rate_change", clock.today(), terms, "why", "a:1", "b:2"))
    session.commit()
    assert loan.repricing == {"benchmark": "lpr_1y", "spread_bps": 200, "on": "january"}
    publish(session, "0.0280")
    at(NEW_YEAR)
    assert loan.annual_rate == Decimal("0.048") and broken(session) == []


def test_half_a_chunk_is_no_chunk(session: Session, model: Loan, at: At) -> None:
    """Broken off before the commit nothing has happened; taken up again each loan is repriced once."""
    made = [float_loan(session, model) for _ in range(3)]
    publish(session, "0.0280")
    at(NEW_YEAR - timedelta(days=1))
    at(NEW_YEAR, close=False)
    first = reprice_chunk(session, opens_on=NEW_YEAR, after=None, size=2)
    assert first is not None and first.repriced == 2
    session.rollback()
    session.expire_all()
    assert all(loan.reprices_on == NEW_YEAR and changes(session, loan) == [] for loan in made)
    close_through(None, Run())
    assert [len(changes(session, loan)) for loan in made] == [1, 1, 1] and broken(session) == []


@pytest.mark.drill
@pytest.mark.parametrize("seed", range(12 if LONG else 1))
def test_loans_stand_where_the_engine_says(session: Session, model: Loan, at: At, seed: int) -> None:
    """Payments, reversals and repricings, some in time and some late, against the replay of the same events."""
    draw, lives = Random(seed), []
    publish(session, "0.0215", "lpr_5y")
    for _ in range(10):
        life = begin(session, model, Random(draw.random()))
        in_time = life.draw.random() < 0.5
        said = {"benchmark": "lpr_5y" if in_time else "lpr_1y", "spread_bps": draw.randint(50, 900), "on": "january"}
        life.loan.repricing, life.loan.reprices_on = said, NEW_YEAR
        life.events.append(
            RateChanged(on=NEW_YEAR, sequence=2, annual_rate=Decimal("0.0215") + Decimal(said["spread_bps"]) / 10_000)
        )
        lives.append(life)
    session.commit()
    for days in range(3, 100):
        at(START + timedelta(days=days), close=days % 4 == 0)
        if days == 70:
            publish(session, "0.0215")
        for life in lives:
            if life.draw.random() < 0.1 and _comparable(life):
                life.live(session)
    at(clock.today())
    compared = [life for life in lives if _comparable(life)]
    for life in compared:
        expected, found = by_the_engine(life.state(clock.today())), by_the_book(session, life.loan)
        differ = {name: (found[name], fen) for name, fen in expected.items() if found[name] != fen}
        assert differ == {}, "\n".join(map(str, life.events))
    assert len(compared) >= 5 and broken(session) == []


def _comparable(life: Life) -> bool:
    """While a rate is missing the book asks for other amounts than the engine, which knows it."""
    return life.comparable


def test_the_days(session: Session) -> None:
    leap = Floating("lpr_1y", 0, RepricedOn.ANNIVERSARY)
    start = date(2024, 2, 29)
    assert [leap.next_day(start, day) for day in (start, date(2025, 2, 28), date(2027, 12, 1))] == [
        date(2025, 2, 28), date(2026, 2, 28), date(2028, 2, 29)
    ]  # fmt: skip
    works = lambda day: day.weekday() < 5  # noqa: E731
    assert published_before(date(2026, 12, 21), works) == date(2026, 11, 20)
    assert published_before(date(2026, 12, 22), works) == PUBLISHED
    for wrong in ({"benchmark": "shibor"}, {"spread_bps": 1.5}, {"on": "monthly"}):
        with pytest.raises(ValueError):
            Floating.read({"benchmark": "lpr_1y", "spread_bps": 1, "on": "january"} | wrong)
