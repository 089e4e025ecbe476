"""One chunk of loans through the end of one day, in one transaction: all of it happened, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.kernel import clock
from app.loans import queries
from app.loans.models import EndOfDayChunk, ServicingRule
from app.loans.usecases.end_of_day.statements import statement
from app.loans.usecases.end_of_day.telling import tell

_LIMITS = (
    *("due_soon_days", "income_stops_above", "special_mention_above", "substandard_above", "doubtful_above"),
    "loss_above",
)


def run_chunk(session: Session, *, day: date) -> int | None:
    """Bring the next chunk that nobody works on through the end of a day; answers its loans, None when none is left.

    The end of a day leaves each loan as it stands when the next day opens. The chunk is leased by the lock on its row:
    it is free again when the process dies. As many statements for a thousand loans as for ten.
    """
    chunk = session.scalars(
        select(EndOfDayChunk)
        .where(EndOfDayChunk.day == day, EndOfDayChunk.done_at.is_(None))
        .order_by(EndOfDayChunk.number)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if chunk is None:
        return None
    values = _values(chunk, queries.servicing_rule(session, day))
    held = session.execute(statement("hold"), values).one()
    if held.ending:
        session.execute(statement("roll"), {"ending": held.ending, "opens_on": values["opens_on"]})
    told = _accrue(session, values)
    tell(session, told, opens_on=values["opens_on"], due_soon_days=values["due_soon_days"])
    return int(held.loans)


def _accrue(session: Session, values: dict[str, Any]) -> Sequence[Any]:
    """The day of the chunk, read twice and no more, whatever PostgreSQL expects.

    It takes a small range of ids in a large table for one row; by nested loops it would then look through all loans of
    the chunk for each of them.
    """
    session.execute(text("SET LOCAL enable_nestloop = off"))
    told = session.execute(statement("accrue"), values).all()
    session.execute(text("SET LOCAL enable_nestloop = on"))
    return told


def _values(chunk: EndOfDayChunk, rule: ServicingRule) -> dict[str, Any]:
    range_ = {"day": chunk.day, "number": chunk.number, "first_id": chunk.first_id, "last_id": chunk.last_id}
    limits = {name: getattr(rule, name) for name in _LIMITS}
    return {**range_, **limits, "opens_on": chunk.day + timedelta(days=1), "now": clock.now()}
