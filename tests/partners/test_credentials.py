"""Shared secrets, restricted keys, addresses, modes, versions and tokens: what each opens and what it does not."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit import AuditEntry
from app.partners import queries, usecases
from app.partners.domain import algorithms, keys
from app.partners.domain.agreements import SCOPES
from app.partners.models import PartnerKey, PartnerToken
from tests.factories.partners import Signer, add_key, make_partner

KEYS, TOKEN, WHOAMI = "/partner/v1/keys", "/partner/v1/oauth/token", "/partner/v1/whoami"


@pytest.fixture
def partner(session: Session) -> Signer:
    return make_partner(session)


def created(client: FlaskClient, partner: Signer, algorithm: str = "hmac-sha256", **body: Any) -> Any:
    told = {"algorithm": algorithm, "scopes": ["orders:read", "keys:write"], **body}
    return partner.call(client, "POST", KEYS, told)


def hmac_signer(client: FlaskClient, partner: Signer, **body: Any) -> Signer:
    made = created(client, partner, **body)
    assert made.status_code == 201, made.json
    return Signer(partner.partner_id, made.json["key"]["key_id"], made.json["secret"].encode(), partner.origin)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json.get("code", "") if answer.status_code >= 400 else ""


def test_a_shared_secret_signs_and_is_shown_once(client: FlaskClient, partner: Signer, session: Session) -> None:
    made = created(client, partner)
    secret, key_id = made.json["secret"], made.json["key"]["key_id"]
    assert secret.startswith("sk_test_") and key_id.startswith("key_test_")
    small = Signer(partner.partner_id, key_id, secret.encode())
    assert small.call(client, "GET", WHOAMI).json["scopes"] == ["keys:write", "orders:read"]
    assert secret not in partner.call(client, "GET", KEYS).text
    stored = session.execute(text("SELECT secret FROM partner_keys WHERE key_id = :id"), {"id": key_id}).scalar_one()
    assert secret not in stored, "sealed"
    forged = Signer(partner.partner_id, key_id, b"sk_test_" + b"x" * 43)
    assert code(forged.call(client, "GET", WHOAMI)) == (401, "partner.signature_invalid")


def test_an_algorithm_is_the_keys_and_never_the_requests(client: FlaskClient, partner: Signer) -> None:
    """Signing by HMAC with somebody's public key as the secret is the oldest of these tricks."""
    listed = partner.call(client, "GET", KEYS).json["items"][0]
    assert listed["algorithm"] == "ed25519"
    confused = Signer(partner.partner_id, partner.key_id, b"whatever")
    assert code(confused.call(client, "GET", WHOAMI)) == (401, "partner.signature_invalid")


def test_a_restricted_key_can_less_and_gives_no_more(client: FlaskClient, partner: Signer) -> None:
    small = hmac_signer(client, partner)
    assert small.call(client, "GET", "/partner/v1/orders").status_code == 200
    assert code(small.call(client, "GET", "/partner/v1/events")) == (403, "partner.scope_missing")
    assert code(created(client, small, scopes=["orders:write"])) == (403, "partner.scope_not_yours")
    assert created(client, small, scopes=["orders:read"]).status_code == 201
    assert code(created(client, partner, scopes=["everything"])) == (422, "request.invalid")


def test_a_key_without_the_right_manages_no_keys(client: FlaskClient, partner: Signer, session: Session) -> None:
    reader = add_key(session, partner, scopes=SCOPES - {"keys:write"})
    for answer in (created(client, reader), reader.call(client, "GET", KEYS)):
        assert code(answer) == (403, "partner.scope_missing")


def test_a_key_is_taken_back_by_its_partner_only(client: FlaskClient, partner: Signer, session: Session) -> None:
    small, other = hmac_signer(client, partner), make_partner(session)
    assert code(other.call(client, "POST", f"{KEYS}/{small.key_id}/revocation")) == (404, "partner.key_unknown")
    assert small.call(client, "GET", WHOAMI).status_code == 200
    revoked = partner.call(client, "POST", f"{KEYS}/{small.key_id}/revocation")
    assert revoked.json["revoked_at"] is not None
    assert code(small.call(client, "GET", WHOAMI)) == (401, "partner.signature_key_expired")
    acts = session.scalars(select(AuditEntry).where(AuditEntry.actor_kind == "partner")).all()
    assert [(act.action, act.actor_id) for act in acts] == [
        ("partner.add_key", partner.key_id),
        ("partner.revoke_key", partner.key_id),
    ]


