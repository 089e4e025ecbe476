"""Request signatures (RFC 9421) over everything that has an effect, with an Ed25519 key pair or a shared secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Protocol
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

DEFAULT_PORTS = {"http": 80, "https": 443}
WHEN_PRESENT = ("Content-Digest", "Idempotency-Key", "Dukou-Version")


class Signer(Protocol):
    """A key of yours: its name at the bank, the algorithm's name in RFC 9421, and how it signs."""

    key_id: str
    algorithm: str

    def sign(self, text: bytes) -> bytes:
        """The signature over these bytes."""


class Ed25519Signer:
    """A key pair whose private half never leaves you; `private_key` is PEM (PKCS #8). Raises ValueError."""

    algorithm = "ed25519"

    def __init__(self, key_id: str, private_key: str | bytes) -> None:
        self.key_id = key_id
        pem = private_key.encode() if isinstance(private_key, str) else private_key
        loaded = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(loaded, Ed25519PrivateKey):
            raise ValueError("this is not an Ed25519 private key")
        self._key = loaded

    def sign(self, text: bytes) -> bytes:
        return self._key.sign(text)


class HmacSigner:
    """A secret that the bank made (`sk_…`); its characters are the key."""

    algorithm = "hmac-sha256"

    def __init__(self, key_id: str, secret: str) -> None:
        self.key_id = key_id
        self._secret = secret.encode()

    def sign(self, text: bytes) -> bytes:
        return hmac.new(self._secret, text, hashlib.sha256).digest()


def new_key_pair() -> tuple[str, str]:
    """A fresh Ed25519 pair as PEM: (private key, which you keep; public key, which you give to the bank)."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def signed_headers(
    signer: Signer,
    method: str,
    url: str,
    body: bytes,
    *,
    created: int,
    idempotency_key: str | None = None,
    version: str | None = None,
) -> dict[str, str]:
    """The headers of one request; send `body` byte for byte as given here. `created` is a Unix second.

    Every call makes another nonce (192 random bits), so that a repeat is signed anew.
    """
    headers: dict[str, str] = {}
    if body:
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers |= {"Content-Type": "application/json", "Content-Digest": f"sha-256=:{digest}:"}
    if idempotency_key is not None:
        headers["Idempotency-Key"] = idempotency_key
    if version is not None:
        headers["Dukou-Version"] = version
    covered = {**_derived(method, url), **{name.lower(): headers[name] for name in WHEN_PRESENT if name in headers}}
    names = " ".join(f'"{name}"' for name in covered)
    parameters = (
        f'({names});created={created};nonce="{secrets.token_urlsafe(24)}";'
        f'keyid="{signer.key_id}";alg="{signer.algorithm}"'
    )
    lines = [f'"{name}": {value}' for name, value in covered.items()] + [f'"@signature-params": {parameters}']
    signature = base64.b64encode(signer.sign("\n".join(lines).encode())).decode()
    return headers | {"Signature-Input": f"dukou={parameters}", "Signature": f"dukou=:{signature}:"}


def _derived(method: str, url: str) -> dict[str, str]:
    """The derived components (RFC 9421 §2.2) of a request to this very URL."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    is_default_port = parts.port in (None, DEFAULT_PORTS.get(parts.scheme))
    return {
        "@method": method,
        "@authority": host if is_default_port else f"{host}:{parts.port}",
        "@path": parts.path or "/",
        "@query": f"?{parts.query}",
    }
