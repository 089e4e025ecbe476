"""How long traces are kept: dated periods with their source, a registry of what is deleted, and legal holds over it.

Each capability registers its traces in its `housekeeping` module; the clock deletes what is older than its period.
What a legal hold or a signature needs is left out by the registered condition.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel import audit, clock, ids
from app.kernel.db import Base, Id, Instant, Ref
from app.kernel.errors import NotFound

AT_ONCE = 5_000  # rows a transaction
NOT_HELD = (
    "NOT EXISTS (SELECT 1 FROM legal_holds h WHERE h.customer_id = t.customer_id AND h.released_at IS NULL)"
)


class PeriodMissing(RuntimeError):
    """No row says how long something is kept: nothing is deleted by guess."""


class HoldUnknown(NotFound):
    code = "legal_hold.not_found"


class RetentionPeriod(Base):
    """How long one kind of trace is kept from one day on."""

    __tablename__ = "retention_periods"
    __table_args__ = (
        UniqueConstraint("name", "effective_from"),
        CheckConstraint("effective_to IS NULL OR effective_to > effective_from", name="days"),
        CheckConstraint("kept_hours > 0", name="kept"),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(48))
    kept_hours: Mapped[int] = mapped_column(Integer)
    effective_from: Mapped[date] = mapped_column(Date)
    effective_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)


class LegalHold(Base):
    """Nothing about this customer is deleted until somebody lifts it; several holds may stand at once."""

    __tablename__ = "legal_holds"
    __table_args__ = (
        Index("ix_legal_holds_customer_id", "customer_id", postgresql_where=text("released_at IS NULL")),
    )

    id: Mapped[Id]
    customer_id: Mapped[Ref]
    reason: Mapped[str] = mapped_column(String(200))
    placed_by: Mapped[str] = mapped_column(String(64))
    placed_at: Mapped[Instant]
    released_by: Mapped[str | None] = mapped_column(String(64))
    released_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


@dataclass(frozen=True)
class Trace:
    """Rows `t` of `table` that are past `old`, an SQL condition over `:before`; `name` finds the period."""

    name: str
    table: str
    old: str


TRACES: dict[str, Trace] = {}


def register(name: str, table: str, old: str) -> None:
    """Let rows of a table be deleted once they fulfil `old`; the table's key is called `id`."""
    TRACES[name] = Trace(name, table, old)


def before(session: Session, name: str) -> datetime:
    """What ended before this instant is no longer kept. Raises PeriodMissing."""
    today = clock.today()
    hours = session.scalar(
        select(RetentionPeriod.kept_hours)
        .where(
            RetentionPeriod.name == name,
            RetentionPeriod.effective_from <= today,
            or_(RetentionPeriod.effective_to.is_(None), RetentionPeriod.effective_to > today),
        )
        .order_by(RetentionPeriod.effective_from.desc())
        .limit(1)
    )
    if hours is None:
        raise PeriodMissing(f"no period of {name} holds today")
    return clock.now() - timedelta(hours=hours)


def purge(session: Session, name: str) -> int:
    """Delete at most AT_ONCE old rows of one kind; answers how many, fewer than that when none is left."""
    trace = TRACES[name]
    statement = (
        f"DELETE FROM {trace.table} WHERE id IN (SELECT t.id FROM {trace.table} t"  # noqa: S608  registered in code
        f" WHERE {trace.old} ORDER BY t.id LIMIT {AT_ONCE} FOR UPDATE SKIP LOCKED) RETURNING 1"
    )
    return len(session.execute(text(statement), {"before": before(session, name)}).all())


def place_hold(session: Session, *, customer_id: UUID, reason: str, actor: str) -> UUID:
    """Keep everything about a customer, for a dispute or an order of an authority."""
    row = LegalHold(id=ids.new_id(), customer_id=customer_id, reason=reason, placed_by=actor, placed_at=clock.now())
    session.add(row)
    _record(session, row, "legal_hold.placed", actor)
    return row.id


def release_hold(session: Session, *, hold_id: UUID, actor: str) -> None:
    """The reason is gone; twice is the same. Raises HoldUnknown."""
    row = session.get(LegalHold, hold_id, with_for_update=True)
    if row is None:
        raise HoldUnknown("There is no such hold.")
    if row.released_at is None:
        row.released_at, row.released_by = clock.now(), actor
        _record(session, row, "legal_hold.released", actor)


def held(session: Session, customer_id: UUID) -> bool:
    """Whether anything forbids deleting what is known of a customer."""
    found = select(LegalHold.id).where(LegalHold.customer_id == customer_id, LegalHold.released_at.is_(None)).limit(1)
    return session.scalar(found) is not None


def _record(session: Session, row: LegalHold, action: str, actor: str) -> None:
    kind, _, name = actor.partition(":")
    audit.record(
        session,
        actor_kind=kind,
        actor_id=name or kind,
        action=action,
        subject_kind="customer",
        subject_id=row.customer_id,
        reason=row.reason,
    )
    session.flush()
