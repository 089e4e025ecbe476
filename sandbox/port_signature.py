"""The signature of the Dukou ports (core bank, bureau, tax, SMS): HMAC-SHA256 over the request and over the answer."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping

WINDOW_SECONDS = 300
LONGEST_NONCE = 32


class PortSignatureRefused(Exception):
    """The caller did not prove that it holds the secret of a port client; the message names the check that failed."""


def request_signature(secret: str, method: str, target: str, timestamp: str, nonce: str, body: bytes) -> str:
    """hex(HMAC-SHA256(secret, METHOD, path?query, timestamp, nonce, sha256hex(body); one a line))."""
    return _sign(secret, method.upper(), target, timestamp, nonce, hashlib.sha256(body).hexdigest())


def answer_signature(secret: str, timestamp: str, status: int, body: bytes) -> str:
    """hex(HMAC-SHA256(secret, timestamp, status, sha256hex(body); one a line))."""
    return _sign(secret, timestamp, str(status), hashlib.sha256(body).hexdigest())


def request_headers(
    client_id: str, secret: str, method: str, target: str, body: bytes, *, now: float | None = None
) -> dict[str, str]:
    """The four X-Port-* headers of a request; `target` is the path with its query, as sent."""
    timestamp = str(int(time.time() if now is None else now))
    nonce = secrets.token_hex(16)
    return {
        "X-Port-Client": client_id,
        "X-Port-Timestamp": timestamp,
        "X-Port-Nonce": nonce,
        "X-Port-Signature": request_signature(secret, method, target, timestamp, nonce, body),
    }


def answer_headers(secret: str, status: int, body: bytes, *, now: float | None = None) -> dict[str, str]:
    """The two X-Port-* headers of an answer."""
    timestamp = str(int(time.time() if now is None else now))
    return {"X-Port-Timestamp": timestamp, "X-Port-Signature": answer_signature(secret, timestamp, status, body)}


def check_request(
    headers: Mapping[str, str],
    method: str,
    target: str,
    body: bytes,
    *,
    client_id: str,
    secret: str,
    claim_nonce: Callable[[str], bool],
    now: float | None = None,
) -> None:
    """Refuse a request that is not from the client, is older or newer than 300 s, or repeats a nonce.

    `headers` must be case-insensitive (as Flask's are) or spelled as here. The nonce is claimed last, so that a forged
    request cannot use up an honest one. Raises PortSignatureRefused.
    """
    timestamp = headers.get("X-Port-Timestamp", "")
    nonce = headers.get("X-Port-Nonce", "")
    if not hmac.compare_digest(headers.get("X-Port-Client", "").encode(), client_id.encode()):
        raise PortSignatureRefused("unknown client")
    if not _fresh(timestamp, time.time() if now is None else now):
        raise PortSignatureRefused("timestamp outside the window")
    if not 1 <= len(nonce) <= LONGEST_NONCE:
        raise PortSignatureRefused("nonce missing or too long")
    expected = request_signature(secret, method, target, timestamp, nonce, body)
    if not hmac.compare_digest(headers.get("X-Port-Signature", "").encode(), expected.encode()):
        raise PortSignatureRefused("signature does not match")
    if not claim_nonce(f"{client_id}:{nonce}"):
        raise PortSignatureRefused("nonce was used before")


def _fresh(timestamp: str, now: float) -> bool:
    return timestamp.isascii() and timestamp.isdigit() and abs(now - int(timestamp)) <= WINDOW_SECONDS


def _sign(secret: str, *lines: str) -> str:
    return hmac.new(secret.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest()
