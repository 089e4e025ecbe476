"""When and where staff may expect a customer."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.kernel.errors import NotFound, Unprocessable

STATES = {("made", "cancelled"): "cancelled"}
SOONEST, LATEST = timedelta(minutes=30), timedelta(days=90)
PLACE_LENGTHS = range(2, 61)


class AppointmentImpossible(Unprocessable):
    """The time is too soon or too far away, or no place is named."""

    code = "appointment.impossible"


class AppointmentUnknown(NotFound):
    code = "appointment.unknown"


def check(starts_at: datetime, place: str, now: datetime) -> str:
    """The place in its normal form. Raises AppointmentImpossible."""
    words = " ".join("".join(char if char.isprintable() else " " for char in place).split())
    if not now + SOONEST <= starts_at <= now + LATEST or len(words) not in PLACE_LENGTHS:
        raise AppointmentImpossible("A time from half an hour to 90 days from now, and a place, are needed.")
    return words
