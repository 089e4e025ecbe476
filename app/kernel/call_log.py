"""What partners' servers asked lately: a trace for their developers, kept in Redis and bounded; it may be lost.

Nothing of a request is kept but its method, route, outcome and names of requests and keys: no address, no path with
ids, no query, no body.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, cast

import structlog
from redis.exceptions import RedisError

from app.kernel import cache, clock

KEPT, COUNTED = timedelta(days=7), timedelta(days=15)
MOST, MOST_REFUSED = 5_000, 200  # calls of one owner; those that proved no key must not push others out
LEFT_ALONE_S = 5.0  # after a failure: a request waits for the time-out at most once
log = structlog.get_logger(__name__)
_ask_at = 0.0


@dataclass(frozen=True)
class Call:
    """One request and its outcome; `code` is empty unless it was refused, `key_id` is claimed unless `proven`."""

    at: str
    method: str
    route: str
    status: int
    code: str
    request_id: str
    key_id: str
    duration_ms: int

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.at)


@dataclass(frozen=True)
class Wanted:
    """What to look for; an empty member means anything. `status` is a number or a class such as `4xx`."""

    method: str = ""
    route: str = ""
    status: str = ""
    code: str = ""
    request_id: str = ""
    after: datetime | None = None

    def meets(self, call: Call) -> bool:
        return (
            (self.after is None or call.when > self.after)
            and self.method in ("", call.method)
            and self.route in call.route
            and self.status in ("", str(call.status), f"{call.status // 100}xx")
            and self.code in call.code
            and self.request_id in ("", call.request_id)
        )


def write(owner: str, call: Call, *, counted: bool) -> None:
    """Remember a call of this owner (a partner; `key:…` for what proved no key), and count it by day if `counted`."""
    global _ask_at  # noqa: PLW0603  one Redis a process
    if time.monotonic() < _ask_at:
        return
    pipeline = cache.redis().pipeline(transaction=False)
    stream = _stream(owner)
    row = {name: str(value) for name, value in asdict(call).items()}
    pipeline.xadd(stream, cast("Any", row), maxlen=MOST if counted else MOST_REFUSED, approximate=True)
    pipeline.expire(stream, KEPT)
    if counted:
        day = _day(owner, clock.local_day(call.when))
        pipeline.hincrby(day, "bad" if call.status >= 400 else "good", 1)
        pipeline.expire(day, COUNTED)
    try:
        pipeline.execute()
    except RedisError as error:
        log.warning("call_log", error=error.__class__.__name__)
        _ask_at = time.monotonic() + LEFT_ALONE_S


def ask_again() -> None:
    """Redis is there again, as far as we know."""
    global _ask_at  # noqa: PLW0603  one Redis a process
    _ask_at = 0.0


def calls(owners: Sequence[str], wanted: Wanted, *, most: int) -> list[Call]:
    """The newest that meet what is wanted, newest first, of seven days at most; nothing while Redis is away."""
    since = clock.now() - KEPT
    found = [call for owner in owners for call in _read(owner) if call.when >= since and wanted.meets(call)]
    return sorted(found, key=lambda call: call.when, reverse=True)[:most]


def by_day(owner: str, days: Sequence[date]) -> Mapping[date, tuple[int, int]]:
    """(went well, were refused) by day in China."""
    pipeline = cache.redis().pipeline(transaction=False)
    for on in days:
        pipeline.hmget(_day(owner, on), "good", "bad")
    try:
        counts = pipeline.execute()
    except RedisError as error:
        log.warning("call_log", error=error.__class__.__name__)
        return {}
    return {on: (int(good or 0), int(bad or 0)) for on, (good, bad) in zip(days, counts, strict=True)}


def _read(owner: str) -> Iterator[Call]:
    try:
        rows = cast("list[tuple[bytes, dict[bytes, bytes]]]", cache.redis().xrevrange(_stream(owner), count=MOST))
    except RedisError as error:
        log.warning("call_log", error=error.__class__.__name__)
        return
    for _, row in rows:
        told = {name.decode(): value.decode() for name, value in row.items()}
        numbers = {name: int(told[name]) for name in ("status", "duration_ms")}
        yield Call(**{one.name: told[one.name] for one in fields(Call)} | numbers)  # type: ignore[arg-type]


def _stream(owner: str) -> str:
    return f"calls:{owner}"


def _day(owner: str, on: date) -> str:
    return f"calls:{owner}:{on.isoformat()}"
