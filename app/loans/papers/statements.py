"""The monthly statement of a loan: what was owed before, what was paid and how it was used, what is owed after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.kernel import clock
from app.loans.domain.told_changes import told
from app.loans.models import Loan, LoanChange, LoanInstalment, Repayment
from app.loans.papers.months import Span, check_within


@dataclass(frozen=True)
class Movement:
    """One line: money that went out or came in on a day, how it was used, and the principal owed after it; in fen."""

    on: date
    kind: str
    reference: str
    received_fen: int
    principal_fen: int
    interest_fen: int
    charges_fen: int
    credit_fen: int
    balance_fen: int


@dataclass(frozen=True)
class DueRow:
    """An instalment that fell due, or the next one that will; `paid_on` as known at the end of the statement."""

    number: int
    due_on: date
    principal_fen: int
    interest_fen: int
    paid_on: date | None

    @property
    def total_fen(self) -> int:
        return self.principal_fen + self.interest_fen


@dataclass(frozen=True)
class Statement:
    """One loan in one month: opening + disbursed − repaid = closing."""

    span: Span
    opening_fen: int
    closing_fen: int
    movements: Sequence[Movement]
    due: Sequence[DueRow]
    following: DueRow | None
    changes: Sequence[LoanChange] = ()

    @property
    def disbursed_fen(self) -> int:
        return sum(-one.principal_fen for one in self.movements if one.kind == "disbursement")

    @property
    def repaid_principal_fen(self) -> int:
        return sum(one.principal_fen for one in self.movements if one.kind != "disbursement")

    @property
    def interest_fen(self) -> int:
        return sum(one.interest_fen for one in self.movements)

    @property
    def charges_fen(self) -> int:
        return sum(one.charges_fen for one in self.movements)

    @property
    def credit_fen(self) -> int:
        return sum(one.credit_fen for one in self.movements)

    @property
    def received_fen(self) -> int:
        return sum(one.received_fen for one in self.movements)


def statement(
    loan: Loan, instalments: Iterable[LoanInstalment], repayments: Iterable[Repayment], span: Span,
    changes: Iterable[LoanChange] = (),
) -> Statement:  # fmt: skip
    """The statement of a month from the loan's rows. Raises NoStatement outside the loan's life."""
    check_within(span.month, loan.start_on, ended_on(loan))
    every = movements(loan, repayments)
    before = [one for one in every if one.on < span.from_on]
    within = [one for one in every if span.from_on <= one.on <= span.to_on]
    opening_fen = before[-1].balance_fen if before else 0
    rows = [_due_row(row, span) for row in instalments if _held(row, span.to_on)]
    later = [row for row in rows if row.due_on > span.to_on and row.paid_on is None]
    closing_fen = within[-1].balance_fen if within else opening_fen
    return Statement(
        span=span,
        opening_fen=opening_fen,
        closing_fen=closing_fen,
        movements=within,
        due=[row for row in rows if span.from_on <= row.due_on <= span.to_on],
        following=later[0] if later and closing_fen else None,
        changes=[one for one in changes if span.from_on <= one.effective_on <= span.to_on],
    )


def movements(loan: Loan, repayments: Iterable[Repayment]) -> list[Movement]:
    """Everything that moved money on a loan, oldest first: the disbursement, then each booked payment."""
    balance_fen = loan.principal_fen
    found = [Movement(loan.start_on, "disbursement", loan.loan_no, 0, -balance_fen, 0, 0, 0, balance_fen)]
    booked = [one for one in repayments if one.status == "applied" and one.paid_at]
    for one in sorted(booked, key=lambda repayment: (repayment.paid_at, repayment.id)):
        principal_fen = one.principal_fen or 0
        balance_fen -= principal_fen
        found.append(_payment(one, principal_fen, balance_fen))
    return found


def ended_on(loan: Loan) -> date | None:
    """The day on which nothing was owed any more."""
    return clock.local_day(loan.settled_at) if loan.settled_at else None


def _held(row: LoanInstalment, on: date) -> bool:
    """Whether a row to be paid was in force at the end of a day: a prepayment later on has not happened yet."""
    drawn = row.drawn_on is None or row.drawn_on <= on
    gone = row.replaced_on is not None and row.replaced_on <= on
    undated = row.status == "replaced" and row.replaced_on is None
    return drawn and not gone and not undated and row.status not in ("prepaid", "payoff")


def _payment(one: Repayment, principal_fen: int, balance_fen: int) -> Movement:
    assert one.paid_at is not None
    interest_fen = (one.interest_fen or 0) - (one.interest_returned_fen or 0)
    charges_fen, credit_fen = one.penalty_fen or 0, one.overpaid_fen or 0
    return Movement(
        on=clock.local_day(one.paid_at),
        kind=one.kind,
        reference=one.receipt_no,
        received_fen=principal_fen + interest_fen + charges_fen + credit_fen,
        principal_fen=principal_fen,
        interest_fen=interest_fen,
        charges_fen=charges_fen,
        credit_fen=credit_fen,
        balance_fen=balance_fen,
    )


def _due_row(row: LoanInstalment, span: Span) -> DueRow:
    paid_on = clock.local_day(row.paid_at) if row.paid_at else None
    known = paid_on if paid_on and paid_on <= span.to_on else None
    return DueRow(row.number, row.due_on, row.principal_fen, row.interest_fen, known)


def as_dict(found: Statement) -> dict[str, Any]:
    """The statement as the API answers it."""
    return {
        "month": str(found.span.month),
        "from_on": found.span.from_on,
        "to_on": found.span.to_on,
        "complete": found.span.complete,
        "opening_principal_fen": found.opening_fen,
        "disbursed_fen": found.disbursed_fen,
        "repaid_principal_fen": found.repaid_principal_fen,
        "interest_fen": found.interest_fen,
        "charges_fen": found.charges_fen,
        "credit_fen": found.credit_fen,
        "received_fen": found.received_fen,
        "closing_principal_fen": found.closing_fen,
        "movements": found.movements,
        "due": found.due,
        "changes": [told(one) for one in found.changes],
        "next": found.following,
    }
