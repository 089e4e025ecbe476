"""Every setting of the running system in one frozen dataclass, read once from the environment."""

from __future__ import annotations

import base64
import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from config import brand
from config import mark as marks
from config.mark import Mark

ENVIRONMENTS = ("demo", "test", "production")


class SettingsError(RuntimeError):
    """One sentence for a person: which setting is missing or wrong."""


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
class RateLimits:
    """How often one caller may ask, such as `120/minute` or `60/minute;600/hour`; empty is no limit."""

    public: str = ""  # by address
    sign_in: str = ""  # by address
    partner: str = ""  # all keys of a partner together
    partner_key: str = ""
    frame_entry: str = ""  # by address: frames that are opened
    frame: str = ""  # an open frame
    callbacks: str = ""  # by address
    callbacks_without_redis: str = ""  # by address, in each process, while Redis is away
    refused: str = ""  # by address: requests of partners and frames that proved nothing


@dataclass(frozen=True)
class BoxLimits:
    """How much one business may put into its data box."""

    documents: int = 500  # kept at a time
    uploads_a_day: int = 60  # refused ones too
    file_bytes: int = 1 << 20  # never more: no body of any request is larger


# In a demo everybody comes from one address; in production a mobile network may hide many people behind one.
RATE_LIMITS = {
    "production": RateLimits(
        public="120/minute",
        sign_in="60/minute;600/hour",
        partner="6000/minute",
        partner_key="3000/minute",
        frame_entry="120/minute",
        frame="300/minute",
        callbacks="6000/minute",
        callbacks_without_redis="600/minute",
        refused="120/minute",
    ),
    "demo": RateLimits(
        public="600/minute",
        sign_in="300/minute",
        partner="1500/minute",
        partner_key="1500/minute",
        frame_entry="600/minute",
        frame="600/minute",
        callbacks="6000/minute",
        callbacks_without_redis="600/minute",
        refused="600/minute",
    ),
    "test": RateLimits(),
}
_RATE_LIMIT = re.compile(r"[1-9][0-9]*/(second|minute|hour|day)(;[1-9][0-9]*/(second|minute|hour|day))*")


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
    rate_limits: RateLimits = RateLimits()
    box_limits: BoxLimits = BoxLimits()

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read the environment; raises SettingsError naming the first setting that is missing or wrong."""
        env = os.environ if env is None else env
        environment = _required(env, "DUKOU_ENV")
        if environment not in ENVIRONMENTS:
            raise SettingsError(f"DUKOU_ENV is {environment!r}; it must be one of {', '.join(ENVIRONMENTS)}.")
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
            trusted_hops=_whole(env, "DUKOU_TRUSTED_HOPS", 0),
            web_threads=_whole(env, "DUKOU_WEB_THREADS", 8),
            rate_limits=_rate_limits(env, RATE_LIMITS[environment]),
            box_limits=_box_limits(env),
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


def _whole(env: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(env.get(name) or default)
    except ValueError as error:
        raise SettingsError(f"{name} must be a whole number.") from error


def _rate_limits(env: Mapping[str, str], usual: RateLimits) -> RateLimits:
    return RateLimits(
        **{name: _rate_limit(env, f"DUKOU_LIMIT_{name.upper()}", amount) for name, amount in asdict(usual).items()}
    )


def _rate_limit(env: Mapping[str, str], name: str, usual: str) -> str:
    asked = env.get(name, "").strip() or usual
    if asked in ("", "off"):
        return ""
    if not _RATE_LIMIT.fullmatch(asked):
        raise SettingsError(f"{name} is {asked!r}; write it as 120/minute or 60/minute;600/hour, or off.")
    return asked


def _box_limits(env: Mapping[str, str]) -> BoxLimits:
    names = {name: f"DUKOU_BOX_{name.upper()}" for name in asdict(BoxLimits())}
    found = BoxLimits(**{name: _whole(env, names[name], usual) for name, usual in asdict(BoxLimits()).items()})
    for name, most in (("documents", 10**6), ("uploads_a_day", 10**6), ("file_bytes", BoxLimits.file_bytes)):
        if not 0 < getattr(found, name) <= most:
            raise SettingsError(f"{names[name]} must be from 1 to {most}.")
    return found


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
