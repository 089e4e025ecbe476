"""One running system whose clock may be moved; nobody else uses it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers import TestServers
from tests.stack import Stack

sys.path.insert(0, str(Path(__file__).parents[2] / "sdk" / "python"))  # as `pip install` would
from dukou_partner import Client, Ed25519Signer


@pytest.fixture(scope="session")
def moving(
    tmp_path_factory: pytest.TempPathFactory, servers: TestServers, new_database: Callable[[], tuple[str, str]]
) -> Iterator[Stack]:
    """A stack with the test clock switched on; tests must not rely on the day."""
    stack = Stack(tmp_path_factory.mktemp("moving"), servers, new_database())
    stack.extra["DUKOU_TEST_CLOCK"] = "on"
    with stack:
        yield stack


@pytest.fixture
def shop(moving: Stack) -> Iterator[Client]:
    """The demo partner's own server."""
    partner = moving.sandbox.world["partner"]
    with Client(moving.web_url, Ed25519Signer(partner["key_id"], partner["private_key_pem"].encode())) as client:
        yield client
