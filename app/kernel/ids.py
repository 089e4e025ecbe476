"""Identifiers made in the program: time-ordered UUIDs, secret tokens, and numbers for the outside world."""

from __future__ import annotations

import secrets
import threading
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from app.kernel import clock

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


_turn = threading.Lock()
_last = 0  # 48 bits of milliseconds, 12 bits of counter


def new_id() -> UUID:
    """A UUID version 7 (RFC 9562 §5.7 and §6.2 method 1): milliseconds, a counter, 62 random bits.

    Identifiers made by one process within one millisecond keep their order, so that lists by time are stable.
    """
    global _last  # noqa: PLW0603  # the counter of this process
    milliseconds = int(clock.now().timestamp() * 1000) & (1 << 48) - 1
    with _turn:
        same = _last >> 12 == milliseconds
        _last = _last + 1 if same else milliseconds << 12 | secrets.randbits(11)
        made = _last
    value = (made >> 12) << 80 | 0x7 << 76 | (made & 0xFFF) << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)


def new_token(prefix: str, entropy_bytes: int = 32) -> str:
    """A secret for the outside, such as `ect_…`; only its hash is stored."""
    return f"{prefix}_{secrets.token_urlsafe(entropy_bytes)}"


def outside_number(prefix: str, identifier: UUID) -> str:
    """A number for a vendor, 6–32 characters of 0-9A-Z, derived from our id so that a retry sends the same one."""
    value, digits = identifier.int, ""
    for _ in range(26):
        digits = _ALPHABET[value & 31] + digits
        value >>= 5
    return f"{prefix}{digits}"


def named(kind: str, name: str) -> UUID:
    """The same UUID for the same outside thing, such as a transaction that has no row of ours."""
    return uuid5(NAMESPACE_URL, f"dukou:{kind}:{name}")


def document_number(prefix: str, identifier: UUID) -> str:
    """A number people can read out, such as AP-20261123-7K2M9QXA: the day of the id, then 40 of its random bits."""
    made_at = datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)
    digits = "".join(_ALPHABET[identifier.int >> shift & 31] for shift in range(35, -1, -5))
    return f"{prefix}-{clock.local_day(made_at):%Y%m%d}-{digits}"
