"""What happened to a loan, in the order in which it took effect: what a loan is lived through anew from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.loans.domain.repricing import opens_at
from app.loans.models import Loan, LoanChange, Repayment


@dataclass(frozen=True)
class Payment:
    """Money that was booked: for which day it counts, when it was booked, how much it was."""

    on: date
    booked_at: datetime
    repayment: Repayment
    amount_fen: int

    @property
    def place(self) -> tuple[date, datetime, str]:
        return self.on, self.booked_at, str(self.repayment.id)


@dataclass(frozen=True)
class Changed:
    """A change of the loan's terms, by its kind: `usecases.rebuilding.EFFECTS` says which can be lived through anew."""

    on: date
    booked_at: datetime
    kind: str
    change_id: UUID | None = None  # the row that holds what was decided

    @property
    def place(self) -> tuple[date, datetime, str]:
        return self.on, self.booked_at, self.kind


Happened = Payment | Changed
Reader = Callable[[Session, Loan], Iterable[Happened]]


def payments(session: Session, loan: Loan) -> list[Happened]:
    """The payments that stand, each with the money that came."""
    query = select(Repayment).where(Repayment.loan_id == loan.id, Repayment.status == "applied")
    return [payment(one) for one in session.scalars(query)]


def changes(session: Session, loan: Loan) -> list[Happened]:
    """The changes of terms."""
    query = select(LoanChange).where(LoanChange.loan_id == loan.id)
    return [Changed(one.effective_on, placed_at(one), one.kind, one.id) for one in session.scalars(query)]


def placed_at(change: LoanChange) -> datetime:
    """Its place among what happened on its day: where it was booked; of a repricing, before everything else."""
    return opens_at(change.effective_on) if change.kind == "repricing" else change.changed_at


# Other kinds of events are read by a function each; what they do is in `usecases.rebuilding.EFFECTS`.
READERS: list[Reader] = [payments, changes]


def payment(repayment: Repayment) -> Payment:
    """A booked repayment as an event. The cash is what its parts sum up to, however often they were divided anew."""
    assert repayment.booked_at is not None, "booked money says when"
    return Payment(repayment.quoted_on, repayment.booked_at, repayment, cash_fen(repayment))


def cash_fen(repayment: Repayment) -> int:
    """The money that came with a booked repayment."""
    parts = (repayment.principal_fen, repayment.interest_fen, repayment.penalty_fen, repayment.overpaid_fen)
    return sum(part or 0 for part in parts) - (repayment.interest_returned_fen or 0)


def history(session: Session, loan: Loan) -> list[Happened]:
    """All that stands, by the day it counts for, then by its booking."""
    return in_order(event for reader in READERS for event in reader(session, loan))


def in_order(events: Iterable[Happened]) -> list[Happened]:
    """By value day; on one day in the order of booking, as `engine.replay.effective` orders."""
    return sorted(events, key=lambda event: event.place)
