"""The log of requests: what the partner's servers asked, found again, theirs alone, without anything personal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import cache, call_log, clock
from app.partners.models import PartnerKey
from tests.factories.partners import Signer
from tests.factories.portal import Developer, make_developer
from tests.portal.test_portal import HMAC, secret_of


@pytest.fixture
def developer(app: Flask, session: Session) -> Developer:
    return make_developer(app)


@pytest.fixture
def server(developer: Developer, session: Session) -> Signer:
    made = developer.post("/keys", "/keys", **HMAC)
    key = session.scalars(select(PartnerKey)).one()
    return Signer(key.partner_id, key.key_id, secret_of(made.text).encode())


def test_requests_are_found_by_what_they_were(developer: Developer, server: Signer, client: FlaskClient) -> None:
    good = server.call(client, "GET", "/partner/v1/whoami")
    bad = server.call(client, "GET", "/partner/v1/orders/13800138000")
    good_id, bad_id = good.headers["X-Request-Id"], bad.headers["X-Request-Id"]
    everything = developer.get("/calls").text
    assert good_id in everything and bad_id in everything and server.key_id in everything
    assert everything.count("13800138000") == 0
    assert "/partner/v1/orders/{order_ref}" in everything
    for search, hits in {
        "method=POST": set(),
        "status=2xx": {good_id},
        "status=404": {bad_id},
        "route=/orders": {bad_id},
        f"code={bad.json['code']}": {bad_id},  # type: ignore[index]
        f"request_id={good_id}": {good_id},
    }.items():
        text = developer.get(f"/calls?{search}").text
        assert {one for one in (good_id, bad_id) if f"<code>{one}</code>" in text} == hits, search
    assert "<td>1</td><td>1</td>" in everything, "one went well today, one was refused"


def test_a_request_that_only_claims_the_key_is_shown_but_not_counted(
    developer: Developer, server: Signer, client: FlaskClient
) -> None:
    forged = Signer(server.partner_id, server.key_id, b"another secret").call(client, "GET", "/partner/v1/whoami")
    assert forged.status_code == 401
    page = developer.get("/calls").text
    assert forged.headers["X-Request-Id"] in page and "partner.signature_invalid" in page
    assert "<td>0</td><td>1</td>" not in page
    unknown = Signer(server.partner_id, "key_test_nobody", b"x").call(client, "GET", "/partner/v1/whoami")
    assert unknown.status_code == 401
    assert not cache.redis().exists("calls:key:key_test_nobody"), "strangers make no logs"


def test_nobody_sees_the_requests_of_another_partner(
    app: Flask, developer: Developer, server: Signer, client: FlaskClient
) -> None:
    asked = server.call(client, "GET", "/partner/v1/whoami").headers["X-Request-Id"]
    assert asked in developer.get("/calls").text
    assert asked not in make_developer(app).get("/calls").text


def test_it_forgets_and_holds_only_so_many(server: Signer, client: FlaskClient) -> None:
    owner = str(server.partner_id)
    server.call(client, "GET", "/partner/v1/whoami")
    assert 0 < int(cache.redis().ttl(f"calls:{owner}")) <= call_log.KEPT.total_seconds()  # type: ignore[arg-type]
    assert len(call_log.calls([owner], call_log.Wanted(), most=10)) == 1
    with clock.at(clock.now() + timedelta(days=7, minutes=1)):
        assert call_log.calls([owner], call_log.Wanted(), most=10) == []


def test_requests_are_answered_while_redis_is_away(
    app: Flask, server: Signer, client: FlaskClient, developer: Developer
) -> None:
    cache.use("redis://127.0.0.1:1/0")
    try:
        assert server.call(client, "GET", "/partner/v1/whoami").status_code == 200
        assert developer.get("/calls").status_code == 200
    finally:
        cache.use(app.config["DUKOU"].redis_url)
        call_log.ask_again()


def test_errors_are_counted_by_code(developer: Developer, server: Signer, client: FlaskClient) -> None:
    assert "No request was refused" in developer.get("/calls?lang=en").text
    for path in ("/orders/a-1", "/orders/a-2", "/loans/not-one-of-ours"):
        server.call(client, "GET", f"/partner/v1{path}")
    code = server.call(client, "GET", "/partner/v1/orders/a-3").json["code"]  # type: ignore[index]
    assert f'aria-label="{code}: 3"' in developer.get("/calls").text
    assert f'aria-label="{code}: 3"' in developer.get(f"/calls?code={code}").text
    assert f'aria-label="{code}' not in developer.get("/calls?status=2xx").text
