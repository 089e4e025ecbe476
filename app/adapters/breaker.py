"""A circuit breaker: after a row of failures a vendor is left alone for a while, then asked once to see."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Breaker:
    """Opens after `failures` in a row, rests `rest_s`, then lets one call through; its outcome closes or reopens."""

    def __init__(
        self, failures: int = 5, rest_s: float = 10.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = failures
        self._rest_s = rest_s
        self._monotonic = monotonic
        self._row = 0
        self._shut_until = 0.0
        self._lock = threading.Lock()

    @property
    def closed(self) -> bool:
        """Calls pass freely."""
        return self._row < self._most

    def admit(self) -> bool:
        """May this call go out? While open, one call a rest period may; each admitted call must be noted."""
        with self._lock:
            if self.closed:
                return True
            now = self._monotonic()
            if now < self._shut_until:
                return False
            self._shut_until = now + self._rest_s  # the others wait for what this one finds
            return True

    def note(self, well: bool) -> None:
        """How an admitted call went."""
        with self._lock:
            self._row = 0 if well else self._row + 1
            if not self.closed:
                self._shut_until = self._monotonic() + self._rest_s
