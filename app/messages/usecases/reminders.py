"""What a reminder reminds of: the sum that is still owed when somebody asks."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel import clock
from app.loans import queries as loans


def owed_fen(session: Session, kind: str, loan_id: UUID, due_on: str) -> int:
    """What is owed of the instalments up to `due_on` (a reminder before) or up to today (of what is overdue), in fen.

    Nothing once it is paid, and nothing for a reminder whose day has passed: the end of a day that was closed late
    tells late.
    """
    today, due = clock.today(), date.fromisoformat(due_on)
    if kind == "due_soon" and today > due:
        return 0
    until = max(due, today) if kind == "overdue" else due
    loan = loans.any_loan(session, loan_id)
    return sum(row.total_fen for row in loans.rows(session, loan, today) if row.due_on <= until)
