"""What the end of a day tells of single loans: history, changes of class, and events, by one statement a kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel import clock, ids
from app.kernel.outbox import Event, emit_all
from app.loans.events import LoanDue, LoanDueSoon, LoanOverdue

_HISTORY = text(
    "INSERT INTO state_changes (id, subject_kind, subject_id, event, from_status, to_status, actor, facts, occurred_at)"
    " SELECT id, 'loans', loan_id, event, from_status, to_status, 'system', '{}', :at FROM unnest(CAST(:ids AS uuid[]),"
    " CAST(:loans AS uuid[]), CAST(:events AS text[]), CAST(:before AS text[]), CAST(:after AS text[]))"
    " AS told (id, loan_id, event, from_status, to_status)"
)
_WITHDRAW = text(
    "UPDATE class_changes SET status = 'withdrawn' WHERE status = 'proposed' AND loan_id = ANY(CAST(:loans AS uuid[]))"
)
# A proposal that staff refused is not made again within a month.
_CLASSES = text(
    "INSERT INTO class_changes (id, loan_id, from_class, to_class, overdue_days, day, status)"
    " SELECT id, loan_id, before, after, days, :day, CASE WHEN after > before THEN 'applied' ELSE 'proposed' END"
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:loans AS uuid[]), CAST(:before AS smallint[]),"
    " CAST(:after AS smallint[]), CAST(:days AS integer[])) AS told (id, loan_id, before, after, days)"
    " WHERE after > before OR NOT EXISTS (SELECT 1 FROM class_changes c WHERE c.loan_id = told.loan_id"
    " AND c.status = 'rejected' AND c.to_class = told.after AND c.day > CAST(:day AS date) - 30)"
    " ON CONFLICT (loan_id) WHERE status = 'proposed' DO NOTHING"
)


def tell(session: Session, told: Sequence[Any], *, opens_on: date, due_soon_days: int) -> None:
    """Write down and tell what became of the loans of a chunk that somebody should hear of."""
    _history(session, [row for row in told if row.from_status != row.to_status])
    _classes(session, [row for row in told if row.from_class != row.to_class], opens_on)
    emit_all(session, [event for row in told for event in _events(row, opens_on, due_soon_days)])


def _history(session: Session, rows: Sequence[Any]) -> None:
    if rows:
        session.execute(
            _HISTORY,
            {
                "at": clock.now(),
                "ids": [ids.new_id() for _ in rows],
                "loans": [row.id for row in rows],
                "events": ["missed" if row.to_status == "overdue" else "cured" for row in rows],
                "before": [row.from_status for row in rows],
                "after": [row.to_status for row in rows],
            },
        )


def _classes(session: Session, rows: Sequence[Any], opens_on: date) -> None:
    worse = [row.id for row in rows if row.to_class > row.from_class]
    if worse:
        session.execute(_WITHDRAW, {"loans": worse})
    if rows:
        session.execute(
            _CLASSES,
            {
                "day": opens_on,
                "ids": [ids.new_id() for _ in rows],
                "loans": [row.id for row in rows],
                "before": [row.from_class for row in rows],
                "after": [row.to_class for row in rows],
                "days": [row.overdue_days for row in rows],
            },
        )


def _events(row: Any, opens_on: date, due_soon_days: int) -> Iterator[Event]:
    loan = {
        "subject_id": row.id,
        "application_id": row.application_id,
        "customer_id": row.customer_id,
        "partner_id": row.partner_id,
        "order_id": row.order_id,
        "due_on": row.next_due_on,
    }
    if row.from_status == "active" and row.to_status == "overdue":
        yield LoanOverdue(**loan, overdue_days=row.overdue_days)
    if row.next_due_on == opens_on:
        yield LoanDue(**loan)
    if row.next_due_on == opens_on + timedelta(days=due_soon_days):
        yield LoanDueSoon(**loan)
