"""Every setting of the running system in one frozen dataclass, read once from the environment."""

from __future__ import annotations

import base64
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config import brand, limits
from config import mark as marks
from config.errors import SettingsError
from config.limits import BoxLimits, RateLimits
from config.mark import Mark

ENVIRONMENTS = ("demo", "test", "production")
__all__ = ["Bank", "BoxLimits", "RateLimits", "Secrets", "Settings", "SettingsError", "current", "load_bank", "use"]


@dataclass(frozen=True)
class Secrets:
    """Keys of the bank itself, 32 bytes each; never printed."""

    data_keys: Mapping[str, bytes] = field(repr=False)
    active_data_key: str
    index_key: bytes = field(repr=False)
    token_key: bytes = field(repr=False)
    cursor_key: bytes = field(repr=False)
    webhook_key: bytes = field(repr=False)


@dataclass(frozen=True)
class Bank:
    """Who this deployment belongs to: shown everywhere from this one place."""

    name: str
    short_name: str
    english_name: str
    mark: Mark
    brand_color: str
    service_phone: str
    complaint_phone: str
    licence_line: str
    legal_lines: tuple[str, ...]
    english_licence_line: str
    english_legal_lines: tuple[str, ...]
    disbursement_account_no: str


@dataclass(frozen=True)
class Settings:
    """The whole configuration. `from_env` has no default for a secret or an address of a server."""

    environment: str
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    public_url: str
    embed_url: str
    secrets: Secrets
    channels: Mapping[str, Any] = field(repr=False)
    bank: Bank
    embed_mode: str = "top_level"
    trusted_hops: int = 0
    web_threads: int = 8
    rate_limits: RateLimits = field(default_factory=RateLimits)
    box_limits: BoxLimits = field(default_factory=BoxLimits)
    test_clock: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read the environment; raises SettingsError naming the first setting that is missing or wrong."""
        env = os.environ if env is None else env
        environment = _required(env, "DUKOU_ENV")
        if environment not in ENVIRONMENTS:
            raise SettingsError(f"DUKOU_ENV is {environment!r}; it must be one of {', '.join(ENVIRONMENTS)}.")
        test_clock = _test_clock(env, environment)
        return cls(
            environment=environment,
            database_url=_required(env, "DATABASE_URL"),
            redis_url=_required(env, "REDIS_URL"),
            public_url=_required(env, "DUKOU_PUBLIC_URL").rstrip("/"),
            embed_url=_required(env, "DUKOU_EMBED_URL").rstrip("/"),
            secrets=_secrets(_json_file(env, "DUKOU_SECRETS_FILE")),
            channels=_json_file(env, "DUKOU_CHANNELS_FILE"),
            bank=load_bank(Path(env.get("DUKOU_BANK_FILE") or Path(__file__).with_name("bank.toml"))),
            embed_mode=env.get("DUKOU_EMBED_MODE", "framed" if environment == "demo" else "top_level"),
            trusted_hops=limits.whole(env, "DUKOU_TRUSTED_HOPS", 0),
            web_threads=limits.whole(env, "DUKOU_WEB_THREADS", 8),
            rate_limits=limits.rate_limits(env, environment),
            box_limits=limits.box_limits(env),
            test_clock=test_clock,
        )

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def mode(self) -> str:
        """Which of partners' keys work here: `live` or `test`."""
        return "live" if self.production else "test"


def _required(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name} is not set.")
    return value


def _test_clock(env: Mapping[str, str], environment: str) -> bool:
    """Whether business may run ahead of the machines; never where there is money."""
    asked = env.get("DUKOU_TEST_CLOCK", "").strip() or ("on" if environment == "demo" else "off")
    if asked not in ("on", "off"):
        raise SettingsError(f"DUKOU_TEST_CLOCK is {asked!r}; it must be on or off.")
    if asked == "on" and environment == "production":
        raise SettingsError("DUKOU_TEST_CLOCK is on: in production there is no clock that can be moved.")
    return asked == "on"


def _json_file(env: Mapping[str, str], name: str) -> dict[str, Any]:
    path = Path(_required(env, name))
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise SettingsError(f"{name}: {path} cannot be read as JSON ({error.__class__.__name__}).") from error
    if not isinstance(content, dict):
        raise SettingsError(f"{name}: {path} must hold one JSON object.")
    return content


def _secrets(raw: Mapping[str, Any]) -> Secrets:
    try:
        secrets = Secrets(
            data_keys={name: base64.b64decode(key) for name, key in raw["data_keys"].items()},
            active_data_key=raw["active_data_key"],
            **{name: base64.b64decode(raw[name]) for name in ("index_key", "token_key", "cursor_key", "webhook_key")},
        )
    except (KeyError, ValueError, AttributeError) as error:
        raise SettingsError(f"The secrets file is incomplete: {error.__class__.__name__}.") from error
    keys = [*secrets.data_keys.values(), secrets.index_key, secrets.token_key, secrets.cursor_key, secrets.webhook_key]
    if secrets.active_data_key not in secrets.data_keys or any(len(key) != 32 for key in keys):
        raise SettingsError("The secrets file needs 32-byte keys and an active data key among data_keys.")
    return secrets


def load_bank(path: Path) -> Bank:
    """Read a bank's profile. Raises SettingsError."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))["bank"]
        brand.parsed(raw["brand_color"])
        lines = {name: tuple(raw[name]) for name in ("legal_lines", "english_legal_lines")}
        return Bank(**{**raw, **lines, "mark": marks.read(path.parent / raw["mark"])})
    except (OSError, KeyError, TypeError, ValueError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"The bank's profile {path} cannot be used: {error}.") from error


_current: Settings | None = None


def use(settings: Settings) -> None:
    """Install the settings of this process."""
    global _current  # noqa: PLW0603  one configuration a process
    _current = settings


def current() -> Settings:
    """The settings of this process."""
    if _current is None:
        raise RuntimeError("no settings are installed yet")
    return _current
