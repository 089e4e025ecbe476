"""One-time codes sent to a phone: how they are made, how long they hold, how many may be asked for."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from uuid import UUID

from app.kernel.errors import TooMany, Unprocessable

PHONE = re.compile(r"1[3-9][0-9]{9}")  # mainland mobile numbers; segment tables change, the shape does not
CODE = re.compile(r"[0-9]{6}")

LIFETIME = timedelta(minutes=5)
TRIES = 5
TRIES_WINDOW = timedelta(minutes=15)  # wrong tries are also counted over all codes of one number
RESEND_AFTER = timedelta(seconds=60)


class CodeWrong(Unprocessable):
    """Not the code, or not for this phone and purpose; the same answer for all of these."""

    code = "phone_code.wrong"


class CodeExpired(Unprocessable):
    """The code is older than five minutes or was used."""

    code = "phone_code.expired"


class CodeSpent(Unprocessable):
    """Five wrong tries; ask for a new code."""

    code = "phone_code.tries_used_up"


class TooManyTries(TooMany):
    """Wrong tries over several codes of one number."""

    code = "phone_code.too_many_tries"


class TooManyCodes(TooMany):
    """Too many codes asked for this number, from this address, by this device or on this partner's pages."""

    code = "phone_code.too_many"


@dataclass(frozen=True)
class Limit:
    """At most `most` codes within `window`."""

    window: timedelta
    most: int


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A number's codes are counted purpose by purpose: a second factor may follow a sign-in at once.
# Addresses are generous: one mobile carrier's gateway stands for thousands of people.
LIMITS = {
    "address_index": (Limit(HOUR, 100), Limit(DAY, 500)),
    "device_index": (Limit(HOUR, 10), Limit(DAY, 30)),
    "partner_id": (Limit(HOUR, 2_000), Limit(DAY, 20_000)),
    "phone_index": (Limit(RESEND_AFTER, 1), Limit(HOUR, 5), Limit(DAY, 15)),
}


def make_code(key: bytes, code_id: UUID) -> str:
    """Six digits from a secret key and the row's id: HOTP (RFC 4226 §5.3) with SHA-256 and the id as moving factor.

    So the code stands nowhere, a repeat of an interrupted request sends the same one, and a copy of the table is
    worth nothing without the key.
    """
    mac = hmac.digest(key, code_id.bytes, "sha256")
    offset = mac[-1] & 0xF
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def network_of(address: str) -> str:
    """The address itself, or the /64 of an IPv6 address: one subscriber owns all of it."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network(f"{parsed}/64", strict=False)) if isinstance(parsed, IPv6Address) else str(parsed)
