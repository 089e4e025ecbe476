"""Moving the clock of a test deployment: stop by stop, the bank's own jobs at each, never backwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.kernel import audit, clock, jobs, test_clock
from app.simulation import domain, queries
from app.simulation.models import ClockAdvance

JOB = "simulation.advance"
PATIENCE = timedelta(seconds=60)  # how long a stop waits for jobs that do not end


def begin_advance(
    session: Session, *, advance_id: UUID, partner_id: UUID, actor: str, step: timedelta
) -> queries.AdvanceView:
    """Move the one clock of this deployment on; the worker does it, stop by stop. Raises ClockMoving, ClockTooFar."""
    session.execute(text("SELECT 1 FROM test_clock FOR UPDATE"))  # two who begin at once come one after another
    if session.scalar(select(ClockAdvance.id).where(ClockAdvance.ended_at.is_(None))):
        raise domain.ClockMoving("The clock is moving; wait until it stands.")
    ahead = test_clock.ahead(session)
    domain.check_advance(step, ahead)
    begins = clock.machine() + ahead
    row = ClockAdvance(
        id=advance_id,
        partner_id=partner_id,
        asked_by=actor,
        from_at=begins,
        to_at=begins + step,
        reached_at=begins,
        stopped_at=clock.machine(),
    )
    session.add(row)
    audit.record(
        session,
        actor_kind="partner",
        actor_id=actor,
        action="test_clock.advance",
        subject_kind="clock_advances",
        subject_id=advance_id,
        facts={"step_s": int(step.total_seconds())},
    )
    session.flush()
    _look_again(session, advance_id)
    return queries.advance(session, partner_id=partner_id, advance_id=advance_id)


def go_on(session: Session, *, advance_id: UUID, by_day: Sequence[str]) -> None:
    """To the next stop once the work of the last one is done; asked again while there is work it changes nothing.

    At night the day before is closed, by day the jobs `by_day` run: those that a clock starts in life.
    """
    row = session.get_one(ClockAdvance, advance_id, with_for_update=True)
    if row.ended_at:
        return
    waited = clock.machine() - row.stopped_at
    if queries.work_is_due(session, but="simulation.") and waited < PATIENCE:
        _look_again(session, advance_id)
        return
    if row.reached_at >= row.to_at:
        row.ended_at = clock.machine()
        return
    stop = domain.next_stop(row.reached_at, row.to_at)
    test_clock.advance_to(session, stop)
    for name in (domain.CLOSES_DAY,) if domain.is_night(stop) else by_day:
        jobs.enqueue(session, name, once=name)
    row.reached_at, row.stopped_at = stop, clock.machine()
    _look_again(session, advance_id)


def _look_again(session: Session, advance_id: UUID) -> None:
    once = f"{JOB}:{advance_id}"
    jobs.enqueue(session, JOB, once=once, lock=JOB, advance_id=advance_id)
