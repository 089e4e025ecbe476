"""kill -9 while loans are repriced: taken up again each is repriced once, all as an undisturbed night leaves it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.drills.conftest import LONG
from tests.loans.test_end_of_day_kills import LEFT, Night

pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(not LONG, reason="three nights of processes; the end of day is killed in the short form, too"),
]
FLOAT = (
    "UPDATE loans SET reprices_on = DATE '2026-10-21', repricing ="
    """ '{"benchmark": "lpr_1y", "spread_bps": 250, "on": "anniversary"}' WHERE status IN ('active', 'overdue')"""
)
PUBLISH = (
    "INSERT INTO regulated_parameters (id, name, value, effective_from, source)"
    " VALUES (gen_random_uuid(), 'lpr_1y', 0.0285, DATE '2026-10-20', 'a test')"
)
CHANGES = "SELECT loan_id, effective_on, terms::text, journal_keys::text FROM loan_changes ORDER BY 1, 2"


def night(new_database: Callable[[], tuple[str, str]], points: Path) -> Night:
    """A book of which every open loan is repriced within the days that are closed."""
    made = Night(new_database(), points)
    with psycopg.connect(made.owner_url, autocommit=True) as owner:
        owner.execute(PUBLISH)
        owner.execute(FLOAT)
    return made


def repriced(made: Night) -> list[tuple[object, ...]]:
    with psycopg.connect(made.owner_url) as owner:
        return owner.execute(CHANGES).fetchall()


def test_killed_between_two_chunks(new_database: Callable[[], tuple[str, str]], tmp_path: Path) -> None:
    undisturbed, killed = (night(new_database, tmp_path / name) for name in ("a", "b"))
    assert undisturbed.run() == 0
    expected = repriced(undisturbed)
    assert len(expected) > 200  # more than one chunk
    for point, done in (("repricing.chunk", False), ("repricing.committed", True)):
        (killed.points / point).touch()
        assert killed.run() == 137
        assert (0 < len(repriced(killed)) < len(expected)) == done
    assert killed.run() == 0
    assert repriced(killed) == expected and len({row[0] for row in expected}) == len(expected)
    found, wanted = killed.left(), undisturbed.left()
    assert {name: found[name] == wanted[name] for name in LEFT} == dict.fromkeys(LEFT, True)
