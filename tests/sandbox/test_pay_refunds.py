"""Refunds: accepted, settled later, announced; and the list of platform certificates."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask.testing import FlaskClient

from sandbox.context import World
from tests.sandbox.conftest import Clock
from tests.sandbox.merchant import Listener, Merchant

REFUNDS = "/v3/refund/domestic/refunds"


@pytest.fixture
def merchant(client: FlaskClient, world: World) -> Merchant:
    return Merchant(client, world)


def asked(order: dict[str, Any], number: str = "F1", refund_fen: int = 100, **more: Any) -> dict[str, Any]:
    amount = {"refund": refund_fen, "total": order["amount"]["total"], "currency": "CNY"}
    return {"out_trade_no": order["out_trade_no"], "out_refund_no": number, "amount": amount} | more


def codes(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def test_a_refund_is_processed_then_done_and_announced(merchant: Merchant, world: World, clock: Clock) -> None:
    with Listener() as listener:
        order = merchant.paid_order()
        answer = merchant.call("POST", REFUNDS, asked(order, refund_fen=856066, notify_url=listener.url)).json
        assert (answer["status"], answer["channel"], answer["amount"]["refund"]) == ("PROCESSING", "ORIGINAL", 856066)
        assert "success_time" not in answer
        assert merchant.query(order["out_trade_no"]).json["trade_state"] == "REFUND"
        clock.advance(2)
        world.timers.run_due(world)
        done = merchant.call("GET", f"{REFUNDS}/F1").json
        assert done["status"] == "SUCCESS" and done["success_time"]
        (received,) = listener.received
        assert merchant.platform_signed(received.headers, received.body)
        envelope = json.loads(received.body)
        assert (envelope["event_type"], envelope["resource"]["original_type"]) == ("REFUND.SUCCESS", "refund")
        content = unsealed(merchant, envelope["resource"])
        assert content["refund_status"] == "SUCCESS" and content["refund_id"] == done["refund_id"]
        assert content["amount"] == {"total": 856066, "refund": 856066, "payer_total": 856066, "payer_refund": 856066}
        assert "appid" not in content


def test_the_same_number_refunds_once_and_other_amounts_are_refused(merchant: Merchant) -> None:
    order = merchant.paid_order()
    first = merchant.call("POST", REFUNDS, asked(order)).json
    assert merchant.call("POST", REFUNDS, asked(order)).json == first
    assert codes(merchant.call("POST", REFUNDS, asked(order, refund_fen=200))) == (400, "INVALID_REQUEST")
    other = merchant.paid_order()
    assert codes(merchant.call("POST", REFUNDS, asked(other))) == (400, "INVALID_REQUEST")
    assert merchant.client.get("/sandbox/api/pay/orders").json["orders"][1]["refunded_fen"] == 100


def test_partial_refunds_keep_their_distance_and_never_exceed_the_order(merchant: Merchant, clock: Clock) -> None:
    order = merchant.paid_order()
    merchant.call("POST", REFUNDS, asked(order, "F1", 800000))
    assert codes(merchant.call("POST", REFUNDS, asked(order, "F2"))) == (429, "FREQUENCY_LIMITED")
    clock.advance(60)
    assert codes(merchant.call("POST", REFUNDS, asked(order, "F2", 56067))) == (400, "INVALID_REQUEST")
    assert merchant.call("POST", REFUNDS, asked(order, "F2", 56066)).status_code == 200
    clock.advance(60)
    assert codes(merchant.call("POST", REFUNDS, asked(order, "F3", 1))) == (400, "INVALID_REQUEST")


def test_what_cannot_be_refunded(merchant: Merchant) -> None:
    unpaid, _ = merchant.prepay()
    paid = merchant.paid_order()
    wrong_total = asked(paid) | {"amount": {"refund": 1, "total": 1, "currency": "CNY"}}
    cases: list[tuple[dict[str, Any], tuple[int, str]]] = [
        (asked(unpaid), (400, "INVALID_REQUEST")),
        (asked(paid) | {"out_trade_no": "unknown-number"}, (404, "RESOURCE_NOT_EXISTS")),
        (asked(paid) | {"transaction_id": "4200"}, (404, "RESOURCE_NOT_EXISTS")),
        (asked(paid) | {"out_trade_no": None}, (400, "PARAM_ERROR")),
        (asked(paid, "空格"), (400, "PARAM_ERROR")),
        (asked(paid, reason="退款😀"), (400, "PARAM_ERROR")),
        (asked(paid, notify_url="https://bank.example/?a=1"), (400, "PARAM_ERROR")),
        (wrong_total, (400, "INVALID_REQUEST")),
    ]
    for body, expected in cases:
        assert codes(merchant.call("POST", REFUNDS, body)) == expected
    assert codes(merchant.call("GET", f"{REFUNDS}/unknown")) == (404, "RESOURCE_NOT_EXISTS")


def test_abnormal_may_become_success_but_final_stays_final(merchant: Merchant, world: World) -> None:
    with Listener() as listener:
        merchant.client.post("/sandbox/api/pay/settings", json={"refunds": "held"})
        order = merchant.paid_order()
        merchant.call("POST", REFUNDS, asked(order, notify_url=listener.url))

        def finish(status: str) -> int:
            return merchant.client.post("/sandbox/api/pay/refunds/F1/finish", json={"status": status}).status_code

        assert [finish(status) for status in ("ABNORMAL", "SUCCESS", "CLOSED", "x")] == [200, 200, 422, 422]
        world.timers.run_due(world)
        kinds = sorted(json.loads(received.body)["event_type"] for received in listener.received)
        assert kinds == ["REFUND.ABNORMAL", "REFUND.SUCCESS"]
        assert merchant.client.post("/sandbox/api/pay/refunds/x/finish", json={"status": "CLOSED"}).status_code == 404


def test_a_closed_refund_frees_its_amount(merchant: Merchant, clock: Clock) -> None:
    merchant.client.post("/sandbox/api/pay/settings", json={"refunds": "held"})
    order = merchant.paid_order()
    merchant.call("POST", REFUNDS, asked(order, "F1", 856066))
    merchant.client.post("/sandbox/api/pay/refunds/F1/finish", json={"status": "CLOSED"})
    clock.advance(60)
    assert merchant.call("POST", REFUNDS, asked(order, "F2", 856066)).json["status"] == "PROCESSING"


def test_an_order_older_than_a_year_is_not_refunded(merchant: Merchant, clock: Clock) -> None:
    order = merchant.paid_order()
    clock.advance(366 * 86400)
    assert codes(merchant.call("POST", REFUNDS, asked(order))) == (400, "INVALID_REQUEST")


def test_certificates_are_encrypted_for_the_merchant(merchant: Merchant) -> None:
    answer = merchant.call("GET", "/v3/certificates")
    assert merchant.platform_signed(answer.headers, answer.data)
    (entry,) = answer.json["data"]
    assert entry["encrypt_certificate"]["associated_data"] == "certificate"
    certificate = x509.load_pem_x509_certificate(unsealed_bytes(merchant, entry["encrypt_certificate"]))
    assert f"{certificate.serial_number:040X}" == entry["serial_no"]
    assert set(entry) == {"serial_no", "effective_time", "expire_time", "encrypt_certificate"}


def test_key_modes(merchant: Merchant) -> None:
    section = merchant.section
    certificate = {"Wechatpay-Serial": section["platform_certificate"]["serial"]}
    merchant.client.post("/sandbox/api/pay/settings", json={"key_mode": "public_key"})
    answer = merchant.call("GET", "/v3/certificates", **certificate)
    assert codes(answer) == (404, "RESOURCE_NOT_EXISTS")
    assert answer.headers["Wechatpay-Serial"] == section["platform_public_key_id"]
    merchant.client.post("/sandbox/api/pay/settings", json={"key_mode": "certificate"})
    answer = merchant.call("GET", "/v3/certificates")
    assert answer.headers["Wechatpay-Serial"] == section["platform_certificate"]["serial"]


def unsealed_bytes(merchant: Merchant, resource: dict[str, str]) -> bytes:
    cipher = AESGCM(merchant.section["api_v3_key"].encode())
    sealed = base64.b64decode(resource["ciphertext"])
    return cipher.decrypt(resource["nonce"].encode(), sealed, resource["associated_data"].encode())


def unsealed(merchant: Merchant, resource: dict[str, str]) -> Any:
    return json.loads(unsealed_bytes(merchant, resource))
