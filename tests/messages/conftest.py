"""Customers whom the sandbox's WeChat and SMS vendor know; nobody sleeps unless a test says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import adapters
from app.adapters.build import build
from app.customers.models import Customer
from app.kernel import cache
from tests.factories import messages
from tests.sandbox_process import SandboxProcess

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # in China


@pytest.fixture
def wechat(sandbox: SandboxProcess, app: Flask) -> Iterator[SandboxProcess]:
    """The sandbox, whose pushes go nowhere: a test hands them over itself. The doors are new: no breaker is open."""
    cache.redis().flushdb()
    usual = adapters.channels()
    adapters.use(build(app.config["DUKOU"]))
    sandbox.reset()  # other tests send messages to the same persona
    sandbox.post("/sandbox/api/wechat/push-settings", {"pushes": "lost"})
    yield sandbox
    sandbox.reset()
    adapters.use(usual)
    cache.redis().flushdb()


@pytest.fixture
def reader(session: Session, wechat: SandboxProcess) -> Customer:
    appid = wechat.world["wechat"]["mini"]["appid"]
    return messages.make_reader(session, wechat.persona("good"), appid)
