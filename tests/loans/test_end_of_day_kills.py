"""kill -9 at every step of the end of day, and anywhere: taken up again it leaves what an undisturbed run leaves."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.kernel import db, invariants
from tests.drills.conftest import LONG
from tests.drills.test_kills import AT_NIGHT
from tests.factories.loan_book import draw_loans, fill

DAY = date(2026, 10, 20)
ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.drill
# A process of its own, with a clock of its own: it closes three days in small chunks.
PROGRAM = """
import sys
from datetime import UTC, datetime
from app.kernel import clock, db
from app.loans.jobs.end_of_day import Run, close_through
db.connect(sys.argv[1])
clock.use(lambda: datetime(2026, 10, 22, 16, 30, tzinfo=UTC))
close_through(None, Run(chunk=40))
"""
LEFT = {
    "days": "SELECT day, state, digest FROM business_days ORDER BY day",
    "loans": "SELECT to_jsonb(l) FROM loans l ORDER BY id",
    "book": "SELECT j.key, j.business_on, e.account, e.amount_fen FROM journals j JOIN entries e ON e.journal_id = j.id"
    " WHERE j.template = 'end_of_day' ORDER BY 1, 3",
    "events": "SELECT name, subject_id, payload::text FROM outbox_events ORDER BY 1, 2, 3",
    "history": "SELECT subject_id, event, from_status, to_status FROM state_changes ORDER BY 1, 2",
    "classes": "SELECT loan_id, from_class, to_class, overdue_days, day, status FROM class_changes ORDER BY 1, 2, 3, 5",
    "sums": "SELECT day, number, product_code, partner_id, interest_income_fen, penalty_income_fen, off_balance_fen"
    " FROM end_of_day_sums ORDER BY 1, 2, 3, 4",
}


class Night:
    """A database with a book, and the process that closes its days."""

    def __init__(self, urls: tuple[str, str], points: Path) -> None:
        self.url, self.owner_url = urls
        self.address = self.url.replace("postgresql://", "postgresql+psycopg://")
        self.points = points
        points.mkdir(exist_ok=True)
        fill(self.owner_url, draw_loans(240, day=DAY, seed=5, late_share=0.4), day=DAY)

    def start(self) -> subprocess.Popen[bytes]:
        environment = os.environ | {"DUKOU_ENV": "test", "DUKOU_CRASH_POINTS": str(self.points)}
        arguments = [sys.executable, "-c", PROGRAM, self.address]
        return subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def run(self) -> int:
        process = self.start()
        _, said = process.communicate()
        assert process.returncode in (0, 137), said.decode()[-3000:]
        return process.returncode

    def left(self) -> dict[str, list[Any]]:
        with psycopg.connect(self.owner_url) as connection:
            return {name: connection.execute(sql).fetchall() for name, sql in LEFT.items()}


@pytest.fixture(scope="module")
def new_night(
    new_database: Callable[[], tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Night]:
    return lambda: Night(new_database(), tmp_path_factory.mktemp("points"))


@pytest.fixture(scope="module")
def undisturbed(new_night: Callable[[], Night]) -> dict[str, list[Any]]:
    night = new_night()
    assert night.run() == 0
    left = night.left()
    assert [state for _, state, _ in left["days"]] == ["closed"] * 3
    return left


def check(night: Night, undisturbed: dict[str, list[Any]]) -> None:
    """The same end, every invariant, and nothing more from another run."""
    for _ in range(2):
        assert night.run() == 0
        left = night.left()
        assert {name: rows for name, rows in left.items() if rows != undisturbed[name]} == {}
    engine = db.connect(night.address)
    with db.transaction() as session:
        assert [verdict for verdict in invariants.verify(session) if not verdict.holds] == []
    engine.dispose()


def test_killed_at_every_boundary(new_night: Callable[[], Night], undisturbed: dict[str, list[Any]]) -> None:
    """One night that dies at each of its points in turn, twice over."""
    night = new_night()
    for point in (*AT_NIGHT, *AT_NIGHT):
        (night.points / point).touch()
        assert night.run() == 137, point
    check(night, undisturbed)


@pytest.mark.parametrize("seed", range(20 if LONG else 1))
def test_killed_anywhere(new_night: Callable[[], Night], undisturbed: dict[str, list[Any]], seed: int) -> None:
    draw, night = random.Random(seed), new_night()
    for _ in range(3):
        process = night.start()
        time.sleep(draw.uniform(0.6, 1.6))  # anywhere: also before it began and after it ended
        process.kill()
        process.communicate()
    check(night, undisturbed)


def test_two_processes_at_once_leave_what_one_leaves(
    new_night: Callable[[], Night], undisturbed: dict[str, list[Any]]
) -> None:
    """The second one is refused or comes after the first; never do both close a day."""
    night = new_night()
    both = [night.start(), night.start()]
    said = [process.communicate()[1].decode() for process in both]
    ended = sorted(process.returncode for process in both)
    assert ended in ([0, 0], [0, 1]) and all("EndOfDayRunning" in text for text in said if text.strip()), said
    check(night, undisturbed)
