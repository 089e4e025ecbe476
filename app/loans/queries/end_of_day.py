"""How far the end of a day is, and the days that were closed; for the console and the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.kernel import clock, db
from app.ledger import queries as ledger
from app.loans.models import ClassChange, EndOfDayChunk

ALONE = "end_of_day"  # the name under which one process at a time closes days
PAUSE = timedelta(minutes=1)  # a chunk takes less than a second: whoever is silent for longer was not at work
_WORKED = text(
    "SELECT sum(least(done_at - before, :pause)) FROM (SELECT done_at,"
    " coalesce(lag(done_at) OVER (ORDER BY done_at, number), :closing_at) AS before"
    " FROM end_of_day_chunks WHERE day = :day AND done_at IS NOT NULL) AS chunks"
)


@dataclass(frozen=True)
class DayProgress:
    """One business day: its state, and how many chunks and loans of it are done."""

    day: date
    state: str  # open, closing, closed
    working: bool | None  # None: the calendar of that year is not known
    chunks: int
    chunks_done: int
    loans_done: int
    closing_at: datetime | None
    closed_at: datetime | None
    digest: str | None
    worked: timedelta = timedelta()  # from chunk to chunk; a pause counts as at most `PAUSE`

    @property
    def share(self) -> float:
        """What part of the day's chunks is done; a day without loans is done at once."""
        return self.chunks_done / self.chunks if self.chunks else 1.0

    @property
    def loans_a_second(self) -> float | None:
        """How fast loans are brought through the day; None as long as nothing is done."""
        return self.loans_done / self.worked.total_seconds() if self.worked else None

    @property
    def left(self) -> timedelta | None:
        """How long the chunks that are left take at this rate; None as long as there is none."""
        return self.worked * (1 / self.share - 1) if self.worked and self.share else None


@dataclass(frozen=True)
class EndOfDay:
    """Where the end of day stands now."""

    state: str  # empty, done, waiting, running, broken
    days_open: int  # days that are over and not closed, the one that is being closed included
    progress: DayProgress | None  # of the first of them


def end_of_day(session: Session) -> EndOfDay:
    """Where the end of day stands: `broken` when a day is being closed and nobody works on it."""
    first = ledger.first_open_day(session)
    if first is None:
        return EndOfDay("empty", 0, None)
    days_open = max(0, (clock.today() - first).days)
    if not days_open:
        return EndOfDay("done", 0, None)
    progress = day_progress(session, first)
    if db.somebody_inside(session, ALONE):
        return EndOfDay("running", days_open, progress)
    return EndOfDay("broken" if progress.state == "closing" else "waiting", days_open, progress)


def day_progress(session: Session, day: date) -> DayProgress:
    """How far the end of one day is."""
    return _with_chunks(session, day, ledger.business_day(session, day))


def newest_days(session: Session, limit: int = 14) -> list[DayProgress]:
    """The newest days that are being closed or are closed, newest first."""
    return [_with_chunks(session, found.day, found) for found in ledger.newest_days(session, limit)]


def open_proposals(session: Session) -> Sequence[ClassChange]:
    """Better classes that wait for staff, oldest first."""
    query = select(ClassChange).where(ClassChange.status == "proposed").order_by(ClassChange.id)
    return session.scalars(query).all()


def decided_proposals(session: Session, limit: int) -> Sequence[ClassChange]:
    """What staff said to better classes, newest first."""
    query = select(ClassChange).where(ClassChange.decided_at.is_not(None)).order_by(ClassChange.decided_at.desc())
    return session.scalars(query.limit(limit)).all()


def class_changes(session: Session, loan_id: object) -> Sequence[ClassChange]:
    """The changes of one loan's class, oldest first."""
    return session.scalars(select(ClassChange).where(ClassChange.loan_id == loan_id).order_by(ClassChange.id)).all()


def _with_chunks(session: Session, day: date, row: ledger.Day | None) -> DayProgress:
    chunks, done, loans = session.execute(
        select(
            func.count(), func.count(EndOfDayChunk.done_at), func.coalesce(func.sum(EndOfDayChunk.loans), 0)
        ).where(EndOfDayChunk.day == day)
    ).one()
    begun = row.closing_at if row else None
    worked = session.scalar(_WORKED, {"day": day, "closing_at": begun, "pause": PAUSE}) if done else None
    return DayProgress(
        day=day,
        state=row.state if row else "open",
        working=ledger.is_working_day(session, day),
        chunks=chunks,
        chunks_done=done,
        loans_done=int(loans),
        closing_at=begun,
        closed_at=row.closed_at if row else None,
        digest=row.digest if row else None,
        worked=worked or timedelta(),
    )
