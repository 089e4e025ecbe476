"""A part prepayment as arithmetic: which plan it starts from, and how its money is divided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.engine.prepayment import Prepayment
from app.engine.schedules import Schedule
from app.loans.domain.arrears import Row
from app.loans.domain.dividing import Division, due_rows, owed


@dataclass(frozen=True)
class PlanInForce:
    """The schedule a loan follows, and what was paid of it, in fen.

    `arrears_fen` is principal and interest of instalments that fell due before it was drawn up by a change of terms:
    they are owed beside it. `anchor_day` is the day of the month on which instalments fall.
    """

    schedule: Schedule
    paid_fen: int
    anchor_day: int
    arrears_fen: int = 0


def divide_prepayment(amount_fen: int, rows: Sequence[Row], done: Prepayment, outstanding_fen: int) -> Division:
    """What is due in full with its penalties, then interest to the day and principal ahead of time.

    Measured against the book: the engine counts instalments paid ahead as waiting, the book has booked them. So the
    principal is what brings the book to the new plan's, and the rest is interest (negative: charged ahead before).
    """
    due = [owed(row) for row in due_rows(rows, done.on)]
    free_fen = amount_fen - sum(one.total_fen for one in due)
    principal_fen = outstanding_fen - sum(one.principal_fen for one in due) - done.plan.terms.principal_fen
    return Division(
        tuple(due), early_principal_fen=principal_fen, early_interest_fen=free_fen - principal_fen, plan=done.plan
    )
