"""Points at which a drill ends the process as `kill -9` would: between a commit and a call, or a call and a commit."""

from __future__ import annotations

import os
from pathlib import Path


def reach(name: str) -> None:
    """End this process at once if a drill armed this point; without DUKOU_ENV=test it never does anything.

    A point is armed by a file of its name in the folder DUKOU_CRASH_POINTS. Whoever removes the file dies, so that a
    point strikes once however many processes pass it and however often they are started again.
    """
    folder = os.environ.get("DUKOU_CRASH_POINTS")
    if not folder or os.environ.get("DUKOU_ENV") != "test":
        return
    try:
        (Path(folder) / name).unlink()
    except FileNotFoundError:
        return
    os._exit(137)  # what the shell says of a process that SIGKILL ended: no clean-up, no answer, no roll-back
