"""The partner's signed calls, read by an independent RFC 9421 library on the other side."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.context import World
from sandbox.shop.bank_client import signed_headers
from tests.sandbox.fake_bank import FakeBank, running


@pytest.fixture
def bank(world: World) -> Iterator[FakeBank]:
    with running(world.keys["partner"]) as bank:
        world.bank_url = bank.base_url
        yield bank


@pytest.fixture
def order(client: FlaskClient) -> dict[str, Any]:
    told: dict[str, Any] = client.post("/shop/api/orders", json={"product_id": "fridge", "quantity": 3}).json
    return told


def session_path(order: dict[str, Any]) -> str:
    return f"/shop/api/orders/{order['order_ref']}/loan-session"


def test_a_session_is_asked_for_with_a_signature_the_bank_accepts(
    client: FlaskClient, bank: FakeBank, order: dict[str, Any], world: World
) -> None:
    told = client.post(session_path(order), json={"component": "apply"})
    assert (told.status_code, told.json["client_token"]) == (201, "ect_" + "1".zfill(24))
    assert told.json["embed_session_id"] == "es_1"
    [(headers, body)] = bank.requests
    assert body["origins"] == ["http://localhost"]
    assert body["components"]["apply"] == {"max_amount_fen": 3899700}
    assert body["order"]["title"]
    assert body["order"] | {"title": ""} == {
        "order_ref": order["order_ref"],
        "merchant_ref": world.keys["partner"]["merchant"]["merchant_ref"],
        "title": "",
        "amount_fen": 3899700,
    }
    assert re.fullmatch(r"buyer-[0-9a-f]{24}", body["customer_ref"])
    assert 'alg="ed25519"' in headers["Signature-Input"]


def test_every_request_has_a_fresh_nonce_of_128_bits_or_more(
    client: FlaskClient, bank: FakeBank, order: dict[str, Any]
) -> None:
    for _ in range(3):
        client.post(session_path(order))
    nonces = {re.search(r'nonce="([^"]+)"', headers["Signature-Input"])[1] for headers, _ in bank.requests}  # type: ignore[index]
    assert len(nonces) == 3
    assert all(len(base64.urlsafe_b64decode(nonce)) >= 16 for nonce in nonces)


def test_the_idempotency_key_stays_until_a_session_has_come_back(
    client: FlaskClient, bank: FakeBank, order: dict[str, Any]
) -> None:
    bank.answers = [(503, b'{"code":"busy","request_id":"r-1"}'), (500, b"<html>")]
    first = client.post(session_path(order))
    assert (first.status_code, first.json) == (502, {"code": "busy", "bank_request_id": "r-1"})
    assert client.post(session_path(order)).json["code"] == "bank.unreachable"
    assert client.post(session_path(order)).status_code == 201
    assert client.post(session_path(order)).status_code == 201
    keys = [headers["Idempotency-Key"] for headers, _ in bank.requests]
    assert keys[0] == keys[1] == keys[2] != keys[3]
    assert keys[0].startswith(order["order_ref"])


def test_a_bank_that_is_gone_is_said_so(client: FlaskClient, world: World, order: dict[str, Any]) -> None:
    world.bank_url = "http://127.0.0.1:9"
    answer = client.post(session_path(order))
    assert (answer.status_code, answer.json["code"]) == (502, "bank.unreachable")


def test_sessions_are_only_for_open_orders_and_known_components(
    client: FlaskClient, bank: FakeBank, order: dict[str, Any]
) -> None:
    assert client.post("/shop/api/orders/YC1/loan-session").status_code == 404
    assert client.post(session_path(order), json={"component": "other"}).status_code == 400
    client.post(f"/shop/orders/{order['order_ref']}/cancel")
    assert client.post(session_path(order)).json["code"] == "order.not_payable"
    assert bank.requests == []


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://Bank.Example/x?b=1&a=%20", "bank.example"),
        ("https://bank.example:443/x?b=1&a=%20", "bank.example"),
        ("http://bank.example:8000/x?b=1&a=%20", "bank.example:8000"),
    ],
)
def test_the_signature_covers_the_written_url_and_the_bytes(url: str, authority: str, world: World) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    partner = world.keys["partner"]
    body = '{"名":1}'.encode()
    headers = signed_headers(
        "POST",
        url,
        body,
        private_key_pem=partner["private_key_pem"],
        key_id=partner["key_id"],
        idempotency_key="K1",
        created=1700000000,
    )
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    parameters = headers["Signature-Input"].removeprefix("dukou=")
    base = (
        f'"@method": POST\n"@authority": {authority}\n"@path": /x\n"@query": ?b=1&a=%20\n'
        f'"content-digest": sha-256=:{digest}:\n"idempotency-key": K1\n"@signature-params": {parameters}'
    )
    key = load_pem_public_key(partner["public_key_pem"].encode())
    assert isinstance(key, Ed25519PublicKey)
    key.verify(base64.b64decode(headers["Signature"].removeprefix("dukou=:").removesuffix(":")), base.encode())
