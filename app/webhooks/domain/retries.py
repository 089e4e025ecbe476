"""When a delivery is tried again, how hard an endpoint may be pressed, and when it is given up."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from app.kernel import states

# https://github.com/standard-webhooks/standard-webhooks, "Deliverability and reliability": ten tries in 75 h 35 min 5 s
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.1
MOST_REPLAYED = 1000  # events in one call
KEPT = timedelta(days=90)
SETTLED_AFTER = timedelta(seconds=10)  # ids are made before their commit: no younger one can slip in below this age
ANSWER_WITHIN_S = 15.0
LOST_AFTER = timedelta(seconds=30)  # an attempt without result after this died with its process
FAILING_LIMIT = timedelta(days=5)
LONGEST_RETRY_AFTER = timedelta(hours=24)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)
QUICK_MS = 3_000  # whoever needs longer for an answer is served beside the others
# Of the worker's threads one endpoint takes so many at once: two while it answers well, one while it does not, or
# until it has.
IN_FLIGHT, IN_FLIGHT_UNPROVEN = 2, 1

ENDPOINT_STATES: states.Table = {
    ("active", "disable"): "disabled",
    ("disabled", "enable"): "active",
}


def next_wait(failures: int, retry_after: timedelta | None) -> timedelta | None:
    """How long to wait after this many failures in a row; None after the last try. Jitter: up to a tenth more."""
    if failures > len(WAITS):
        return None
    wait = WAITS[failures - 1] * random.uniform(1, 1 + JITTER)  # noqa: S311  jitter, not a secret
    return max(wait, retry_after) if retry_after else wait


def pause(timeouts: int) -> timedelta:
    """How long new messages leave an endpoint alone that has let so many deliveries in a row time out."""
    doublings: int = 2 ** min(timeouts - 1, 10)
    return min(FIRST_PAUSE * doublings, LONGEST_PAUSE)


def read_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Seconds or an HTTP date (RFC 9110 §10.2.3), at most a day; None for anything else."""
    if not value:
        return None
    if value.isascii() and value.isdigit() and len(value) < 10:
        asked = timedelta(seconds=int(value))
    else:
        try:
            instant = parsedate_to_datetime(value)
        except (ValueError, OverflowError):  # a zone of 10^14 hours
            return None
        asked = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)) - now
    return min(asked, LONGEST_RETRY_AFTER) if asked > timedelta(0) else None
