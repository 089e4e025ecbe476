"""Content-Digest (RFC 9530): the hash of the body's raw bytes, by which the signature covers the body."""

from __future__ import annotations

import hashlib
import hmac

from app.kernel.errors import Unauthenticated
from app.partners.domain.signatures import SignatureMalformed, read_dictionary

ALGORITHMS = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}


class DigestMismatch(Unauthenticated):
    """The body is not the one whose hash was signed."""

    code = "partner.signature_digest_mismatch"


def check_digest(header: str, body: bytes) -> None:
    """Each sha-256 and sha-512 must fit the raw bytes and one must be there; others are of no account.

    Raises SignatureMalformed, DigestMismatch.
    """
    parsed = read_dictionary(header, "Content-Digest")
    stated = {name: value for name, (value, _) in parsed.items() if name in ALGORITHMS}
    if not stated or not all(isinstance(value, bytes) for value in stated.values()):
        raise SignatureMalformed("Content-Digest needs sha-256 or sha-512 as a byte sequence.")
    for name, value in stated.items():
        if not hmac.compare_digest(ALGORITHMS[name](body).digest(), value):
            raise DigestMismatch("The body does not have the digest that was signed; send the very bytes you hashed.")
