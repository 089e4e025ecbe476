"""A whole system under attack, with one customer who has a loan and one who has nothing to do with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.drills.conftest import seed
from tests.servers import TestServers
from tests.stack import Stack
from tests.story import Story

__all__ = ["seed"]


@pytest.fixture(scope="package")
def stack(
    tmp_path_factory: pytest.TempPathFactory, servers: TestServers, new_database: Callable[[], tuple[str, str]]
) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("attacks"), servers, new_database()) as running:
        running.sandbox.post("/sandbox/api/transfers/settings", {"delay_seconds": 0.5})
        yield running


@pytest.fixture(scope="package")
def borrower(stack: Stack) -> Story:
    """A customer with an active loan."""
    story = Story(stack)
    story.until_active()
    return story


@pytest.fixture(scope="package")
def stranger(stack: Stack) -> Story:
    """Another customer, as signed in as the first."""
    story = Story(stack, persona_code="thin_file")
    story.sign_in_by_mini_program()
    return story
