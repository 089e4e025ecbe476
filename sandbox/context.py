"""What every part of the sandbox can reach: the store, the keys, the clock, the timers and the two addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import current_app

from sandbox.store import Store
from sandbox.timers import Timers

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass
class World:
    """The state of one running sandbox. `keys` is the content of world.json."""

    store: Store
    keys: dict[str, Any]
    base_url: str
    bank_url: str
    clock: Callable[[], datetime]
    timers: Timers

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return self.clock()

    def local(self) -> datetime:
        """The present instant on a clock in Shanghai, where every vendor writes its times."""
        return self.clock().astimezone(SHANGHAI)

    def today(self) -> date:
        """The business day in Shanghai."""
        return self.local().date()

    def seconds(self) -> float:
        """The present instant in Unix seconds."""
        return self.clock().timestamp()


def current() -> World:
    """The World of the application that answers this request."""
    return cast(World, current_app.extensions["sandbox"])


def system_clock() -> datetime:
    """The clock of the machine."""
    return datetime.now(UTC)
