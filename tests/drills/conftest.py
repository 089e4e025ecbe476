"""A whole system of the drill's own, and what an undisturbed run of the story leaves behind in it."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator

import pytest

from tests.drills.patient import Keeper, PatientStory, like_the_good_one
from tests.servers import TestServers
from tests.stack import Stack

LONG = os.environ.get("DUKOU_DRILL") == "long"


@pytest.fixture(scope="package")
def seed() -> int:
    """Printed with every failure; DUKOU_DRILL_SEED repeats a run."""
    chosen = int(os.environ.get("DUKOU_DRILL_SEED") or random.SystemRandom().randrange(10**6))
    print(f"drill: DUKOU_DRILL_SEED={chosen}")
    return chosen


@pytest.fixture(scope="package")
def keeper(
    tmp_path_factory: pytest.TempPathFactory, servers: TestServers, new_database: Callable[[], tuple[str, str]]
) -> Iterator[Keeper]:
    """A running system in which whatever dies is started again; notices of WeChat Pay are repeated soon."""
    folder = tmp_path_factory.mktemp("drill")
    stack = Stack(folder, servers, new_database())
    stack.extra["DUKOU_CRASH_POINTS"] = str(folder / "points")
    stack.patience_s = 900  # a kill costs seconds, and the long form has dozens
    with stack, Keeper(stack, folder / "points") as keeping:
        stack.sandbox.post("/sandbox/api/pay/settings", {"time_scale": 20.0})
        stack.sandbox.post("/sandbox/api/transfers/settings", {"delay_seconds": 1.0})
        yield keeping


# Customers of the drill; each takes one loan, and all of them get the same reports.
PERSONAS = ("good", "thin_file", "overdue_elsewhere", "court_listed", "young_business", "tax_grade_d", "many_queries")
PERSONAS += ("low_invoices", "bureau_down", "tax_down", "high_debt")


@pytest.fixture(scope="package")
def new_customer(keeper: Keeper) -> Callable[[], PatientStory]:
    """Somebody who has signed in, bound person and business, and given all consents."""
    codes = iter(PERSONAS)

    def customer() -> PatientStory:
        code = next(codes)
        like_the_good_one(keeper.stack, code)
        story = PatientStory(keeper.stack, code, keeper=keeper)
        story.sign_in_by_mini_program()
        story.bind()
        story.consent()
        return story

    return customer
