"""How much callers may ask and businesses may store: amounts by environment, each of them a setting."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from config.errors import SettingsError


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


def whole(env: Mapping[str, str], name: str, default: int) -> int:
    """A whole number. Raises SettingsError."""
    try:
        return int(env.get(name) or default)
    except ValueError as error:
        raise SettingsError(f"{name} must be a whole number.") from error


def rate_limits(env: Mapping[str, str], environment: str) -> RateLimits:
    """The amounts of an environment, as far as single ones are not set. Raises SettingsError."""
    usual = RATE_LIMITS[environment]
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


def box_limits(env: Mapping[str, str]) -> BoxLimits:
    """Of data boxes. Raises SettingsError."""
    names = {name: f"DUKOU_BOX_{name.upper()}" for name in asdict(BoxLimits())}
    found = BoxLimits(**{name: whole(env, names[name], usual) for name, usual in asdict(BoxLimits()).items()})
    for name, most in (("documents", 10**6), ("uploads_a_day", 10**6), ("file_bytes", BoxLimits.file_bytes)):
        if not 0 < getattr(found, name) <= most:
            raise SettingsError(f"{names[name]} must be from 1 to {most}.")
    return found
