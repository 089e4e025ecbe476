"""What tests of adapters share: a scripted vendor, the sandbox's sections, and a WeChat Pay of our own making."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.adapters import Channels
from app.adapters.build import build
from app.kernel import cache
from launcher.channels import channels_of
from tests.adapters.pay_platform import PayPlatform
from tests.adapters.vendor import Vendor
from tests.sandbox_process import SandboxProcess
from tests.servers import TestServers
from tests.settings import make_settings


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    started = Vendor()
    yield started
    started.stop()


@pytest.fixture
def empty_cache() -> Iterator[None]:
    """Redis without tokens of other tests."""
    cache.redis().flushdb()
    yield
    cache.redis().flushdb()


@pytest.fixture(scope="session")
def sections(sandbox: SandboxProcess) -> dict[str, Any]:
    """The channels file for the running sandbox."""
    return channels_of(sandbox.world, sandbox.base_url)


@pytest.fixture
def doors(sandbox: SandboxProcess, servers: TestServers, database_url: str, empty_cache: None) -> Channels:
    """The production adapters on the running sandbox."""
    return build(make_settings(database_url, servers.valkey_url, sandbox))


@pytest.fixture(scope="session")
def platform() -> PayPlatform:
    """The vendor's half of WeChat Pay, held by the test itself: it can sign what the sandbox never would."""
    return PayPlatform()
