"""Small facts about processes: one that ends with us, one that is still alive, the end of its log."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

LOG_LIMIT_BYTES = 20_000_000

Argv = list[str | Path]


@functools.cache
def _can_guard() -> bool:
    """Linux has the death signal; BusyBox's setpriv and macOS have not."""
    program = shutil.which("setpriv")
    if not program:
        return False
    probe = subprocess.run([program, "--pdeathsig", "TERM", "--", "true"], check=False, capture_output=True)
    return probe.returncode == 0


def ends_with_us(argv: Sequence[str | Path], signal_name: str) -> Argv:
    """The command, wrapped so that the kernel sends it this signal when we die, even by kill -9."""
    guard = ["setpriv", "--pdeathsig", signal_name, "--"] if _can_guard() else []
    return [*guard, *argv]


def is_alive(pid: int) -> bool:
    """Whether the process runs; a child of ours that ended is reaped, since a zombie still answers signals."""
    try:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    except ChildProcessError:  # somebody else's child
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def trim_log(log: Path) -> None:
    """Keep one older log, so that a state that lives for months does not fill the disk."""
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".old.log"))


def log_tail(log: Path, lines: int = 3) -> str:
    """The last lines of a log in one line, for the sentence that says why a program did not start."""
    if not log.exists():
        return "(empty)"
    return " | ".join(log.read_text(errors="replace").splitlines()[-lines:]) or "(empty)"
