"""What every part of the sandbox can reach: the store, the keys, the clock, the timers and the two addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import current_app

from sandbox.store import Store
from sandbox.timers import Timers

SHANGHAI = ZoneInfo("Asia/Shanghai")
AHEAD = ("clock", "ahead")


@dataclass
class World:
    """The state of one running sandbox. `keys` is the content of world.json."""

    store: Store
    keys: dict[str, Any]
    base_url: str
    bank_url: str
    clock: Callable[[], datetime]
    timers: Timers

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        """The present instant of business, aware, in UTC: as far ahead as the bank's test clock."""
        return self.clock() + self.ahead

    def local(self) -> datetime:
        """The present instant on a clock in Shanghai, where every vendor writes its times."""
        return self.now().astimezone(SHANGHAI)

    def today(self) -> date:
        """The business day in Shanghai."""
        return self.local().date()

    def seconds(self) -> float:
        """The present instant in Unix seconds."""
        return self.now().timestamp()

    def wire_seconds(self) -> float:
        """The time of the machines in Unix seconds: what proves that a message is fresh."""
        return self.clock().timestamp()

    def keep_time(self, ahead: timedelta) -> None:
        """Show the bank's test clock from now on, also after a restart."""
        self.store.put(*AHEAD, {"ahead_s": int(ahead.total_seconds())})
        self.ahead = ahead

    def take_up_time(self) -> None:
        """As far ahead as the store says."""
        self.ahead = timedelta(seconds=(self.store.get(*AHEAD) or {"ahead_s": 0})["ahead_s"])


def current() -> World:
    """The World of the application that answers this request."""
    return cast(World, current_app.extensions["sandbox"])


def system_clock() -> datetime:
    """The clock of the machine."""
    return datetime.now(UTC)
