"""Standard Webhooks signatures: v1 (HMAC-SHA256, one for each secret in rotation) and v1a (Ed25519, one bank key)."""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from standardwebhooks import Webhook

from app.kernel.errors import Unprocessable

OVERLAP = timedelta(hours=24)  # how long the old secret signs, too
SECRET_BYTES = 32


class SecretUnusable(Unprocessable):
    """Not `whsec_` and 24 to 64 bytes in base64."""

    code = "webhook.secret_unusable"


def new_secret() -> str:
    """`whsec_…`"""
    return "whsec_" + base64.b64encode(os.urandom(SECRET_BYTES)).decode()


def check_secret(secret: str) -> str:
    """Raises SecretUnusable."""
    try:
        length = len(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
    except ValueError as error:
        raise SecretUnusable("A secret is whsec_ and base64.") from error
    if not secret.startswith("whsec_") or not 24 <= length <= 64:
        raise SecretUnusable("A secret is whsec_ and 24 to 64 bytes in base64.")
    return secret


def sign(secrets: Sequence[str], bank_key: bytes, *, webhook_id: str, signed_at: datetime, body: str) -> dict[str, str]:
    """The three headers of a delivery; `bank_key` is the 32-byte seed of the bank's Ed25519 key."""
    timestamp = int(signed_at.timestamp())
    signatures = [Webhook(secret).sign(webhook_id, signed_at, body) for secret in secrets]
    content = f"{webhook_id}.{timestamp}.{body}".encode()
    by_bank = Ed25519PrivateKey.from_private_bytes(bank_key).sign(content)
    signatures.append(f"v1a,{base64.b64encode(by_bank).decode()}")
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def public_key(bank_key: bytes) -> str:
    """`whpk_…`, by which receivers check v1a."""
    raw = Ed25519PrivateKey.from_private_bytes(bank_key).public_key().public_bytes_raw()
    return "whpk_" + base64.b64encode(raw).decode()
