"""A Redis that is full: what needs it says so, sign-in is shut, everything else goes on; and it heals by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from app import create_app
from app.kernel import cache, db, health
from app.kernel.web.limits import LEFT_ALONE_S
from config import settings as configuration
from config.settings import RateLimits
from launcher.valkey import Valkey
from tests.edge.test_limits import ASKED
from tests.factories import credit
from tests.sandbox_process import SandboxProcess
from tests.servers import TestServers
from tests.settings import make_settings


@pytest.fixture
def small(servers: TestServers) -> Iterator[redis.Redis]:
    """A Valkey of the test's own with hardly any room."""
    server = Valkey(servers.state / "small", servers.valkey.binary)
    server.start()
    client = redis.Redis.from_url(server.url)
    yield client
    client.close()
    server.stop()


def fill(client: redis.Redis) -> None:
    """Far beyond its room, so that no buffer which is given back makes any."""
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    for number in range(600):
        client.set(f"ballast:{number}", b"x" * 5_000)
    client.config_set("maxmemory", int(client.info("memory")["used_memory"]) - 1_000_000)
    with pytest.raises(redis.exceptions.OutOfMemoryError):
        client.set("ballast:last", b"x")


@pytest.fixture
def full(
    app: Flask,
    sessions: sessionmaker[Session],
    database_url: str,
    servers: TestServers,
    sandbox: SandboxProcess,
    small: redis.Redis,
) -> Iterator[FlaskClient]:
    """A client of an application with limits whose Redis is full."""
    path = small.connection_pool.connection_kwargs["path"]
    limits = RateLimits(public="50/minute", sign_in="5/minute", callbacks="50/minute")
    made = create_app(make_settings(database_url, f"unix://{path}", sandbox, rate_limits=limits))
    made.config["PROPAGATE_EXCEPTIONS"] = False
    made.extensions["engine"].dispose()
    db.use(sessions)
    fill(small)
    yield made.test_client()
    configuration.use(app.config["DUKOU"])
    cache.use(servers.valkey_url)


def redis_check() -> health.Check:
    return next(check for check in health.checks() if check.name == "redis")


def test_sign_in_is_refused_in_words_and_readiness_says_why(full: FlaskClient) -> None:
    refused = full.post("/customer/v1/sign-in/phone-codes", json={"phone": "19900000001"})
    assert (refused.status_code, refused.json["code"]) == (503, "rate_limit.not_counted")
    assert int(refused.headers["Retry-After"]) > 0
    assert full.post("/console/sign-in", data={"email": "nobody@bank.example"}).status_code == 503
    assert redis_check() == health.Check("redis", False, "is full and takes nothing in")
    ready = full.get("/readyz")
    assert ready.status_code == 503 and full.get("/healthz").status_code == 200


def test_who_is_signed_in_and_whoever_sends_money_goes_on(full: FlaskClient, session: Session) -> None:
    applicant = credit.make_applicant(session)
    made = credit.approved_application(session, applicant)
    path = f"/customer/v1/applications/{made.application_id}"
    assert full.get(path, headers=applicant.headers).status_code == 200
    choice = {"term_months": 12, "method": "equal_instalment"}
    assert full.post(f"{path}/cost-sheets", json=choice, headers=applicant.writing()).status_code == 201
    assert full.post("/public/v1/schedules", json=ASKED).status_code == 200
    notice = full.post("/callbacks/wechat/pay", data=b"{}", content_type="application/json")
    assert notice.status_code == 401  # looked at and found unsigned, as ever


def test_it_heals_by_itself(full: FlaskClient, small: redis.Redis) -> None:
    post: Callable[[], Any] = lambda: full.post("/customer/v1/sign-in/phone-codes", json={})  # noqa: E731
    assert post().status_code == 503
    small.flushall()
    deadline = time.monotonic() + LEFT_ALONE_S + 30
    while post().status_code == 503:
        assert time.monotonic() < deadline
        time.sleep(0.5)
    assert post().status_code in (422, 429)
    assert redis_check().ok
