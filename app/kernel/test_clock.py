"""The clock of a test deployment: one row says how far its business time is ahead of the machines; it only grows.

Processes of such a deployment read the row at the beginning of their transactions, at most five times a second.
Production neither reads nor moves it: its settings refuse the switch that would.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, CheckConstraint, SmallInteger, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel import clock
from app.kernel.db import Base

FRESH_S = 0.2
_read_at = float("-inf")


class TestClock(Base):
    """The one row; a trigger refuses less than before."""

    __test__ = False  # no test, whatever pytest makes of the name
    __tablename__ = "test_clock"
    __table_args__ = (CheckConstraint("id = 1", name="id"), CheckConstraint("ahead_s >= 0", name="ahead_s"))

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    ahead_s: Mapped[int] = mapped_column(BigInteger)


def follow(session: Session) -> None:
    """Let this process's clock follow the row."""
    if time.monotonic() - _read_at >= FRESH_S:
        _take(ahead(session))


def ahead(session: Session) -> timedelta:
    """How far business is ahead of the machines."""
    found = session.execute(text("SELECT ahead_s FROM test_clock")).scalar_one()
    return timedelta(seconds=found)


def advance_to(session: Session, instant: datetime) -> timedelta:
    """Move the row on until business shows an instant; what waits in the queue comes nearer by the same time.

    An instant that is past changes nothing. Answers how far it is ahead now; the caller commits and then says it to
    this process by `follow`. Jobs that run keep the time at which they were taken.
    """
    before = timedelta(seconds=session.execute(text("SELECT ahead_s FROM test_clock FOR UPDATE")).scalar_one())
    step_s = max(0, round((instant - clock.machine() - before).total_seconds()))
    if step_s:
        moved = {"step_s": step_s}
        session.execute(text("UPDATE test_clock SET ahead_s = ahead_s + :step_s"), moved)
        session.execute(
            text(
                "UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - make_interval(secs => :step_s)"
                " WHERE status = 'todo' AND scheduled_at IS NOT NULL"
            ),
            moved,
        )
    return before + timedelta(seconds=step_s)


def look_again() -> None:
    """The next transaction reads the row, however fresh it is."""
    global _read_at  # noqa: PLW0603  the process has one clock
    _read_at = float("-inf")


def _take(found: timedelta) -> None:
    global _read_at  # noqa: PLW0603  the process has one clock
    clock.set_ahead(found)
    _read_at = time.monotonic()
