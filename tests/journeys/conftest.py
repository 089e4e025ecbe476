"""One whole system for all journeys; each journey plays its own customers in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.servers import TestServers
from tests.stack import Stack


@pytest.fixture(scope="package")
def stack(
    tmp_path_factory: pytest.TempPathFactory, servers: TestServers, new_database: Callable[[], tuple[str, str]]
) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("stack"), servers, new_database()) as running:
        yield running
