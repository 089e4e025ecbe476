"""The wish to stop: Ctrl-C, SIGTERM, SIGHUP, a closed terminal or the end of `make`; a second one asks to hurry."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType


class Stopped(Exception):
    """Raised out of a long step when a person asked to stop."""


class Stopping:
    """Set by signals, looked at by every loop of the launcher."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self.hurry = False
        self._terminal = sys.stdout.fileno() if sys.stdout.isatty() else None
        self._make = os.getppid() if "MAKELEVEL" in os.environ else None

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
        if self._asked.wait(seconds) or self._abandoned():
            raise Stopped

    def _abandoned(self) -> bool:
        """A terminal that closes tells only the first process in it, and `make` neither passes that on nor tells us
        that it was killed; the servers must not run on unseen."""
        terminal_gone = self._terminal is not None and not os.isatty(self._terminal)
        return terminal_gone or (self._make is not None and os.getppid() != self._make)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.ask()
