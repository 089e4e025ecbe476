"""Closing business days: one after another, chunk by chunk; whoever takes up what was broken off goes on from there."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial

import structlog

from app.kernel import clock, crash_points, db
from app.kernel.db import retrying, transaction
from app.kernel.jobs import task
from app.loans import queries
from app.loans.domain import EndOfDayRunning
from app.loans.queries import DayProgress
from app.loans.usecases import end_of_day as steps
from app.loans.usecases import repricing

log = structlog.get_logger(__name__)
Report = Callable[[DayProgress], None]


@dataclass(frozen=True)
class Run:
    """How days are closed: loans a chunk, workers at once, and who hears of the progress."""

    chunk: int = steps.CHUNK
    workers: int = 1
    report: Report | None = None


@task("loans.end_of_day", cron="30 * * * *")
def end_of_day() -> None:
    """Half an hour after midnight in China, and every hour in case nobody was there: close what is over and open."""
    try:
        close_through(None, Run())
    except EndOfDayRunning:
        log.info("another process closes a day")


def close_through(through: date | None, run: Run) -> list[date]:
    """Close every open day up to `through` (default: yesterday in China), oldest first; answers the days.

    Raises EndOfDayRunning when another process does so, DayNotOver for today or later.
    """
    with db.alone(queries.ALONE) as alone:
        if not alone:
            raise EndOfDayRunning("Another process closes a day right now.")
        with transaction() as session:
            days = steps.days_to_close(session, through=through)
        for day in days:
            _reprice(day)
            _close(day, run)
        with transaction() as session:
            all_closed = not steps.days_to_close(session, through=None)
        if all_closed:
            _reprice(clock.today())
        return days


def _reprice(opens_on: date) -> None:
    """As a day opens, before anything is earned on it: the loans whose rate is set anew by then, chunk by chunk.

    Which of them wait for a rate is said loudly each time; what they miss is made good when it comes.
    """
    after, waiting = None, 0
    while chunk := retrying(partial(repricing.reprice_chunk, opens_on=opens_on, after=after)):
        crash_points.reach("repricing.committed")
        after, waiting = chunk.last_id, waiting + len(chunk.waiting)
    if waiting:
        log.error("loans wait for the rate of their repricing day", day=str(opens_on), loans=waiting)


def _close(day: date, run: Run) -> None:
    retrying(lambda session: steps.open_day(session, day=day, chunk=run.chunk))
    crash_points.reach("end_of_day.opened")
    if run.workers == 1:
        _work(day, run)
    else:
        with ThreadPoolExecutor(run.workers) as pool:
            for worker in [pool.submit(_work, day, run) for _ in range(run.workers)]:
                worker.result()
    crash_points.reach("end_of_day.counted")
    digest = retrying(lambda session: steps.close_day(session, day=day))
    crash_points.reach("end_of_day.closed")
    log.info("day closed", day=str(day), digest=digest)


def _work(day: date, run: Run) -> None:
    """Bring chunks through the day until none is left."""
    while retrying(lambda session: steps.run_chunk(session, day=day)) is not None:
        crash_points.reach("end_of_day.chunk")
        if run.report:
            with transaction() as session:
                run.report(queries.day_progress(session, day))
