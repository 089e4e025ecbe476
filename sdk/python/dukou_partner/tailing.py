"""The log of one's own requests, followed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from dukou_partner.client import Client

PAUSE_S = 1.0
# The bank's processes write side by side: a line may appear after one of the same millisecond, or of a later one.
OVERLAP = timedelta(seconds=2)


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
    begins = _instant(since or client.get("/whoami")["server_time"])
    newest, done, told = begins, 0, dict[str, datetime]()
    while True:
        for call in _since(client, max(begins, newest - OVERLAP), status):
            if call["request_id"] in told:
                continue
            told[call["request_id"]] = at = _instant(call["at"])
            newest, done = max(newest, at), done + 1
            say(_line(call))
            if count is not None and done >= count:
                return done
        told = {name: at for name, at in told.items() if at > newest - 2 * OVERLAP}
        sleep(PAUSE_S)


def _since(client: Client, after: datetime, status: str) -> Iterator[dict[str, Any]]:
    """Oldest first, a hundred at a time until none is left."""
    while calls := client.get("/calls", after=after.isoformat(), status=status)["items"]:
        yield from calls
        after = _instant(calls[-1]["at"])


def _line(call: dict[str, Any]) -> str:
    refused = f" {call['code']}" if call["code"] else ""
    asked = f"{call['method']} {call['route']} {call['status']}{refused}"
    return f"{call['at']} {asked} {call['duration_ms']} ms {call['request_id']}"


def _instant(value: str) -> datetime:
    return datetime.fromisoformat(value.replace("Z", "+00:00"))
