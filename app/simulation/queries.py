"""What the clock shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.kernel import clock, test_clock
from app.simulation import domain
from app.simulation.models import ClockAdvance


@dataclass(frozen=True)
class AdvanceView:
    """One way of the clock; `status` is moving or done."""

    id: UUID
    status: str
    from_at: datetime
    to_at: datetime
    reached_at: datetime
    days: int
    days_done: int


@dataclass(frozen=True)
class ClockView:
    """The business instant, how far it is ahead of the machines, and the newest way of the clock."""

    now: datetime
    ahead_s: int
    latest: AdvanceView | None


def clock_view(session: Session) -> ClockView:
    """What the one clock of this deployment shows."""
    found = session.scalars(select(ClockAdvance).order_by(ClockAdvance.id.desc()).limit(1)).one_or_none()
    ahead = test_clock.ahead(session)
    return ClockView(clock.machine() + ahead, int(ahead.total_seconds()), _view(found) if found else None)


def advance(session: Session, *, partner_id: UUID, advance_id: UUID) -> AdvanceView:
    """One way that this partner asked for. Raises AdvanceUnknown."""
    found = session.get(ClockAdvance, advance_id)
    if found is None or found.partner_id != partner_id:
        raise domain.AdvanceUnknown("The clock was never moved so.")
    return _view(found)


def work_is_due(session: Session, *, but: str) -> bool:
    """Whether jobs of the bank run or are due, other than those named `but…`; deliveries to partners do not count."""
    due = (
        "SELECT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE queue_name IN ('default', 'messages')"
        " AND NOT starts_with(task_name, :but) AND (status = 'doing'"
        " OR status = 'todo' AND coalesce(scheduled_at, '-infinity') <= :now))"
    )
    return bool(session.scalar(text(due), {"but": but, "now": clock.machine()}))


def _view(row: ClockAdvance) -> AdvanceView:
    return AdvanceView(
        id=row.id,
        status="done" if row.ended_at else "moving",
        from_at=row.from_at,
        to_at=row.to_at,
        reached_at=row.reached_at,
        days=domain.days_between(row.from_at, row.to_at),
        days_done=domain.days_between(row.from_at, row.reached_at),
    )
