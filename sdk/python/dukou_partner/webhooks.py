"""Webhooks (Standard Webhooks): verify the raw bytes before anything else is done with them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TOLERANCE_S = 300


class WebhookRefused(Exception):
    """The delivery is not proven to come from the bank: answer 401 and do nothing. `reason` is for your log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Delivery:
    """A proven delivery. Take each `id` once; of one object, ignore a lower `data["sequence"]` than you have seen."""

    id: str
    type: str
    timestamp: str
    data: dict[str, Any]


def verify(
    body: bytes,
    headers: Mapping[str, str],
    *,
    secret: str | None = None,
    public_key: str | None = None,
    now: float | None = None,
) -> Delivery:
    """Check a delivery by your secret (`whsec_…`, v1) or the bank's public key (`whpk_…`, v1a), then read it.

    `body`: the bytes as they arrived, never parsed and written again. One good signature of the list is enough, since
    a rotated secret signs beside the new one for 24 hours. `now` is a Unix second. Raises WebhookRefused, ValueError.
    """
    if (secret is None) == (public_key is None):
        raise ValueError("give the secret or the public key")
    plain = {name.lower(): value for name, value in headers.items()}
    webhook_id, timestamp, given = (plain.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not (webhook_id and timestamp and given):
        raise WebhookRefused("missing_headers")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 15):
        raise WebhookRefused("stale_timestamp")
    if abs((time.time() if now is None else now) - int(timestamp)) > TOLERANCE_S:
        raise WebhookRefused("stale_timestamp")
    signed = b".".join((webhook_id.encode(), timestamp.encode(), body))
    proven = _by_secret(secret, signed, given) if secret else _by_bank(public_key or "", signed, given)
    if not proven:
        raise WebhookRefused("bad_signature")
    return _read(webhook_id, body)


def _by_secret(secret: str, signed: bytes, given: str) -> bool:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = hmac.new(key, signed, hashlib.sha256).digest()
    return any(hmac.compare_digest(one, expected) for one in _signatures(given, "v1"))


def _by_bank(public_key: str, signed: bytes, given: str) -> bool:
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key.removeprefix("whpk_")))
    return any(_is_by(key, one, signed) for one in _signatures(given, "v1a"))


def _is_by(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _signatures(given: str, wanted: str) -> list[bytes]:
    found = []
    for version, _, text in (one.partition(",") for one in given.split(" ")):
        try:
            found += [base64.b64decode(text, validate=True)] if version == wanted else []
        except binascii.Error:
            continue
    return found


def _read(webhook_id: str, body: bytes) -> Delivery:
    try:
        told = json.loads(body)
        return Delivery(webhook_id, told["type"], told["timestamp"], told["data"])
    except (ValueError, KeyError, TypeError) as error:
        raise WebhookRefused("unreadable_body") from error


def new_secret() -> str:
    """A fresh secret of the form that the bank's endpoints have."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(body: bytes, *, webhook_id: str, secret: str, now: float | None = None) -> dict[str, str]:
    """The headers of a delivery under a secret (v1): for tests of your receiver, and for `dukou listen`."""
    timestamp = str(int(time.time() if now is None else now))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((webhook_id.encode(), timestamp.encode(), body))
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {
        "content-type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature}",
    }
