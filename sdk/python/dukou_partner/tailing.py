"""The log of one's own requests, followed."""

from __future__ import annotations

import time
from collections.abc import Callable

from dukou_partner.client import Client

PAUSE_S = 1.0


def tail_calls(
    client: Client,
    *,
    status: str = "",
    since: str | None = None,
    count: int | None = None,
    say: Callable[[str], None] = print,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """One line a request from `since` (default: now) on; answers how many when `count` ends it. Raises DukouError."""
    after = since or client.get("/whoami")["server_time"]
    done = 0
    while True:
        for call in client.get("/calls", after=after, status=status)["items"]:
            after, done = call["at"], done + 1
            refused = f" {call['code']}" if call["code"] else ""
            asked = f"{call['method']} {call['route']} {call['status']}{refused}"
            say(f"{call['at']} {asked} {call['duration_ms']} ms {call['request_id']}")
            if count is not None and done >= count:
                return done
        sleep(PAUSE_S)
