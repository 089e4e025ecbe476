"""Customers whom the sandbox's WeChat and SMS vendor know; nobody sleeps unless a test says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from app.customers.models import Customer
from app.kernel import cache
from tests.factories import messages
from tests.sandbox_process import SandboxProcess

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # in China


@pytest.fixture
def wechat(sandbox: SandboxProcess, channels: None) -> Iterator[SandboxProcess]:
    """The sandbox, whose pushes go nowhere: a test hands them over itself."""
    cache.redis().flushdb()
    sandbox.post("/sandbox/api/wechat/push-settings", {"pushes": "lost"})
    yield sandbox
    sandbox.reset()
    cache.redis().flushdb()


@pytest.fixture
def reader(session: Session, wechat: SandboxProcess) -> Customer:
    appid = wechat.world["wechat"]["mini"]["appid"]
    return messages.make_reader(session, wechat.persona("good"), appid)
