"""Which days are to be closed, and the chunks of one day."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import clock
from app.ledger import queries as ledger_queries
from app.ledger import usecases as ledger
from app.ledger.domain import DayNotOver
from app.loans.models import EndOfDayChunk
from app.loans.usecases.end_of_day.statements import statement

CHUNK = 5_000  # loans; a payment waits for at most one chunk, so it is kept well below a second


def days_to_close(session: Session, *, through: date | None) -> list[date]:
    """The open days up to `through` (default: yesterday in China), oldest first; empty when all are closed.

    Raises DayNotOver for today or a later day.
    """
    yesterday = clock.today() - timedelta(days=1)
    if through is not None and through > yesterday:
        raise DayNotOver("The day is not over yet.", day=str(through))
    first = ledger_queries.first_open_day(session)
    last = through or yesterday
    return [] if first is None else [first + timedelta(days=n) for n in range((last - first).days + 1)]


def open_day(session: Session, *, day: date, chunk: int = CHUNK) -> None:
    """Begin to close a day and plan its chunks; taking up a day that was broken off keeps its plan.

    Raises DayNotOver, DayClosed, DayMissing.
    """
    ledger.begin_closing(session, day=day)
    if session.scalar(select(EndOfDayChunk.number).where(EndOfDayChunk.day == day).limit(1)) is None:
        session.execute(statement("plan"), {"day": day, "chunk": chunk})
