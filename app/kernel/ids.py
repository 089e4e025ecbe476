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


def first_id_at(instant: datetime) -> UUID:
    """No id that was made at this instant or later is smaller."""
    return UUID(int=(int(instant.timestamp() * 1000) & (1 << 48) - 1) << 80)


def new_token(prefix: str, entropy_bytes: int = 32) -> str:
    """A secret for the outside, such as `ect_…`; only its hash is stored."""
    return f"{prefix}_{secrets.token_urlsafe(entropy_bytes)}"


def outside_number(prefix: str, identifier: UUID) -> str:
    """A number for a vendor, 6–32 characters of 0-9A-Z, derived from our id so that a retry sends the same one."""
    return f"{prefix}{digits(identifier.int, 26)}"


def digits(value: int, length: int) -> str:
    """The lowest 5 × `length` bits in 0-9A-Z without I, L, O and U, which people misread."""
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(5 * (length - 1), -1, -5))


def named(kind: str, name: str) -> UUID:
    """The same UUID for the same outside thing, such as a transaction that has no row of ours."""
    return uuid5(NAMESPACE_URL, f"dukou:{kind}:{name}")


def document_number(prefix: str, identifier: UUID) -> str:
    """A number people can read out, such as AP-20261123-7K2M9QXA: the day of the id, then 40 of its random bits."""
    made_at = datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)
    return f"{prefix}-{clock.local_day(made_at):%Y%m%d}-{digits(identifier.int, 8)}"
