"""Secrets at rest: sealed values (AES-256-GCM with named keys), blind indexes for look-up, hashed tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from config.settings import Secrets

_keys: Secrets | None = None


class SealBroken(RuntimeError):
    """A stored value cannot be opened: wrong key, wrong place or altered."""


def use(secrets: Secrets) -> None:
    """Install the keys of this process."""
    global _keys  # noqa: PLW0603  one keyring a process
    _keys = secrets


def keys() -> Secrets:
    if _keys is None:
        raise RuntimeError("kernel.crypto has no keys yet")
    return _keys


def seal(plain: bytes, purpose: str) -> str:
    """Encrypt; `purpose` (table.column) is bound to the result, so a value cannot be moved to another place."""
    name = keys().active_data_key
    nonce = os.urandom(12)
    sealed = AESGCM(keys().data_keys[name]).encrypt(nonce, plain, purpose.encode())
    return f"{name}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def unseal(stored: str, purpose: str) -> bytes:
    """Decrypt what `seal` made for the same purpose. Raises SealBroken."""
    name, _, body = stored.partition(".")
    try:
        raw = base64.urlsafe_b64decode(body)
        return AESGCM(keys().data_keys[name]).decrypt(raw[:12], raw[12:], purpose.encode())
    except (KeyError, ValueError, InvalidTag) as error:
        raise SealBroken(f"cannot open a sealed value of {purpose}") from error


def seal_for(owner: str, plain: bytes, purpose: str) -> bytes:
    """Encrypt under a key of this owner alone, derived from the active data key; `purpose` is bound as in `seal`."""
    name = keys().active_data_key
    nonce = os.urandom(12)
    return name.encode() + b"." + nonce + AESGCM(_owners_key(name, owner)).encrypt(nonce, plain, purpose.encode())


def unseal_for(owner: str, stored: bytes, purpose: str) -> bytes:
    """Decrypt what `seal_for` made for the same owner and purpose. Raises SealBroken."""
    name, _, raw = stored.partition(b".")
    try:
        return AESGCM(_owners_key(name.decode(), owner)).decrypt(raw[:12], raw[12:], purpose.encode())
    except (KeyError, ValueError, InvalidTag) as error:
        raise SealBroken(f"cannot open a sealed value of {purpose}") from error


def _owners_key(name: str, owner: str) -> bytes:
    return hmac.new(keys().data_keys[name], f"owner\x00{owner}".encode(), hashlib.sha256).digest()


def blind_index(value: str, purpose: str) -> str:
    """A keyed hash by which a sealed value can be found: hex HMAC-SHA256(index key, purpose ‖ value)."""
    return hmac.new(keys().index_key, f"{purpose}\x00{value}".encode(), hashlib.sha256).hexdigest()


def token_hash(token: str) -> str:
    """What is stored of a bearer token: hex HMAC-SHA256 under the token key."""
    return hmac.new(keys().token_key, token.encode(), hashlib.sha256).hexdigest()


def derive(label: str) -> bytes:
    """32 bytes for one purpose from the token key, such as signing cursors of one kind."""
    return hmac.new(keys().token_key, f"derive\x00{label}".encode(), hashlib.sha256).digest()


class SealedText(TypeDecorator[str]):
    """A text column that is encrypted at rest; name the place once: `SealedText("customers.phone")`."""

    impl = Text
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else seal(value.encode(), self.purpose)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        return None if value is None else unseal(value, self.purpose).decode()


class SealedJson(TypeDecorator[Any]):
    """A JSON value that is encrypted at rest as one text: `SealedJson("decisions.outcome")`."""

    impl = Text
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        return None if value is None else seal(json.dumps(value, ensure_ascii=False).encode(), self.purpose)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any | None:
        return None if value is None else json.loads(unseal(value, self.purpose))
