"""Encrypted parts of WeChat Pay v3: AEAD_AES_256_GCM resources and RSA-OAEP for sensitive fields."""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.adapters.answers import AnswerMalformed, Fields

ALGORITHM = "AEAD_AES_256_GCM"
KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 12, 16
OAEP_LONGEST = 214  # 2048-bit key: 256 - 2 * 20 - 2


class NotDecrypted(Exception):
    """The resource is not one that was encrypted for us; nothing of it may be used."""


def decrypt_resource(api_v3_key: bytes, resource: Fields) -> bytes:
    """The plain bytes of a resource, or nothing at all. Raises NotDecrypted."""
    try:
        if resource.text("algorithm") != ALGORITHM:
            raise NotDecrypted("algorithm")
        nonce = resource.text("nonce").encode()
        sealed = base64.b64decode(resource.text("ciphertext"), validate=True)
        associated = resource.text("associated_data").encode() if resource.has("associated_data") else b""
    except (AnswerMalformed, binascii.Error, ValueError):
        raise NotDecrypted("fields") from None
    return decrypt(api_v3_key, nonce, sealed, associated)


def decrypt(key: bytes, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
    """AES-256-GCM with the sizes that WeChat Pay uses and no others. Raises NotDecrypted."""
    if len(key) != KEY_BYTES or len(nonce) != NONCE_BYTES or len(sealed) < TAG_BYTES:
        raise NotDecrypted("sizes")
    try:
        return AESGCM(key).decrypt(nonce, sealed, associated)
    except InvalidTag:
        raise NotDecrypted("tag") from None


def _oaep() -> padding.OAEP:
    return padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303  the protocol's choice


def encrypt_field(key: rsa.RSAPublicKey, text: str) -> str:
    """A sensitive field for the platform: base64 of RSA-OAEP (SHA-1, MGF1-SHA1). ValueError if it is too long."""
    plain = text.encode()
    if len(plain) > OAEP_LONGEST:
        raise ValueError(f"a sensitive field has at most {OAEP_LONGEST} bytes")
    return base64.b64encode(key.encrypt(plain, _oaep())).decode()


def decrypt_field(key: rsa.RSAPrivateKey, ciphertext: str) -> str:
    """A sensitive field from the platform. Raises NotDecrypted."""
    try:
        return key.decrypt(base64.b64decode(ciphertext, validate=True), _oaep()).decode()
    except (binascii.Error, ValueError):
        raise NotDecrypted("field") from None
