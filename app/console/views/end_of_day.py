"""The end of day as staff see it: where it stands, how fast it goes, how long it still takes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.loans import queries as loans


def state(session: Session) -> dict[str, Any]:
    """`empty`, `done`, `waiting`, `running` or `broken`, with the progress of the day that is being closed."""
    found = loans.end_of_day(session)
    shown: dict[str, Any] = {"state": found.state, "days_open": found.days_open, "day": None}
    if found.progress:
        on = found.progress
        shown |= {
            "day": on.day,
            "chunks": on.chunks,
            "chunks_done": on.chunks_done,
            "percent": int(on.share * 100) if on.chunks else 0,
            "loans_done": on.loans_done,
            "loans_a_second": on.loans_a_second,
            "left": None if on.left is None else clock_face(on.left),
            "begun_at": on.closing_at,
        }
    return shown


def clock_face(length: timedelta) -> str:
    """`0:07`, `12:30`, `1:02:03`: minutes and seconds, hours where there are any."""
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
