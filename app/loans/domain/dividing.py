"""How one payment is divided over what a loan owes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.engine.allocation import STATUTE_ORDER, Bucket, Owed, allocate
from app.engine.schedules import Schedule
from app.loans.domain.arrears import Row
from app.loans.domain.quotes import PayOff


@dataclass(frozen=True)
class Parts:
    """How one payment is booked, in fen: cash = principal + interest + penalty + overpaid − interest_returned.

    `penalty_fen` is penalty and compound interest together.
    """

    principal_fen: int
    interest_fen: int
    overpaid_fen: int = 0
    interest_returned_fen: int = 0
    penalty_fen: int = 0

    @property
    def cash_fen(self) -> int:
        received = self.principal_fen + self.interest_fen + self.penalty_fen + self.overpaid_fen
        return received - self.interest_returned_fen


@dataclass(frozen=True)
class Division:
    """What a payment settles, instalment by instalment, and what it settles early beyond them.

    `early_interest_fen` is negative when interest is given back that was paid ahead. `plan` is what follows a part
    prepayment; without it, what is paid early settles the loan.
    """

    settled: tuple[Owed, ...] = ()
    early_principal_fen: int = 0
    early_interest_fen: int = 0
    overpaid_fen: int = 0
    plan: Schedule | None = None

    @property
    def parts(self) -> Parts:
        interest_fen = sum(one.interest_fen for one in self.settled) + self.early_interest_fen
        return Parts(
            principal_fen=sum(one.principal_fen for one in self.settled) + self.early_principal_fen,
            interest_fen=max(0, interest_fen),
            overpaid_fen=self.overpaid_fen,
            interest_returned_fen=max(0, -interest_fen),
            penalty_fen=sum(one.penalty_interest_fen + one.compound_interest_fen for one in self.settled),
        )


def due_rows(rows: Sequence[Row], on: date) -> list[Row]:
    """What is due on a day and unpaid, oldest first."""
    return [row for row in sorted(rows, key=lambda row: row.number) if row.due_on <= on and row.total_fen]


def divide_due(paid_fen: int, rows: Sequence[Row], order: Sequence[Bucket] = STATUTE_ORDER) -> Division:
    """Over what is due, oldest first, each in the order given; the rest is the customer's credit.

    No rows: another payment settled them first, so all of it is credit.
    """
    owing = [row for row in rows if row.total_fen]
    if not owing:
        return Division(overpaid_fen=paid_fen)
    found = allocate(paid_fen, [owed(row) for row in owing], order)
    settled = (
        Owed(row.number, **{f"{bucket.value}_fen": found.to_fen(row.number, bucket) for bucket in Bucket})
        for row in owing
    )
    return Division(tuple(one for one in settled if one.total_fen), overpaid_fen=found.overpaid_fen)


def divide_instalment(paid_fen: int, row: Row | None, order: Sequence[Bucket] = STATUTE_ORDER) -> Division:
    """Penalty, interest and principal of the instalment it was paid for; None: nothing of it is left."""
    return divide_due(paid_fen, [row] if row else [], order)


def divide_pay_off(paid_fen: int, quote: PayOff, rows: Sequence[Row]) -> Division:
    """What is due in full, then all other principal and the interest of the days used; the rest is credit.

    The quote is never above the payment.
    """
    due = [owed(row) for row in due_rows(rows, quote.valid_on)]
    return Division(
        tuple(due),
        early_principal_fen=quote.principal_fen - sum(one.principal_fen for one in due),
        early_interest_fen=quote.interest_fen - sum(one.interest_fen for one in due),
        overpaid_fen=paid_fen - quote.total_fen,
    )


def divide_cancelled(paid_fen: int, outstanding_fen: int, paid_interest_fen: int) -> Division:
    """All principal and no interest, as if the loan had never been; interest that was paid, and the rest, is credit.

    Only before anything is due. `paid_fen` is never below the principal outstanding.
    """
    return Division(
        early_principal_fen=outstanding_fen,
        early_interest_fen=-paid_interest_fen,
        overpaid_fen=paid_fen - outstanding_fen + paid_interest_fen,
    )


def next_row(rows: Sequence[Row]) -> Row | None:
    """The oldest instalment that still owes something."""
    return next((row for row in sorted(rows, key=lambda row: row.number) if row.total_fen), None)


def owed(row: Row) -> Owed:
    """A row as the allocation sees it."""
    return Owed(
        row.number,
        compound_interest_fen=row.compound_fen,
        penalty_interest_fen=row.penalty_fen,
        interest_fen=row.interest_fen,
        principal_fen=row.principal_fen,
    )
