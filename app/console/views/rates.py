"""The page of the LPR."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.console.views.reconciliation import names
from app.credit import queries as credit
from app.engine.repricing import BENCHMARKS
from app.kernel import clock
from app.loans.queries.repricing import last_publication, waiting_for_rates
from app.reconciliation import queries


def page_of(session: Session) -> dict[str, Any]:
    """What is known, what is missing, what waits for a second person."""
    made = queries.newest_proposals(session, "benchmark")
    known, waiting = credit.published(session, BENCHMARKS), waiting_for_rates(session, clock.today())
    return {
        "known": known[:24],
        "waiting": waiting,
        "made": made,
        "staff_names": names(session, made),
        "benchmarks": BENCHMARKS,
        "asked": _next_missing(waiting),
    }


def _next_missing(waiting: Any) -> dict[str, Any]:
    """What the form is filled with: the rate for which loans wait longest, else the newest publication."""
    if waiting:
        return {"benchmark": waiting[0].benchmark, "published_on": waiting[0].published_on}
    return {"benchmark": BENCHMARKS[0], "published_on": newest_publication(clock.today())}


def newest_publication(today: date) -> date:
    """The last day on which an LPR was published, today included."""
    return last_publication(today.fromordinal(today.toordinal() + 1))
