"""WeChat Pay's half of the cryptography in a test's hands, so that it can sign right and wrong."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

NOW = 1_800_000_000
API_V3_KEY = "0123456789abcdef0123456789ABCDEF"
PUBLIC_KEY_ID = "PUB_KEY_ID_0112345678902026010100000000000001"
MCHID, APPID = "1600000001", "wx0123456789abcdef"
Sign = Callable[[rsa.RSAPrivateKey, bytes], bytes]


def pkcs1_sha256(key: rsa.RSAPrivateKey, text: bytes) -> bytes:
    return key.sign(text, padding.PKCS1v15(), hashes.SHA256())


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def private_pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def public_pem(key: rsa.RSAPrivateKey) -> str:
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def certificate_of(key: rsa.RSAPrivateKey, serial: int, begins: int = NOW - 1000, seconds: int = 5000) -> str:
    """A self-signed certificate around NOW, as PEM."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Platform")])
    start = datetime.fromtimestamp(begins, UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(serial).not_valid_before(start).not_valid_after(start + timedelta(seconds=seconds))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def hex_serial(serial: int) -> str:
    return f"{serial:040X}"


class PayPlatform:
    """Keys of the platform and of the merchant, and notices and answers made with them."""

    def __init__(self) -> None:
        self.key, self.merchant_key = new_key(), new_key()
        self.certificate_key, self.certificate_serial = new_key(), 0x5157F09EFDC096DE15EBE81A47057A7232F1B8E1
        self.certificate_pem = certificate_of(self.certificate_key, self.certificate_serial)

    def section(self, origin: str, mode: str = "public_key") -> dict[str, Any]:
        """The wechat_pay section of a channels file."""
        return {
            "base_url": origin,
            "mode": mode,
            "mchid": MCHID,
            "merchant_serial": hex_serial(0x1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C),
            "merchant_private_key_pem": private_pem(self.merchant_key),
            "api_v3_key": API_V3_KEY,
            "platform_public_key_id": PUBLIC_KEY_ID,
            "platform_public_key_pem": public_pem(self.key),
        }

    def headers(
        self,
        body: bytes,
        *,
        key: rsa.RSAPrivateKey | None = None,
        serial: str = PUBLIC_KEY_ID,
        timestamp: int | str = NOW,
        nonce: str = "test-nonce",
        sign: Sign = pkcs1_sha256,
    ) -> dict[str, str]:
        """The five Wechatpay-* headers for these bytes."""
        signature = sign(key or self.key, f"{timestamp}\n{nonce}\n".encode() + body + b"\n")
        return {
            "Wechatpay-Serial": serial,
            "Wechatpay-Timestamp": str(timestamp),
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Signature": base64.b64encode(signature).decode(),
            "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
        }

    def certificates(self, pems: dict[str, str] | None = None) -> bytes:
        """The body of GET /v3/certificates."""
        pems = pems or {hex_serial(self.certificate_serial): self.certificate_pem}
        entries = [
            {"serial_no": serial, "encrypt_certificate": sealed(pem.encode(), associated_data="certificate")}
            for serial, pem in pems.items()
        ]
        return json.dumps({"data": entries}).encode()


def sealed(plain: bytes, *, nonce: str = "012345678901", associated_data: str = "transaction") -> dict[str, str]:
    """An encrypted resource."""
    content = AESGCM(API_V3_KEY.encode()).encrypt(nonce.encode(), plain, associated_data.encode())
    return {
        "original_type": "transaction",
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": base64.b64encode(content).decode(),
        "associated_data": associated_data,
        "nonce": nonce,
    }


def transaction(**changes: Any) -> dict[str, Any]:
    """A paid order as notices and queries tell it."""
    return {
        "mchid": MCHID,
        "appid": APPID,
        "out_trade_no": "R0000000001",
        "transaction_id": "4200000000202601010000000001",
        "trade_type": "JSAPI",
        "trade_state": "SUCCESS",
        "bank_type": "OTHERS",
        "success_time": "2027-01-15T16:00:00+08:00",
        "payer": {"openid": "o" + "test" * 6 + "abc"},
        "amount": {"total": 100, "payer_total": 100, "currency": "CNY", "payer_currency": "CNY"},
        **changes,
    }


def envelope(resource: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A notice around a resource."""
    return {
        "id": "EV-2027011516000000000",
        "create_time": "2027-01-15T16:00:01+08:00",
        "resource_type": "encrypt-resource",
        "event_type": "TRANSACTION.SUCCESS",
        "summary": "支付成功",
        "resource": resource or sealed(json.dumps(transaction()).encode()),
        **changes,
    }