def test_a_key_works_from_its_addresses_only(client: FlaskClient, partner: Signer) -> None:
    small = hmac_signer(client, partner, networks=["203.0.113.0/28", "2001:db8:7::/48"])
    asked = {
        "203.0.113.5": 200,
        "::ffff:203.0.113.5": 200,
        "2001:db8:7:1::9": 200,
        "203.0.113.16": 403,
        "2001:db8:8::1": 403,
        "127.0.0.1": 403,
    }
    assert {address: small.call(client, "GET", WHOAMI, address=address).status_code for address in asked} == asked
    refused = small.call(client, "GET", WHOAMI, address="198.51.100.1")
    assert code(refused) == (403, "partner.address_not_allowed")


NO_NETWORKS = ["0.0.0.0/0", "::/0", "203.0.113.5/24", "shop.example", "203.0.113", "fe80::1%eth0/300"]


@pytest.mark.parametrize("network", NO_NETWORKS)
def test_what_is_no_network_or_too_wide(client: FlaskClient, partner: Signer, network: str) -> None:
    assert code(created(client, partner, networks=[network])) == (422, "partner.network_malformed")


def test_live_and_test_know_nothing_of_each_other(client: FlaskClient, partner: Signer, session: Session) -> None:
    live = add_key(session, partner, mode="live", key_id=keys.new_key_id("live"))
    assert code(live.call(client, "GET", WHOAMI)) == (401, "partner.key_other_mode")
    listed = {key["key_id"]: key["mode"] for key in partner.call(client, "GET", KEYS).json["items"]}
    assert listed == {partner.key_id: "test", live.key_id: "live"}
    public = usecases.add_publishable_key(session, partner_id=partner.partner_id, environment="live")
    assert queries.origins_of_publishable_key(session, public) == ()
    assert queries.origins_of_publishable_key(session, public, "live") == (partner.origin,)
    assert partner.call(client, "GET", WHOAMI).json["mode"] == "test"


def test_a_key_is_pinned_to_a_version_that_a_request_may_change(
    client: FlaskClient, partner: Signer, session: Session
) -> None:
    old = add_key(session, partner, version="2026-11-01")
    assert old.call(client, "GET", WHOAMI).headers["Dukou-Version"] == "2026-11-01"
    assert partner.call(client, "GET", WHOAMI).headers["Dukou-Version"] == "2026-11-23"
    changed = old.call(client, "GET", WHOAMI, version="2026-11-23")
    assert changed.json["version"] == changed.headers["Dukou-Version"] == "2026-11-23"
    assert code(old.call(client, "GET", WHOAMI, version="2025-01-01")) == (400, "partner.version_unknown")


def test_an_unsigned_version_is_refused(client: FlaskClient, partner: Signer) -> None:
    base_url = client.application.config["DUKOU"].public_url
    headers = {**partner.headers("GET", base_url + WHOAMI), "Dukou-Version": "2026-11-01"}
    answer = client.get(WHOAMI, headers=headers, base_url=base_url)
    assert code(answer) == (401, "partner.signature_malformed")


@pytest.fixture
def secret_client(client: FlaskClient, partner: Signer) -> dict[str, str]:
    made = created(client, partner, "client_secret", scopes=["orders:read", "events:read"])
    return {"client_id": made.json["key"]["key_id"], "client_secret": made.json["secret"]}


def exchange(client: FlaskClient, given: dict[str, str], **more: Any) -> Any:
    return client.post(TOKEN, data={"grant_type": "client_credentials", **given}, **more)


def bearer(client: FlaskClient, token: str, path: str = WHOAMI, **more: Any) -> Any:
    return client.get(path, headers={"Authorization": f"Bearer {token}"}, **more)


def test_a_secret_is_exchanged_for_a_token(
    client: FlaskClient, partner: Signer, secret_client: dict[str, str], session: Session
) -> None:
    made = exchange(client, secret_client)
    assert made.status_code == 200 and made.headers["Cache-Control"] == "no-store"
    assert (made.json["token_type"], made.json["expires_in"]) == ("Bearer", 900)
    token = made.json["access_token"]
    found = bearer(client, token)
    assert found.json["key_id"] == secret_client["client_id"] and found.json["scopes"] == ["events:read", "orders:read"]
    assert code(bearer(client, token, KEYS)) == (403, "partner.scope_missing")
    rows = session.execute(text("SELECT * FROM partner_tokens")).all() + session.execute(
        text("SELECT * FROM partner_keys")
    ).all()
    assert token not in str(rows) and secret_client["client_secret"] not in str(rows), "only hashes are kept"


