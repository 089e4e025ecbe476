"""Programs that outlived a killed launcher: remembered in the state folder, ended before the next start."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from launcher.children import Child, end_group
from launcher.processes import is_alive
from launcher.state import State


def remember(state: State, children: Sequence[Child]) -> None:
    """Write down who runs, with the time each began: a process number alone may belong to another program later."""
    running = {str(child.process.pid): began(child.process.pid) for child in children}
    state.children.write_text(json.dumps(running))


def forget(state: State) -> None:
    """After a clean stop."""
    state.children.unlink(missing_ok=True)


def end_leftovers(state: State, grace_s: float = 5) -> bool:
    """End what a killed launcher left running; whether it was killed at all."""
    try:
        running: dict[str, str | None] = json.loads(state.children.read_text())
    except FileNotFoundError:
        return False
    except ValueError:  # cut short while it was written
        running = {}
    ours = [int(pid) for pid, then in running.items() if then and began(int(pid)) == then]
    for pid in ours:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + grace_s
    while any(is_alive(pid) for pid in ours) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in ours:
        end_group(pid)
    forget(state)
    return True


def began(pid: int) -> str | None:
    """When a process began, as the system writes it; None when there is no such process."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            return stat.read_text().rpartition(")")[2].split()[19]  # field 22, counted after the name
        except OSError:
            return None
    done = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], check=False, capture_output=True, text=True)
    return done.stdout.strip() or None
