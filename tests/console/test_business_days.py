"""The ledger's page shows how far the end of each day is, how fast it goes and how long it still takes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.console.views.end_of_day import clock_face
from app.kernel import db
from app.kernel.db import transaction
from app.loans import queries
from app.loans.jobs import bar
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import EndOfDayChunk
from app.loans.usecases import end_of_day as steps
from tests.factories import loans
from tests.factories.console import signed_in

START = datetime(2026, 10, 1, 4, 0, tzinfo=UTC)
LATER = START + timedelta(days=1)


@pytest.fixture
def page(client, session):
    signed_in(client, session)

    def read(lang="en"):
        answer = client.get(f"/console/ledger?lang={lang}")
        assert answer.status_code == 200
        return answer.text

    return read


def test_closed_days_are_shown_with_their_loans_and_digest(session, page, clock_at) -> None:
    clock_at(START)
    loans.active_loan(session, loans.make_borrower(session))
    clock_at(START + timedelta(days=2))
    [first, second] = close_through(None, Run())
    shown = page()
    assert str(first) in shown and str(second) in shown and "closed" in shown and "holiday" in shown
    assert shown.count("1/1") == 2
    assert "closed through yesterday" in shown and "<progress" not in shown


def test_a_book_without_days_says_so(page) -> None:
    assert "No day has been closed yet." in page() and "<progress" not in page()


def test_days_that_wait_are_counted(session, page, clock_at) -> None:
    clock_at(START)
    loans.active_loan(session, loans.make_borrower(session))
    clock_at(LATER)
    assert "Yesterday is not closed yet" in page()
    clock_at(START + timedelta(days=3))
    assert "3 days are over and not closed" in page()


def test_a_day_on_its_way_shows_the_rate_and_time_of_the_command_line(session, page, clock_at) -> None:
    clock_at(START)
    model = loans.active_loan(session, loans.make_borrower(session))
    for _ in range(3):
        loans.another(session, model, principal_fen=100)
    clock_at(LATER)
    with transaction() as begun:
        [day] = steps.days_to_close(begun, through=None)
        steps.open_day(begun, day=day, chunk=1)
    clock_at(LATER + timedelta(seconds=2))
    with transaction() as chunk:
        steps.run_chunk(chunk, day=day)
    clock_at(LATER + timedelta(hours=1))  # it was broken off, and the pause is not counted as work
    shown = page()
    assert "broke off at 25% (1 of 4 chunks)" in shown and "http-equiv" not in shown
    with db.alone(queries.ALONE):
        shown = page()
        assert '<meta http-equiv="refresh" content="10">' in shown and "http-equiv" not in page("en&still=1")
        assert '<progress value="1" max="4"' in shown and "25%" in shown and "broke off" not in shown
        assert "<dd>0:06</dd>" in shown  # two seconds for the first of four
        with transaction() as told:
            assert bar.line(queries.day_progress(told, day)).endswith("1/4 chunks, 1 loans, 0/s, 0:00:06 left")
        assert "还需（分:秒）" in page("zh-CN")
    with transaction() as chunk:
        steps.run_chunk(chunk, day=day)
    with transaction() as told:
        progress = queries.day_progress(told, day)
    assert (progress.worked, progress.left) == (timedelta(seconds=62), timedelta(seconds=62))
    session.expire_all()
    assert len(session.scalars(select(EndOfDayChunk).where(EndOfDayChunk.done_at.is_not(None))).all()) == 2


def test_no_time_is_promised_before_a_chunk_is_done(session, page, clock_at) -> None:
    clock_at(START)
    loans.active_loan(session, loans.make_borrower(session))
    clock_at(LATER)
    with transaction() as begun:
        steps.open_day(begun, day=date(2026, 10, 1), chunk=1)
    with db.alone(queries.ALONE):
        assert page().count("<dd>—</dd>") == 2


@pytest.mark.parametrize(("seconds", "face"), [(0, "0:00"), (59.6, "1:00"), (750, "12:30"), (3723, "1:02:03")])
def test_lengths_of_time(seconds, face) -> None:
    assert clock_face(timedelta(seconds=seconds)) == face
