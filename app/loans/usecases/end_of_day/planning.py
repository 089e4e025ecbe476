"""Which days are to be closed, and the chunks of one day."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.metadata import version

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine.calendar import is_working_day
from app.engine.errors import CalendarError
from app.kernel import clock
from app.ledger import queries as ledger_queries
from app.ledger import usecases as ledger
from app.ledger.domain import DayNotOver
from app.loans.models import EndOfDayChunk
from app.loans.usecases.end_of_day.statements import statement

log = structlog.get_logger(__name__)
CALENDAR_SOURCE = "State Council's yearly notice, through chinesecalendar"
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
    _keep_calendar(session, day)
    if session.scalar(select(EndOfDayChunk.number).where(EndOfDayChunk.day == day).limit(1)) is None:
        session.execute(statement("plan"), {"day": day, "chunk": chunk})


def _keep_calendar(session: Session, day: date) -> None:
    """The working days of a day's year, once the State Council has announced them.

    Interest runs and days are closed on every day of the calendar, so a year that is not known yet holds nothing up;
    it is said loudly, because due days of such a year could not be moved (`engine.calendar` refuses them).
    """
    if ledger_queries.is_working_day(session, day) is not None:
        return
    first, after = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    try:
        days = {one: is_working_day(one) for one in (first + timedelta(days=n) for n in range((after - first).days))}
    except CalendarError as error:
        log.error("no working-day calendar", year=day.year, code=error.code)
        return
    ledger.keep_calendar(session, days=days, source=f"{CALENDAR_SOURCE} {version('chinesecalendar')}")
