"""A whole system of the drill's own, and what an undisturbed run of the story leaves behind in it."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator

import pytest

from tests.drills.patient import Keeper, PatientStory
from tests.servers import TestServers
from tests.stack import Stack

LONG = os.environ.get("DUKOU_DRILL") == "long"


@pytest.fixture(scope="session")
def seed() -> int:
    """Printed with every failure; DUKOU_DRILL_SEED repeats a run."""
    chosen = int(os.environ.get("DUKOU_DRILL_SEED") or random.SystemRandom().randrange(10**6))
    print(f"drill: DUKOU_DRILL_SEED={chosen}")
    return chosen


@pytest.fixture(scope="session")
def keeper(
    tmp_path_factory: pytest.TempPathFactory, servers: TestServers, new_database: Callable[[], tuple[str, str]]
) -> Iterator[Keeper]:
    """A running system in which whatever dies is started again; notices of WeChat Pay are repeated soon."""
    folder = tmp_path_factory.mktemp("drill")
    stack = Stack(folder, servers, new_database())
    stack.extra["DUKOU_CRASH_POINTS"] = str(folder / "points")
    with stack, Keeper(stack, folder / "points") as keeping:
        stack.sandbox.post("/sandbox/api/pay/settings", {"time_scale": 20.0})
        stack.sandbox.post("/sandbox/api/transfers/settings", {"delay_seconds": 1.0})
        yield keeping


@pytest.fixture(scope="session")
def customer(keeper: Keeper) -> PatientStory:
    """Signed in and bound, with all consents."""
    story = PatientStory(keeper.stack, keeper=keeper)
    story.sign_in_by_mini_program()
    story.bind()
    story.consent()
    return story