def test_a_token_can_be_narrower_never_wider(client: FlaskClient, secret_client: dict[str, str]) -> None:
    narrow = exchange(client, {**secret_client, "scope": "orders:read"})
    assert narrow.json["scope"] == "orders:read"
    assert code(bearer(client, narrow.json["access_token"], "/partner/v1/events")) == (403, "partner.scope_missing")
    wider = exchange(client, {**secret_client, "scope": "orders:read keys:write"})
    assert code(wider) == (400, "partner.token_scope_refused") and wider.json["error"] == "invalid_scope"


def test_http_basic_will_do_but_not_both(client: FlaskClient, secret_client: dict[str, str]) -> None:
    pair = base64.b64encode(":".join(secret_client.values()).encode()).decode()
    basic = {"headers": {"Authorization": f"Basic {pair}"}}
    assert exchange(client, {}, **basic).status_code == 200
    assert code(exchange(client, secret_client, **basic)) == (400, "partner.grant_refused")


def test_refused_clients(client: FlaskClient, partner: Signer, secret_client: dict[str, str]) -> None:
    small = hmac_signer(client, partner)
    assert isinstance(small.private_key, bytes)
    wrong = [
        {**secret_client, "client_secret": "sk_test_x"},
        {**secret_client, "client_id": "key_test_x"},
        {"client_id": small.key_id, "client_secret": small.private_key.decode()},
        {"client_id": partner.key_id, "client_secret": ""},
        {},
    ]
    for given in wrong:
        refused = exchange(client, given)
        assert code(refused) in ((401, "partner.client_refused"), (422, "request.invalid")), given
        if refused.status_code == 401:
            assert refused.json["error"] == "invalid_client"
    unknown = client.post(TOKEN, data={**secret_client, "grant_type": "password"})
    assert code(unknown) == (400, "partner.grant_refused") and unknown.json["error"] == "unsupported_grant_type"
    assert client.post(TOKEN, json={**secret_client, "grant_type": "client_credentials"}).status_code >= 400


def test_a_client_secret_signs_nothing(client: FlaskClient, partner: Signer, secret_client: dict[str, str]) -> None:
    signer = Signer(partner.partner_id, secret_client["client_id"], secret_client["client_secret"].encode())
    answer = signer.call(client, "GET", WHOAMI)
    assert code(answer) == (401, "partner.signature_invalid")


def test_a_token_ends_with_time_with_its_key_and_with_its_partner(
    client: FlaskClient, partner: Signer, secret_client: dict[str, str], session: Session
) -> None:
    token = exchange(client, secret_client).json["access_token"]
    with clock.at(datetime.now(UTC)) as later:
        later(timedelta(minutes=14))
        assert bearer(client, token).status_code == 200
        later(timedelta(minutes=2))
        assert code(bearer(client, token)) == (401, "partner.token_refused")
        assert [usecases.purge_tokens(session), usecases.purge_tokens(session)] == [1, 0]
    assert session.scalars(select(PartnerToken)).all() == []
    token = exchange(client, secret_client).json["access_token"]
    usecases.suspend(session, partner_id=partner.partner_id, reason="test")
    session.commit()
    assert code(bearer(client, token)) == (403, "partner.suspended")
    usecases.resume(session, partner_id=partner.partner_id, reason="test")
    usecases.revoke_key(session, key_id=secret_client["client_id"])
    session.commit()
    assert code(bearer(client, token)) == (401, "partner.token_refused")
    assert code(exchange(client, secret_client)) == (401, "partner.client_refused")


def test_a_token_is_bound_to_addresses_and_mode(client: FlaskClient, partner: Signer, session: Session) -> None:
    made = created(client, partner, "client_secret", networks=["203.0.113.0/28"])
    given = {"client_id": made.json["key"]["key_id"], "client_secret": made.json["secret"]}
    assert code(exchange(client, given)) == (403, "partner.address_not_allowed")
    inside = {"environ_base": {"REMOTE_ADDR": "203.0.113.3"}}
    token = exchange(client, given, **inside).json["access_token"]
    assert bearer(client, token, **inside).status_code == 200
    assert code(bearer(client, token)) == (403, "partner.address_not_allowed")
    session.execute(text("UPDATE partner_keys SET mode = 'live' WHERE key_id = :id"), {"id": given["client_id"]})
    session.commit()
    assert code(bearer(client, token, **inside)) == (401, "partner.key_other_mode")


def test_a_key_has_one_kind_of_proof(client: FlaskClient, partner: Signer, session: Session) -> None:
    assert code(created(client, partner, public_key_pem="x")) == (422, "partner.key_unusable")
    assert code(created(client, partner, "ed25519")) == (422, "partner.key_unusable")
    kinds = {row.algorithm: row for row in session.scalars(select(PartnerKey))}
    assert set(kinds) == {algorithms.ED25519}
