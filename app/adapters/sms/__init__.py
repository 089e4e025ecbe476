"""Short messages by template; the number that we give a message makes a repeat harmless."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from app.kernel.errors import Unavailable


class SmsUnavailable(Unavailable):
    """The vendor cannot be reached: send again with the same message_no."""

    code = "sms.unavailable"


class Sms(Protocol):
    """The bank's SMS vendor."""

    def send(self, *, message_no: str, phone: str, template: str, params: Mapping[str, str]) -> None:
        """Hand one message over; the same message_no is delivered once. Raises SmsUnavailable, PortRefused."""
