"""What the person at the terminal sees while things start: one line a step, with its duration."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def say(text: str = "", end: str = "\n") -> None:
    """Print; a reader that went away (`make run | head`, a closed terminal) must not stop the servers' clean end."""
    try:
        print(text, end=end, flush=True)
    except OSError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


def step(what: str, action: Callable[[], T]) -> T:
    """Do it, saying what and how long it took."""
    began = time.monotonic()
    say(f"  {what} … ", end="")
    try:
        result = action()
    except BaseException:
        say("")
        raise
    say(f"{time.monotonic() - began:.1f} s")
    return result
