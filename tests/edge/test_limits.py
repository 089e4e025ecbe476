"""How often one address may ask: shared by an audience, told in headers, kept in Redis and without it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from app import create_app
from app.kernel import cache, db
from config import settings as configuration
from config.settings import RateLimits, Settings, SettingsError
from tests.sandbox_process import SandboxProcess
from tests.servers import TestServers
from tests.settings import make_settings

ASKED = {
    "principal_fen": 100_000,
    "annual_rate": "0.06",
    "method": "bullet",
    "instalments": 1,
    "start_on": "2026-01-15",
}
MakeClient = Callable[..., FlaskClient]


@pytest.fixture
def limited(
    app: Flask, sessions: sessionmaker[Session], database_url: str, servers: TestServers, sandbox: SandboxProcess
) -> Iterator[MakeClient]:
    """A client of an application of its own, with limits."""
    cache.redis().flushdb()

    def make(redis_url: str = servers.valkey_url, **changes: Any) -> FlaskClient:
        settings = make_settings(database_url, redis_url, sandbox, **changes)
        made = create_app(settings)
        made.testing = True
        made.config["PROPAGATE_EXCEPTIONS"] = False
        made.extensions["engine"].dispose()
        db.use(sessions)
        return made.test_client()

    yield make
    configuration.use(app.config["DUKOU"])
    cache.use(servers.valkey_url)
    cache.redis().flushdb()


def ask(client: FlaskClient, address: str = "192.0.2.1", **headers: str) -> Any:
    return client.get("/public/v1/bank", environ_base={"REMOTE_ADDR": address}, headers=headers)


def test_the_fourth_request_of_an_address_is_refused_and_told_when_to_ask_again(limited: MakeClient) -> None:
    client = limited(rate_limits=RateLimits(public="3/minute"))
    left = [ask(client).headers["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = ask(client)
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    told = refused.get_json()
    assert told["code"] == "rate_limited" and told["type"] == "/docs/errors/rate_limited"
    assert told["request_id"] == refused.headers["X-Request-Id"]
    wait_s = int(refused.headers["Retry-After"])
    assert 0 < wait_s <= 61 and told["context"]["retry_after_s"] == wait_s
    assert refused.headers["RateLimit-Limit"] == "3"
    assert refused.headers["RateLimit-Policy"] == "3;w=60"
    assert refused.headers["RateLimit-Remaining"] == "0"
    assert 0 < int(refused.headers["RateLimit-Reset"]) <= 61


def test_an_audience_shares_one_amount_and_other_addresses_have_their_own(limited: MakeClient) -> None:
    client = limited(rate_limits=RateLimits(public="2/minute"))
    ask(client)
    asked = client.post("/public/v1/schedules", json=ASKED, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert asked.status_code == 200
    assert ask(client).status_code == 429
    assert ask(client, "192.0.2.2").status_code == 200


def test_a_network_of_ipv6_is_one_caller(limited: MakeClient) -> None:
    client = limited(rate_limits=RateLimits(public="1/minute"))
    assert ask(client, "2001:db8:0:1::1").status_code == 200
    assert ask(client, "2001:db8:0:1::ffff").status_code == 429
    assert ask(client, "2001:db8:0:2::1").status_code == 200


def test_signing_in_is_limited_and_what_needs_no_limit_is_not(limited: MakeClient) -> None:
    client = limited(rate_limits=RateLimits(sign_in="2/minute"))
    for path in ("/customer/v1/sign-in/phone-codes", "/customer/v1/sign-in/mini-program"):
        assert client.post(path, json={}).status_code == 422
    refused = client.post("/customer/v1/sign-in/phone", json={})
    assert (refused.status_code, refused.get_json()["code"]) == (429, "rate_limited")
    for path in ("/public/v1/bank", "/healthz", "/console/sign-in"):
        answer = client.get(path)
        assert answer.status_code == 200 and "RateLimit-Limit" not in answer.headers
    assert client.get("/customer/v1/loans").status_code == 401


def test_staff_who_try_too_often_see_a_page(limited: MakeClient) -> None:
    client = limited(rate_limits=RateLimits(sign_in="1/minute"))
    client.post("/console/sign-in", data={"email": "nobody@bank.example"})
    refused = client.post("/console/sign-in", data={"email": "nobody@bank.example"})
    assert (refused.status_code, refused.mimetype) == (429, "text/html")
    assert 0 < int(refused.headers["Retry-After"]) <= 61


def test_a_forwarded_address_is_believed_only_from_our_own_proxies(limited: MakeClient) -> None:
    alone = limited(rate_limits=RateLimits(public="1/minute"))
    assert ask(alone, **{"X-Forwarded-For": "198.51.100.7"}).status_code == 200
    assert ask(alone, **{"X-Forwarded-For": "198.51.100.8"}).status_code == 429

    behind = limited(rate_limits=RateLimits(public="1/minute"), trusted_hops=1)
    forged = "203.0.113.5, "  # what a caller wrote stands before what the proxy added
    assert ask(behind, **{"X-Forwarded-For": f"{forged}198.51.100.9"}).status_code == 200
    assert ask(behind, **{"X-Forwarded-For": "203.0.113.6, 198.51.100.9"}).status_code == 429
    assert ask(behind, **{"X-Forwarded-For": f"{forged}198.51.100.10"}).status_code == 200


def test_without_redis_each_process_counts_by_itself(limited: MakeClient) -> None:
    client = limited(redis_url="redis://127.0.0.1:1/0", rate_limits=RateLimits(public="2/minute"))
    assert [ask(client).status_code for _ in range(3)] == [200, 200, 429]


def test_tests_are_not_limited(client: FlaskClient) -> None:
    answers = [ask(client) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit-Limit" not in answers[0].headers


def environment(tmp_path: Any, **changes: str) -> dict[str, str]:
    key = base64.b64encode(b"k" * 32).decode()
    names = ("index_key", "token_key", "cursor_key", "webhook_key")
    secrets = {"data_keys": {"k1": key}, "active_data_key": "k1", **dict.fromkeys(names, key)}
    (tmp_path / "secrets.json").write_text(json.dumps(secrets))
    (tmp_path / "channels.json").write_text("{}")
    return {
        "DUKOU_ENV": "production",
        "DATABASE_URL": "postgresql://127.0.0.1/x",
        "REDIS_URL": "redis://127.0.0.1/0",
        "DUKOU_PUBLIC_URL": "https://bank.example",
        "DUKOU_EMBED_URL": "https://embed.bank.example",
        "DUKOU_SECRETS_FILE": str(tmp_path / "secrets.json"),
        "DUKOU_CHANNELS_FILE": str(tmp_path / "channels.json"),
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("120/minute", "60/minute;600/hour")),
        ({"DUKOU_ENV": "test"}, ("", "")),
        ({"DUKOU_LIMIT_PUBLIC": "off"}, ("", "60/minute;600/hour")),
        ({"DUKOU_ENV": "test", "DUKOU_LIMIT_SIGN_IN": "5/second"}, ("", "5/second")),
    ],
    ids=str,
)
def test_limits_are_settings(tmp_path: Any, changes: dict[str, str], expected: tuple[str, str]) -> None:
    found = Settings.from_env(environment(tmp_path, **changes)).rate_limits
    assert (found.public, found.sign_in) == expected


@pytest.mark.parametrize("text", ["many", "0/minute", "10", "10/fortnight", "10/minute;"])
def test_a_limit_that_cannot_be_read_stops_the_start(tmp_path: Any, text: str) -> None:
    with pytest.raises(SettingsError, match="DUKOU_LIMIT_PUBLIC"):
        Settings.from_env(environment(tmp_path, DUKOU_LIMIT_PUBLIC=text))
