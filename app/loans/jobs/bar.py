"""The progress of an end of day as one line of text: a bar, the rate, the time left."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, timedelta

from app.loans.queries import DayProgress

WIDTH = 30


def line(progress: DayProgress) -> str:
    """`2026-11-23 [######........] 12/40 chunks, 60,000 loans, 24,000/s, 0:00:06 left`."""
    full = int(progress.share * WIDTH)
    bar = "#" * full + "." * (WIDTH - full)
    done = f"{progress.chunks_done}/{progress.chunks} chunks, {progress.loans_done:,} loans"
    left = "?" if progress.left is None else timedelta(seconds=round(progress.left.total_seconds()))
    return f"{progress.day} [{bar}] {done}, {progress.loans_a_second or 0:,.0f}/s, {left} left"


def reporter(write: Callable[[str], object] = sys.stderr.write) -> Callable[[DayProgress], None]:
    """Writes the line of each report over the one before; a new day begins a new line."""
    days: set[date] = set()

    def report(progress: DayProgress) -> None:
        write("\n" if days and progress.day not in days else "\r")
        days.add(progress.day)
        write(line(progress))

    return report
