"""Published vectors, and wechatpayv3 as an independent second opinion on every primitive."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import wechatpayv3.utils as oracle
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from app.adapters.wechat_login.client import sign_page
from app.adapters.wechat_pay.encryption import (
    NotDecrypted,
    decrypt,
    decrypt_field,
    encrypt_field,
)
from app.adapters.wechat_pay.signing import Merchant, lines, public_key, verifies
from tests.adapters.pay_platform import API_V3_KEY, MCHID, PayPlatform, private_pem, public_pem, sealed

VECTORS = Path(__file__).parents[3] / "shared" / "acceptance" / "wechat_vectors.json"


def vector(name: str) -> dict[str, Any]:
    if not VECTORS.exists():
        pytest.skip("the acceptance vectors are not here")
    return next(found for found in json.loads(VECTORS.read_text()) if found["id"] == name)


@pytest.mark.parametrize("name", ["go-request-message-nobody", "go-request-message-body"])
def test_request_message(name: str) -> None:
    asked = vector(name)["inputs"]
    signed = lines("GET" if asked["body"] == "" else asked["method"], asked["canonical_url"], str(asked["timestamp"]))
    signed += lines(asked["nonce"], asked["body"])
    assert signed.decode() == vector(name)["expected"]["message"]


def test_signature_by_platform_certificate() -> None:
    asked = vector("go-rsa-verify-cert")["inputs"]
    key = x509.load_pem_x509_certificate(asked["certificate_pem"].encode()).public_key()
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    assert verifies(public_key(pem), asked["message"].encode(), asked["signature_b64"])
    assert not verifies(public_key(pem), b"another message", asked["signature_b64"])


def test_short_keys_of_old_vectors_are_refused() -> None:
    asked = vector("go-aes-gcm")["inputs"]
    content = base64.b64decode(asked["ciphertext_b64"])
    with pytest.raises(NotDecrypted):
        decrypt(asked["key"].encode(), asked["nonce"].encode(), content, asked["associated_data"].encode())


def test_page_signature() -> None:
    found = vector("jssdk-signature-0f9de6")
    asked = found["inputs"]
    signature = sign_page(asked["jsapi_ticket"], asked["noncestr"], asked["timestamp"], asked["url"])
    assert signature == found["expected"]["signature"]


def test_authorization_as_the_oracle_writes_it(platform: PayPlatform) -> None:
    merchant = Merchant(MCHID, "ABCDEF", private_pem(platform.merchant_key))
    body = '{"a":"测试"}'
    ours = merchant.authorization("POST", "/v3/x?a=1", 1_800_000_000, "n" * 32, body.encode())
    fields = dict(part.split("=", 1) for part in ours.partition(" ")[2].split(","))
    text = f"POST\n/v3/x?a=1\n1800000000\n{'n' * 32}\n{body}\n"
    theirs = oracle.rsa_sign(platform.merchant_key, text)
    assert fields["signature"].strip('"') == theirs
    assert {name: value.strip('"') for name, value in fields.items() if name != "signature"} == {
        "mchid": MCHID,
        "nonce_str": "n" * 32,
        "timestamp": "1800000000",
        "serial_no": "ABCDEF",
    }


def test_verification_agrees_with_the_oracle(platform: PayPlatform) -> None:
    headers = platform.headers(b'{"x":1}')
    signature, nonce = headers["Wechatpay-Signature"], headers["Wechatpay-Nonce"]
    for body in ('{"x":1}', '{"x":2}'):
        theirs = oracle.rsa_verify(headers["Wechatpay-Timestamp"], nonce, body, signature, platform.key.public_key())
        text = lines(headers["Wechatpay-Timestamp"], nonce, body)
        assert verifies(platform.key.public_key(), text, signature) == theirs == (body == '{"x":1}')


def test_pay_sign(platform: PayPlatform) -> None:
    merchant = Merchant(MCHID, "ABCDEF", private_pem(platform.merchant_key))
    text = "wxapp\n1800000000\nnonce\nprepay_id=wx1\n"
    assert merchant.pay_sign("wxapp", "1800000000", "nonce", "prepay_id=wx1") == oracle.rsa_sign(
        platform.merchant_key, text
    )


def test_resources_agree_with_the_oracle() -> None:
    resource = sealed("机密".encode())
    theirs = oracle.aes_decrypt(resource["nonce"], resource["ciphertext"], resource["associated_data"], API_V3_KEY)
    ours = decrypt(
        API_V3_KEY.encode(),
        resource["nonce"].encode(),
        base64.b64decode(resource["ciphertext"]),
        resource["associated_data"].encode(),
    )
    assert ours.decode() == theirs == "机密"


def test_sensitive_fields_both_ways_with_the_oracle(platform: PayPlatform) -> None:
    certificate = x509.load_pem_x509_certificate(platform.certificate_pem.encode())
    theirs = oracle.rsa_encrypt("测试林", certificate.public_key())
    assert decrypt_field(platform.certificate_key, theirs) == "测试林"
    ours = encrypt_field(public_key(public_pem(platform.merchant_key)), "测试林")
    assert oracle.rsa_decrypt(ours, platform.merchant_key) == "测试林"
    assert ours != encrypt_field(platform.merchant_key.public_key(), "测试林")


def test_sensitive_fields_fail_closed(platform: PayPlatform) -> None:
    with pytest.raises(ValueError, match="214"):
        encrypt_field(platform.merchant_key.public_key(), "测" * 72)
    for wrong in ("", "not base64!", base64.b64encode(bytes(256)).decode()):
        with pytest.raises(NotDecrypted):
            decrypt_field(platform.merchant_key, wrong)
