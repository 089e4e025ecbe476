"""A loan as it stood at the end of a day that may be long over: its rows, terms and state, whatever came afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from app.kernel import clock
from app.loans import domain, queries
from app.loans.models import Loan, LoanChange, LoanInstalment, LoanRelief


@dataclass(frozen=True)
class DueRow:
    """An instalment that fell due, or the next one that will; `paid_on` as known at the end of the day."""

    number: int
    due_on: date
    principal_fen: int
    interest_fen: int
    paid_on: date | None

    @property
    def total_fen(self) -> int:
        return self.principal_fen + self.interest_fen


@dataclass(frozen=True)
class Terms:
    """What papers say of a loan beside its names and sums."""

    annual_rate: Decimal
    method: str
    term_months: int
    state: str


def ended_on(loan: Loan) -> date | None:
    """The day on which nothing was owed any more."""
    return clock.local_day(loan.settled_at) if loan.settled_at else None


def written_off_by(loan: Loan, on: date) -> date | None:
    """The day on which the loan had been written off by then."""
    return loan.written_off_on if loan.written_off_on and loan.written_off_on <= on else None


def rows_on(
    instalments: Iterable[LoanInstalment], reliefs: Iterable[LoanRelief], on: date
) -> list[DueRow]:
    """The rows to be paid that were in force, with the amounts they had: what was waived of them, or moved into a later
    plan, only afterwards is still in them."""
    waived = {name: sum(getattr(one, name) for one in reliefs if _waiver_by(one, on)) for name in _WAIVED}
    found = []
    for row in sorted(instalments, key=lambda one: one.number):
        amounts = {}
        for name in _WAIVED:
            all_fen: int = getattr(row, f"waived_{name}")
            known_fen = min(all_fen, waived[name])  # waivers take from the oldest row first
            waived[name] -= known_fen
            amounts[name] = getattr(row, name) + all_fen - known_fen
        if row.moved_on and row.moved_on > on:
            amounts["principal_fen"] += row.moved_principal_fen
        if _held(row, on):
            found.append(DueRow(row.number, row.due_on, **amounts, paid_on=_paid_on(row, on)))
    return found


_WAIVED = ("principal_fen", "interest_fen")


def _waiver_by(one: LoanRelief, on: date) -> bool:
    return one.kind == "waiver" and one.effective_on <= on


def _held(row: LoanInstalment, on: date) -> bool:
    """Whether a row to be paid was in force at the end of a day: a prepayment later on has not happened yet."""
    drawn = row.drawn_on is None or row.drawn_on <= on
    gone = row.replaced_on is not None and row.replaced_on <= on
    undated = row.status == "replaced" and row.replaced_on is None
    return drawn and not gone and not undated and row.status not in ("prepaid", "payoff")


def _paid_on(row: LoanInstalment, on: date) -> date | None:
    """A row of which nothing was left once its principal had moved away is over from that day on."""
    paid_on = clock.local_day(row.paid_at) if row.paid_at else row.moved_on if row.status == "paid" else None
    return paid_on if paid_on and paid_on <= on else None


def terms_on(loan: Loan, rows: Sequence[DueRow], changes: Iterable[LoanChange], on: date) -> Terms:
    """The terms that held at the end of the day, and the state: a key of `subjects.STATES`."""
    later = min((one for one in changes if one.effective_on > on), key=lambda one: one.effective_on, default=None)
    state = _state(loan, rows, on)
    if later is None:
        return replace(terms_now(loan), state=state)
    known = later.before
    return Terms(Decimal(known["annual_rate"]), known["method"], known["term_months"], state)


def terms_now(loan: Loan) -> Terms:
    """As they are today."""
    return Terms(loan.annual_rate, loan.method, loan.term_months, loan.status)


def _state(loan: Loan, rows: Sequence[DueRow], on: date) -> str:
    over_on = ended_on(loan)
    if over_on and over_on <= on:
        return "settled"
    if written_off_by(loan, on):
        return "written_off"
    unpaid_on = min((row.due_on for row in rows if row.paid_on is None and row.total_fen), default=None)
    return "overdue" if domain.dpd(unpaid_on, on, queries.late_terms(loan)) else "active"
