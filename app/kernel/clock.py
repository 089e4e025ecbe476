"""The one clock: aware instants in UTC, business days in China; a test or a test deployment can own it.

Two times are told apart. `now` is the time in which loans live: a test deployment may be ahead (`kernel.test_clock`).
`machine` is the time of the machines: what proves freshness between two of them, and how long a person stays signed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], datetime]


def _system() -> datetime:
    return datetime.now(UTC)


_current: Clock = _system
_ahead = timedelta(0)


def now() -> datetime:
    """The present instant of business, aware, in UTC."""
    return _current() + _ahead


def machine() -> datetime:
    """The instant that every other machine shows, aware, in UTC: for signatures between machines, never for loans."""
    return _current()


def set_ahead(ahead: timedelta) -> None:
    """How far business is ahead of the machines; only a test deployment's `kernel.test_clock` says anything but 0."""
    global _ahead  # noqa: PLW0603  the process has one clock on purpose
    _ahead = ahead


def today() -> date:
    """The present day in China."""
    return local_day(now())


def local_day(instant: datetime) -> date:
    """The calendar day in China at an aware instant."""
    return instant.astimezone(CHINA).date()


def day_begins(on: date) -> datetime:
    """The instant at which a calendar day begins in China."""
    return datetime.combine(on, time.min, CHINA)


def use(clock: Clock | None) -> None:
    """Install another clock for this process; None restores the system's."""
    global _current  # noqa: PLW0603  the process has one clock on purpose
    _current = clock or _system


@contextmanager
def at(instant: datetime) -> Iterator[Callable[[timedelta], None]]:
    """Stand still at an instant; the yielded function moves it on. For tests."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    held = [instant]
    before = _current
    use(lambda: held[0])
    try:
        yield lambda step: held.__setitem__(0, held[0] + step)
    finally:
        use(before)
