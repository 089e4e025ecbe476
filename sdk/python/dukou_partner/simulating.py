"""The clock of a test deployment: seen, and moved on with the days counted as they end."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from dukou_partner.client import Client

PAUSE_S = 0.5
_STEP = re.compile(r"(?:(?P<days>[0-9]{1,3})d)?(?:(?P<hours>[0-9]{1,4})h)?")


def read_step(written: str) -> dict[str, int]:
    """`30d`, `12h` or `1d6h` as the bank wants it. Raises ValueError."""
    found = _STEP.fullmatch(written)
    step = {name: int(number or 0) for name, number in found.groupdict().items()} if found else {}
    if not any(step.values()):
        raise ValueError(f"{written!r} is no step: write 30d, 12h or 1d6h.")
    return step


def advance_clock(
    client: Client,
    step: dict[str, int],
    *,
    say: Callable[[str], None] = print,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Move the clock on and wait until it stands; one line a day that ended, answers the instant. Raises DukouError."""
    way: Any = client.post("/test/clock/advances", step)
    said = 0
    while True:
        if way["days_done"] > said:
            said = way["days_done"]
            say(f"{way['reached_at']} day {said} of {way['days']}")
        if way["status"] == "done":
            return str(client.get("/test/clock")["now"])
        sleep(PAUSE_S)
        way = client.get(f"/test/clock/advances/{way['id']}")
