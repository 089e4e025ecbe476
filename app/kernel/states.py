"""State machines as tables: one function writes `status`, checks the table and keeps the history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import JSON, String, insert, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel import clock, ids
from app.kernel.db import Base, Id, Instant, Ref
from app.kernel.errors import Conflict

Table = Mapping[tuple[str, str], str]  # {(status, event): next status}
# A part of a statement that does more at once: the history of the one row that it moves, as its part `moved` (id) says.
STEP_OF_MOVED = (
    "INSERT INTO state_changes (id, subject_kind, subject_id, event, from_status, to_status, actor, facts, occurred_at)"
    " SELECT :step_id, :step_kind, moved.id, :step_event, :from_status, :to_status, 'system', '{}', :step_at FROM moved"
)


class NotAllowedNow(Conflict):
    """The thing's status does not allow this step."""

    code = "state.not_allowed_now"


class HasStatus(Protocol):
    """A row with an identity and a status."""

    __tablename__: str
    id: Mapped[UUID]
    status: Mapped[str]


class StateChange(Base):
    """One step of one thing: what a timeline is drawn from."""

    __tablename__ = "state_changes"

    id: Mapped[Id]
    subject_kind: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[Ref] = mapped_column(index=True)
    event: Mapped[str] = mapped_column(String(64))
    from_status: Mapped[str] = mapped_column(String(32))
    to_status: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    occurred_at: Mapped[Instant]


def transition(
    session: Session,
    thing: Any,
    table: Table,
    event: str,
    *,
    actor: str = "system",
    facts: dict[str, Any] | None = None,
) -> None:
    """Move `thing` along `table` by `event`. Raises NotAllowedNow. `facts` hold no personal data."""
    before = thing.status
    thing.status = after = _next(table, before, event)
    session.add(
        StateChange(
            subject_kind=thing.__tablename__,
            subject_id=thing.id,
            event=event,
            from_status=before,
            to_status=after,
            actor=actor,
            facts=facts or {},
            occurred_at=clock.now(),
        )
    )


def step_of_moved(kind: str, table: Table, before: str, event: str) -> dict[str, Any]:
    """The parameters of STEP_OF_MOVED for a row of the table `kind`; `to_status` is what the statement has to write.

    Raises NotAllowedNow. The caller holds the row's lock since it read `before`.
    """
    return {
        "step_id": ids.new_id(),
        "step_kind": kind,
        "step_event": event,
        "from_status": before,
        "to_status": _next(table, before, event),
        "step_at": clock.now(),
    }


def _next(table: Table, before: str, event: str) -> str:
    after = table.get((before, event))
    if after is None:
        raise NotAllowedNow(f"{event} is not possible while the status is {before}.", status=before, event=event)
    return after


def transition_all(session: Session, model: Any, table: Table, event: str, *where: Any, actor: str = "system") -> int:
    """Move every row of `model` that fulfils `where` and from whose status `event` leads on; answers how many.

    One statement for the rows and one for their history; a second run finds nothing left.
    """
    sources = {before: after for (before, name), after in table.items() if name == event}
    moved: list[dict[str, Any]] = []
    for before, after in sources.items():
        changed = session.scalars(
            update(model)
            .where(model.status == before, *where)
            .values(status=after)
            .returning(model.id)
            .execution_options(synchronize_session=False)
        )
        moved += [
            {
                "id": ids.new_id(),
                "subject_kind": model.__tablename__,
                "subject_id": one,
                "event": event,
                "from_status": before,
                "to_status": after,
                "actor": actor,
                "facts": {},
                "occurred_at": clock.now(),
            }
            for one in changed
        ]
    if moved:
        session.execute(insert(StateChange), moved)
    return len(moved)
