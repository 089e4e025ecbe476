"""The wish to stop: Ctrl-C, SIGTERM or SIGHUP set it; a second one asks to hurry."""

from __future__ import annotations

import signal
import threading
from types import FrameType


class Stopped(Exception):
    """Raised out of a long step when a person asked to stop."""


class Stopping:
    """Set by signals, looked at by every loop of the launcher."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self.hurry = False

    def listen(self) -> None:
        """Take the three signals; explicitly, since a background job inherits SIGINT as ignored."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def ask(self) -> None:
        """What a signal does, without one."""
        self.hurry = self._asked.is_set()
        self._asked.set()

    @property
    def asked(self) -> bool:
        """Whether somebody asked to stop."""
        return self._asked.is_set()

    def pause(self, seconds: float) -> None:
        """Wait, and raise Stopped as soon as somebody asks to stop."""
        if self._asked.wait(seconds):
            raise Stopped

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.ask()
