"""One world for all sandbox tests, a clock they own, and an application on a fresh store for each test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sandbox import world as world_file
from sandbox.app import create_app
from sandbox.context import World


class Clock:
    """An instant that moves only when a test says so."""

    def __init__(self) -> None:
        self.instant = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.instant

    def advance(self, seconds: float) -> None:
        self.instant += timedelta(seconds=seconds)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """world.json, made once: its RSA keys take a second."""
    path = tmp_path_factory.mktemp("world") / "world.json"
    return world_file.create(path, base_url="http://sandbox.test", bank_url="http://127.0.0.1:8329")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox_app(keys: dict[str, Any], tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    app = create_app(keys, tmp_path, clock=clock)
    yield app
    app.extensions["sandbox"].store.close()


@pytest.fixture
def world(sandbox_app: Flask) -> World:
    world: World = sandbox_app.extensions["sandbox"]
    return world


@pytest.fixture
def client(sandbox_app: Flask) -> FlaskClient:
    return sandbox_app.test_client()
