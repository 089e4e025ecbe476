"""How far the end of a day is, and the days that were closed; for the console and the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.ledger import queries as ledger
from app.loans.models import ClassChange, EndOfDayChunk


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
    return DayProgress(
        day=day,
        state=row.state if row else "open",
        working=ledger.is_working_day(session, day),
        chunks=chunks,
        chunks_done=done,
        loans_done=int(loans),
        closing_at=row.closing_at if row else None,
        closed_at=row.closed_at if row else None,
        digest=row.digest if row else None,
    )
