"""Limits of those who are known: a partner's keys, a frame, senders of notices; also while Redis is really away."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from app import create_app
from app.kernel import cache, db
from config import settings as configuration
from config.settings import RateLimits, Settings
from launcher.valkey import Valkey, find_binary
from tests.edge.test_limits import environment
from tests.factories.orders import MERCHANT_REF, make_merchant
from tests.factories.partners import Signer, add_key, make_partner
from tests.frame_key import ProvingClient
from tests.sandbox_process import SandboxProcess
from tests.servers import TestServers, fresh_state
from tests.settings import make_settings

MakeClient = Callable[..., FlaskClient]
NOTICES = "/callbacks/wechat/pay"


@pytest.fixture
def own_valkey() -> Iterator[Valkey]:
    """A Valkey that a test may stop."""
    server = Valkey(fresh_state(), find_binary())
    server.start()
    yield server
    server.stop()
    shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture
def limited(
    app: Flask, sessions: sessionmaker[Session], database_url: str, servers: TestServers, sandbox: SandboxProcess
) -> Iterator[MakeClient]:
    def make(redis_url: str = servers.valkey_url, **amounts: str) -> FlaskClient:
        made = create_app(make_settings(database_url, redis_url, sandbox, rate_limits=RateLimits(**amounts)))
        made.testing = True
        made.test_client_class = ProvingClient
        made.config["PROPAGATE_EXCEPTIONS"] = False
        made.extensions["engine"].dispose()
        db.use(sessions)
        return made.test_client()

    cache.redis().flushdb()
    yield make
    configuration.use(app.config["DUKOU"])
    cache.use(servers.valkey_url)
    cache.redis().flushdb()


@pytest.fixture
def partner(session: Session) -> Signer:
    made = make_partner(session)
    make_merchant(session, made.partner_id)
    session.commit()
    return made


def whoami(client: FlaskClient, signer: Signer) -> Any:
    return signer.call(client, "GET", "/partner/v1/whoami")


def test_a_key_has_its_own_amount_and_is_told_how_far_it_is(
    limited: MakeClient, partner: Signer, session: Session
) -> None:
    client, second = limited(partner_key="2/minute"), add_key(session, partner)
    seen = [whoami(client, partner) for _ in range(3)]
    assert [answer.status_code for answer in seen] == [200, 200, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in seen] == ["1", "0", "0"]
    assert seen[2].json["code"] == "rate_limited" and seen[2].json["context"]["counted"] == "key"
    assert 0 < int(seen[2].headers["Retry-After"]) <= 61
    assert whoami(client, second).status_code == 200


def test_many_keys_of_one_partner_share_its_amount(limited: MakeClient, partner: Signer, session: Session) -> None:
    client, second, other = limited(partner="2/minute"), add_key(session, partner), make_partner(session)
    assert [whoami(client, signer).status_code for signer in (partner, second, second)] == [200, 200, 429]
    assert whoami(client, other).status_code == 200


def test_forwarded_addresses_and_spellings_of_the_path_do_not_help(limited: MakeClient, partner: Signer) -> None:
    client = limited(partner="1/minute")
    assert whoami(client, partner).status_code == 200
    for path, header in (("/partner/v1/whoami", "X-Real-IP"), ("/partner/v1/whoami?", "Forwarded")):
        headers = partner.headers("GET", client.application.config["DUKOU"].public_url + path)
        told = {**headers, header: "198.51.100.3", "X-Forwarded-For": "198.51.100.4"}
        answer = client.get(path, headers=told, base_url=client.application.config["DUKOU"].public_url)
        assert answer.status_code in (401, 429)
    assert client.get("/PARTNER/V1//whoami").status_code == 404


def test_who_proves_nothing_is_soon_not_listened_to_and_harms_nobody_else(
    limited: MakeClient, partner: Signer
) -> None:
    client = limited(refused="2/minute", partner_key="100/minute")
    assert [client.get("/partner/v1/whoami").status_code for _ in range(3)] == [401, 401, 429]
    frame = client.get("/embed/v1/context", headers={"Authorization": "DPoP eft_guess"})
    assert frame.status_code == 429, "one amount for every door"
    assert whoami(client, partner).status_code == 429, "nor is what comes from the same address"
    elsewhere = {"REMOTE_ADDR": "192.0.2.9"}
    headers = partner.headers("GET", client.application.config["DUKOU"].public_url + "/partner/v1/whoami")
    base_url = client.application.config["DUKOU"].public_url
    answer = client.get("/partner/v1/whoami", headers=headers, base_url=base_url, environ_base=elsewhere)
    assert answer.status_code == 200 and answer.headers["RateLimit-Limit"] == "100"


def test_good_requests_do_not_count_as_refusals(limited: MakeClient, partner: Signer) -> None:
    client = limited(refused="1/minute")
    assert [whoami(client, partner).status_code for _ in range(3)] == [200, 200, 200]


def redeemed(client: FlaskClient, partner: Signer) -> Any:
    order = {"order_ref": "PO-1", "merchant_ref": MERCHANT_REF, "title": "测试订单", "amount_fen": 1_299_900}
    body = {"customer_ref": "buyer-1", "origins": [partner.origin], "components": {"apply": {}}, "order": order}
    made: Any = partner.call(client, "POST", "/partner/v1/embed-sessions", body).json
    return client.post(
        "/embed/v1/frame-sessions", json={"client_token": made["client_token"], "parent_origin": partner.origin}
    )


def test_each_frame_has_its_own_amount_and_opening_counts_by_address(limited: MakeClient, partner: Signer) -> None:
    client = limited(frame="2/minute", frame_entry="2/minute")
    first, second, third = (redeemed(client, partner) for _ in range(3))
    assert [first.status_code, second.status_code, third.status_code] == [201, 201, 429]

    def context(opened: Any) -> int:
        token = opened.json["frame_token"]
        return client.get("/embed/v1/context", headers={"Authorization": f"DPoP {token}"}).status_code

    assert [context(first) for _ in range(3)] == [200, 200, 429]
    assert context(second) == 200


def notice(client: FlaskClient) -> int:
    return client.post(NOTICES, data=b"{}", content_type="application/json").status_code


def test_notices_are_counted_by_address(limited: MakeClient) -> None:
    client = limited(callbacks="2/minute", refused="1/minute")
    assert [notice(client) for _ in range(3)] == [401, 401, 429], "nor do refusals keep notices of money out"


def test_while_redis_is_away_notices_still_come_in_up_to_a_lower_cap(
    limited: MakeClient, own_valkey: Valkey, partner: Signer
) -> None:
    client = limited(own_valkey.url, callbacks="50/minute", callbacks_without_redis="2/minute", sign_in="1/minute")
    assert notice(client) == 401
    own_valkey.stop()
    assert [notice(client) for _ in range(3)] == [401, 401, 429], "open, and capped"
    codes = [client.post("/customer/v1/sign-in/phone-codes", json={}).status_code for _ in range(2)]
    assert codes == [503, 503], "signing in is shut"
    assert whoami(client, partner).status_code == 200, "nothing else depends on Redis"


def test_every_limit_is_a_setting(tmp_path: Path) -> None:
    changes = {f"DUKOU_LIMIT_{name.upper()}": "7/second" for name in vars(RateLimits())}
    found = Settings.from_env(environment(tmp_path, **changes)).rate_limits
    assert set(vars(found).values()) == {"7/second"}
    usual = Settings.from_env(environment(tmp_path)).rate_limits
    assert all(vars(usual).values()), "none is off in production"
