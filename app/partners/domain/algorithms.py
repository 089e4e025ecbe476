"""The signature algorithms of partners' keys; a key has exactly one, whatever a request claims."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import cast

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from app.kernel.errors import Unprocessable

ED25519 = "ed25519"
RSA_PSS_SHA512 = "rsa-pss-sha512"
HMAC_SHA256 = "hmac-sha256"  # RFC 9421 §3.3.3, for partners who cannot keep a key pair
CLIENT_SECRET = "client_secret"  # noqa: S105  the name of a kind of key, which fetches tokens and signs nothing
SHARED = frozenset({HMAC_SHA256, CLIENT_SECRET})
KEY_TYPES: dict[str, type] = {ED25519: Ed25519PublicKey, RSA_PSS_SHA512: RSAPublicKey}
SMALLEST_RSA_BITS = 2048
LARGEST_RSA_BITS = 8192
# RFC 9421 §3.3.1: MGF1 with SHA-512, salt of 64 bytes
_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA512()), salt_length=64)

PublicKey = Ed25519PublicKey | RSAPublicKey


class KeyUnusable(Unprocessable):
    """The uploaded text is not a public key of the algorithm, or it is too weak."""

    code = "partner.key_unusable"


@lru_cache(maxsize=1024)
def load_public_key(algorithm: str, pem: str) -> PublicKey:
    """Parse a PEM public key of this algorithm. Raises KeyUnusable."""
    expected = KEY_TYPES.get(algorithm)
    if expected is None:
        raise KeyUnusable("Unknown algorithm.", known=sorted({*KEY_TYPES, *SHARED}))
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyUnusable("The text is not a public key in PEM.") from error
    if not isinstance(key, expected):
        raise KeyUnusable(f"The key is not one for {algorithm}.")
    if isinstance(key, RSAPublicKey) and not SMALLEST_RSA_BITS <= key.key_size <= LARGEST_RSA_BITS:
        raise KeyUnusable(f"RSA keys have {SMALLEST_RSA_BITS} to {LARGEST_RSA_BITS} bits.")
    return cast(PublicKey, key)


def is_signed(key: PublicKey | bytes, signature: bytes, signed: bytes) -> bool:
    """Whether the key's owner made this signature over these bytes; a shared secret is given as its bytes."""
    if isinstance(key, bytes):
        return hmac.compare_digest(hmac.new(key, signed, hashlib.sha256).digest(), signature)
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signature, signed, _PSS, hashes.SHA512())
        else:
            key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True
