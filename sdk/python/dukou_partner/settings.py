"""Where the bank is and which key signs, from the environment, so that no secret stands in code or in a command."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dukou_partner.client import Client
from dukou_partner.signing import Ed25519Signer, HmacSigner, Signer


class SettingMissing(Exception):
    """One sentence: what to set."""


def client_from_env(env: Mapping[str, str]) -> Client:
    """DUKOU_URL, DUKOU_KEY_ID, and DUKOU_SECRET or DUKOU_PRIVATE_KEY_FILE. Raises SettingMissing."""
    return Client(_named(env, "DUKOU_URL"), _signer(env, _named(env, "DUKOU_KEY_ID")))


def _signer(env: Mapping[str, str], key_id: str) -> Signer:
    if path := env.get("DUKOU_PRIVATE_KEY_FILE"):
        try:
            return Ed25519Signer(key_id, Path(path).read_bytes())
        except (OSError, ValueError) as error:
            raise SettingMissing(f"DUKOU_PRIVATE_KEY_FILE: {path} holds no Ed25519 key.") from error
    if secret := env.get("DUKOU_SECRET"):
        return HmacSigner(key_id, secret)
    raise SettingMissing("Set DUKOU_SECRET or DUKOU_PRIVATE_KEY_FILE.")


def _named(env: Mapping[str, str], name: str) -> str:
    if not env.get(name):
        raise SettingMissing(f"{name} is not set.")
    return env[name]
