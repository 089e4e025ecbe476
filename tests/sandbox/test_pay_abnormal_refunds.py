"""Abnormal refunds in the sandbox: another way under the same number, what is refused, what comes of it."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from flask.testing import FlaskClient

from sandbox.context import World
from tests.sandbox.conftest import Clock
from tests.sandbox.merchant import Merchant
from tests.sandbox.shapes import SHAPES, misfits
from tests.sandbox.test_pay_refunds import REFUNDS, asked, codes

OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)


@pytest.fixture
def merchant(client: FlaskClient, world: World) -> Merchant:
    return Merchant(client, world)


@pytest.fixture
def refund_id(merchant: Merchant) -> str:
    made = merchant.call("POST", REFUNDS, asked(merchant.paid_order(), refund_fen=856066)).json
    finished = merchant.client.post("/sandbox/api/pay/refunds/F1/finish", json={"status": "ABNORMAL"})
    assert finished.status_code == 200
    return str(made["refund_id"])


def sealed(merchant: Merchant, text: str, *, by_certificate: bool = False) -> str:
    if by_certificate:
        pem = merchant.section["platform_certificate"]["certificate_pem"]
        key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    else:
        key = serialization.load_pem_public_key(merchant.section["platform_public_key_pem"].encode())
    assert isinstance(key, RSAPublicKey)
    return base64.b64encode(key.encrypt(text.encode(), OAEP)).decode()


def card(merchant: Merchant, number: str = "6214830000001234", **more: Any) -> dict[str, Any]:
    private = {"bank_account": sealed(merchant, number), "real_name": sealed(merchant, "沈测")}
    return {"out_refund_no": "F1", "type": "USER_BANK_CARD", "bank_type": "CMB_DEBIT", **private} | more


def ask(merchant: Merchant, refund_id: str, body: dict[str, Any], **headers: str) -> Any:
    return merchant.call("POST", f"{REFUNDS}/{refund_id}/apply-abnormal-refund", body, **headers)


@pytest.mark.parametrize(
    ("number", "end"), [("6214830000001234", ("SUCCESS", "招商银行借记卡1234")), ("6214830000000000", ("ABNORMAL", ""))]
)
def test_to_a_card(
    merchant: Merchant, world: World, clock: Clock, refund_id: str, number: str, end: tuple[str, str]
) -> None:
    answer = ask(merchant, refund_id, card(merchant, number))
    assert (answer.json["status"], answer.json["channel"]) == ("PROCESSING", "OTHER_BANKCARD")
    assert list(misfits(SHAPES["pay: refund"], answer.json)) == []
    clock.advance(2)
    world.timers.run_due(world)
    done = merchant.call("GET", f"{REFUNDS}/F1").json
    assert done["status"] == end[0] and end[1] in done["user_received_account"]


def test_to_the_merchant_and_with_the_certificates_key(
    merchant: Merchant, world: World, clock: Clock, refund_id: str
) -> None:
    answer = ask(merchant, refund_id, {"out_refund_no": "F1", "type": "MERCHANT_BANK_CARD"})
    assert answer.json["user_received_account"] == "商户结算银行账户"
    assert codes(ask(merchant, refund_id, {"out_refund_no": "F1", "type": "MERCHANT_BANK_CARD"})) == (
        400,
        "INVALID_REQUEST",
    )
    clock.advance(2)
    world.timers.run_due(world)
    assert merchant.call("GET", f"{REFUNDS}/F1").json["status"] == "SUCCESS"


def test_what_is_refused(merchant: Merchant, refund_id: str) -> None:
    cases: list[tuple[str, dict[str, Any], tuple[int, str]]] = [
        ("unknown", card(merchant), (404, "RESOURCE_NOT_EXISTS")),
        (refund_id, card(merchant, out_refund_no="F2"), (404, "RESOURCE_NOT_EXISTS")),
        (refund_id, card(merchant, type="CASH"), (400, "PARAM_ERROR")),
        (refund_id, card(merchant, bank_type="CMB_CREDIT"), (400, "PARAM_ERROR")),
        (refund_id, card(merchant, bank_account="6214830000001234"), (400, "PARAM_ERROR")),
        (refund_id, card(merchant, bank_account=sealed(merchant, "x", by_certificate=True)), (400, "PARAM_ERROR")),
        (refund_id, card(merchant, real_name=None), (400, "PARAM_ERROR")),
    ]
    for number, body, expected in cases:
        assert codes(ask(merchant, number, body)) == expected
