"""The progress of an end of day as one line of text: a bar, the rate, the time left."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, timedelta

from app.kernel import clock
from app.loans.queries import DayProgress

WIDTH = 30


def line(progress: DayProgress, seconds: float) -> str:
    """`2026-11-23 [######........] 12/40 chunks, 60,000 loans, 24,000/s, 0:00:06 left`."""
    share = progress.chunks_done / progress.chunks if progress.chunks else 1.0
    full = int(share * WIDTH)
    rate = progress.loans_done / seconds if seconds > 0 else 0.0
    left = timedelta(seconds=round(seconds / share - seconds)) if share and seconds > 0 else "?"
    bar = "#" * full + "." * (WIDTH - full)
    done = f"{progress.chunks_done}/{progress.chunks} chunks, {progress.loans_done:,} loans"
    return f"{progress.day} [{bar}] {done}, {rate:,.0f}/s, {left} left"


def reporter(write: Callable[[str], object] = sys.stderr.write) -> Callable[[DayProgress], None]:
    """Writes the line of each report over the one before; a new day begins a new line."""
    days: set[date] = set()

    def report(progress: DayProgress) -> None:
        write("\n" if days and progress.day not in days else "\r")
        days.add(progress.day)
        passed = clock.now() - (progress.closing_at or clock.now())
        write(line(progress, passed.total_seconds()))

    return report
