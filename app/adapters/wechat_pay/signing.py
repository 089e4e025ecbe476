"""Signatures of WeChat Pay v3: RSASSA-PKCS1-v1_5 with SHA-256 over lines, whichever header claims otherwise."""

from __future__ import annotations

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

SCHEME = "WECHATPAY2-SHA256-RSA2048"


def lines(*parts: str | bytes) -> bytes:
    """The text that is signed: every part, also an empty one, ends with a line feed."""
    return b"".join((part.encode() if isinstance(part, str) else part) + b"\n" for part in parts)


def new_nonce() -> str:
    """32 hexadecimal characters."""
    return secrets.token_hex(16)


def private_key(pem: str) -> rsa.RSAPrivateKey:
    """Load an RSA private key. Raises ValueError for any other kind."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("WeChat Pay signs with RSA keys only")
    return key


def public_key(pem: str) -> rsa.RSAPublicKey:
    """Load an RSA public key. Raises ValueError for any other kind."""
    key = serialization.load_pem_public_key(pem.encode())
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("WeChat Pay signs with RSA keys only")
    return key


def verifies(key: rsa.RSAPublicKey, text: bytes, signature: str) -> bool:
    """Was the text signed with this key? A signature that is not base64, such as a probe's, was not."""
    try:
        key.verify(base64.b64decode(signature, validate=True), text, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


class Merchant:
    """Our own half: the merchant number with its certificate's serial and private key."""

    def __init__(self, mchid: str, serial: str, private_key_pem: str) -> None:
        self.mchid = mchid
        self.serial = serial
        self.key = private_key(private_key_pem)

    def sign(self, text: bytes) -> str:
        """Base64 of the signature."""
        return base64.b64encode(self.key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()

    def authorization(self, method: str, target: str, timestamp: int, nonce: str, body: bytes) -> str:
        """The Authorization header for exactly these bytes; `target` is the path with its query as sent."""
        signature = self.sign(lines(method, target, str(timestamp), nonce, body))
        return (
            f'{SCHEME} mchid="{self.mchid}",nonce_str="{nonce}",timestamp="{timestamp}",'
            f'serial_no="{self.serial}",signature="{signature}"'
        )

    def pay_sign(self, appid: str, timestamp: str, nonce: str, package: str) -> str:
        """paySign of the client parameters; signType is not part of it."""
        return self.sign(lines(appid, timestamp, nonce, package))
