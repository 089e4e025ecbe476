"""No published case falls silently out of the tests: what they run is counted against what was published."""

from collections import Counter
from pathlib import Path

import pytest

from . import test_acceptance_schedules, test_closed_forms
from .published import cases, vectors

# Fees of courts are no loan arithmetic.
ELSEWHERE = {"litigation", "preservation", "execution"}
HERE = Path(__file__)


def run_by(test: object) -> list[dict[str, str]]:
    [mark] = [mark for mark in test.pytestmark if mark.name == "parametrize"]  # type: ignore[attr-defined]
    return list(mark.args[1])


def test_schedules_and_closed_forms() -> None:
    schedules = run_by(test_acceptance_schedules.test_published_schedule_is_reproduced_to_the_fen)
    closed_forms = run_by(test_closed_forms.test_published_value)
    if None in schedules:
        pytest.skip("published cases are not beside this clone")
    assert schedules == cases("lending_schedules.json") and closed_forms == cases("closed_form.json")
    assert Counter(case["convention"] for case in schedules) == {"plain": 35, "smoothed": 2}
    assert len(closed_forms) == len({case["id"] for case in closed_forms}) == 19


def test_every_vector_of_loan_arithmetic_is_named_by_a_test() -> None:
    written = "".join(file.read_text(encoding="utf-8") for file in HERE.parent.glob("test_*.py") if file != HERE)
    names = vectors()
    assert len(names) == 17 and set(names) >= ELSEWHERE
    assert [name for name in set(names) - ELSEWHERE if f'"{name}"' not in written] == []
