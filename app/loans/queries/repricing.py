"""The LPR of a repricing day, and the loans that wait for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.credit import queries as credit
from app.engine.calendar import is_working_day
from app.engine.errors import CalendarError
from app.engine.repricing import published_before
from app.loans import domain
from app.loans.domain.repricing import Benchmark
from app.loans.models import Loan


@dataclass(frozen=True)
class Waiting:
    """Loans whose repricing day has come and whose rate is not known; `published_on` is the day of the LPR missing."""

    benchmark: str
    day: date
    published_on: date
    loans: int


def benchmark_before(session: Session, name: str, day: date) -> Benchmark | None:
    """The LPR published last before a day; None where the one that was due by then has not been entered.

    An older one is never taken in its place: months in which it stayed the same are entered as well.
    """
    due_on = last_publication(day)
    row = credit.parameter_before(session, name, before=day)
    return None if row is None or row.effective_from < due_on else Benchmark(name, row.value, row.effective_from)


def last_publication(day: date) -> date:
    """When the LPR was published last before a day, by the calendar of working days as far as it is known."""
    return published_before(day, _works)


def _works(day: date) -> bool:
    try:
        return is_working_day(day)
    except CalendarError:
        return day.weekday() < 5


def waiting_for_rates(session: Session, on: date) -> Sequence[Waiting]:
    """What stands still until somebody enters a rate, oldest first; for staff."""
    name, put_off_from = (Loan.repricing[part].as_string() for part in ("benchmark", "put_off_from"))
    day = func.coalesce(put_off_from, func.to_char(Loan.reprices_on, "YYYY-MM-DD"))
    rows = session.execute(
        select(name, day, func.count())
        .where(Loan.reprices_on <= on, Loan.status.in_(domain.OPEN_LOAN))
        .group_by(name, day)
        .order_by(day, name)
    )
    found = [(benchmark, date.fromisoformat(said), loans) for benchmark, said, loans in rows]
    return [Waiting(name, day, last_publication(day), loans) for name, day, loans in found]
