"""The rows of a loan for a plan that the engine has drawn up; one place for the first plan and for every later one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from app.engine.positions import begins_on, own_interests
from app.engine.schedules import Schedule
from app.loans.models import Loan, LoanInstalment

NOTHING_LATE = dict.fromkeys(
    (
        *("overdue_principal_days", "overdue_interest_days", "paid_penalty_fen", "paid_compound_fen"),
        *("waived_principal_fen", "waived_interest_fen", "waived_penalty_fen", "waived_compound_fen"),
        "moved_principal_fen",
    ),
    0,
)


def drawn_up(
    loan: Loan, plan: Schedule, *, after: int = 0, drawn_on: date | None = None, drawn_by: UUID | None = None
) -> list[LoanInstalment]:
    """One row an instalment, numbered on from `after`, with nothing paid; `drawn_on` and `drawn_by` say when and by
    which change a later plan was drawn up."""
    return [
        LoanInstalment(
            **NOTHING_LATE, loan_id=loan.id, number=after + row.number, due_on=row.due_on,
            principal_fen=row.principal_fen, interest_fen=row.interest_fen, paid_principal_fen=0, paid_interest_fen=0,
            status="due", drawn_on=drawn_on, drawn_by=drawn_by, interest_from_on=from_on,
            own_interest_fen=own_fen if own_fen != row.interest_fen else None,
        )
        for row, from_on, own_fen in zip(plan.instalments, begins_on(plan), own_interests(plan), strict=True)
    ]  # fmt: skip


def asks_for_what_it_earned(rows: Iterable[LoanInstalment]) -> None:
    """What earlier rows have earned and not asked for is from now on part of the plan that follows them."""
    for row in rows:
        row.own_interest_fen = None
