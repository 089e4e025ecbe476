"""The cryptography of WeChat Pay v3: SHA256-RSA2048 signatures, AES-256-GCM resources, OAEP for sensitive fields."""

from __future__ import annotations

import base64
import functools
import secrets
import string

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_ALNUM = string.ascii_letters + string.digits


def message(*lines: str | bytes) -> bytes:
    """The text that is signed: every part, also an empty one, ends with a line feed."""
    return b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)


def sign(private_key_pem: str, text: bytes) -> str:
    """RSASSA-PKCS1-v1_5 with SHA-256, in base64."""
    return base64.b64encode(_private_key(private_key_pem).sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()


def verified(certificate_or_key_pem: str, text: bytes, signature: str) -> bool:
    """Was the text signed with the key of this certificate or public key? A malformed signature was not."""
    try:
        _public_key(certificate_or_key_pem).verify(
            base64.b64decode(signature, validate=True), text, padding.PKCS1v15(), hashes.SHA256()
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def encrypt(api_v3_key: str, plain: bytes, associated_data: str, nonce: str = "") -> dict[str, str]:
    """An encrypted resource: algorithm, 12-character nonce, associated data and base64 of ciphertext and tag."""
    nonce = nonce or random_text(12)
    sealed = AESGCM(api_v3_key.encode()).encrypt(nonce.encode(), plain, associated_data.encode())
    return {
        "algorithm": "AEAD_AES_256_GCM",
        "nonce": nonce,
        "associated_data": associated_data,
        "ciphertext": base64.b64encode(sealed).decode(),
    }


def decrypt(api_v3_key: str, resource: dict[str, str]) -> bytes:
    """The plain bytes of an encrypted resource; cryptography.exceptions.InvalidTag if key or data are not right."""
    sealed = base64.b64decode(resource["ciphertext"])
    associated = resource.get("associated_data", "").encode()
    return AESGCM(api_v3_key.encode()).decrypt(resource["nonce"].encode(), sealed, associated)


def open_sensitive(private_key_pem: str, ciphertext: str) -> str:
    """A field that the merchant encrypted for the platform (RSA-OAEP with SHA-1, base64); ValueError if not for us."""
    oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)  # noqa: S303
    return _private_key(private_key_pem).decrypt(base64.b64decode(ciphertext, validate=True), oaep).decode()


def random_text(length: int) -> str:
    """Letters and digits from a secure source."""
    return "".join(secrets.choice(_ALNUM) for _ in range(length))


@functools.cache
def _private_key(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


@functools.cache
def _public_key(pem: str) -> rsa.RSAPublicKey:
    if "CERTIFICATE" in pem:
        key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    else:
        key = serialization.load_pem_public_key(pem.encode())  # type: ignore[assignment]
    assert isinstance(key, rsa.RSAPublicKey)
    return key
