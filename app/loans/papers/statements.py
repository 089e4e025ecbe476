"""The monthly statement of a loan: what was owed before, what was paid and how it was used, what is owed after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.kernel import clock
from app.loans.domain.told_changes import told
from app.loans.models import Loan, LoanChange, LoanInstalment, LoanRelief, Repayment
from app.loans.papers.months import Span, check_within
from app.loans.papers.standing import DueRow, Terms, ended_on, rows_on, terms_on, written_off_by

NO_MONEY_IN = ("disbursement", "waiver")


@dataclass(frozen=True)
class Movement:
    """One line: money that went out or came in on a day, how it was used, and the principal owed after it; in fen. With
    a waiver of principal no money came."""

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
class Statement:
    """One loan in one month: opening + disbursed − repaid − waived = closing; terms as they were at its end."""

    span: Span
    terms: Terms
    opening_fen: int
    closing_fen: int
    movements: Sequence[Movement]
    due: Sequence[DueRow]
    following: DueRow | None
    changes: Sequence[LoanChange] = ()
    waivers: Sequence[LoanRelief] = ()
    written_off_on: date | None = None

    @property
    def disbursed_fen(self) -> int:
        return sum(-one.principal_fen for one in self.movements if one.kind == "disbursement")

    @property
    def repaid_principal_fen(self) -> int:
        return sum(one.principal_fen for one in self.movements if one.kind not in NO_MONEY_IN)

    @property
    def waived_principal_fen(self) -> int:
        return sum(one.principal_fen for one in self.movements if one.kind == "waiver")

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
    changes: Sequence[LoanChange] = (), reliefs: Sequence[LoanRelief] = (),
) -> Statement:  # fmt: skip
    """The statement of a month from the loan's rows. Raises NoStatement outside the loan's life."""
    check_within(span.month, loan.start_on, ended_on(loan))
    every = movements(loan, repayments, reliefs)
    before = [one for one in every if one.on < span.from_on]
    within = [one for one in every if span.from_on <= one.on <= span.to_on]
    opening_fen = before[-1].balance_fen if before else 0
    rows = rows_on(instalments, reliefs, span.to_on)
    later = [row for row in rows if row.due_on > span.to_on and row.paid_on is None]
    closing_fen = within[-1].balance_fen if within else opening_fen
    return Statement(
        span=span,
        terms=terms_on(loan, rows, changes, span.to_on),
        opening_fen=opening_fen,
        closing_fen=closing_fen,
        movements=within,
        due=[row for row in rows if span.from_on <= row.due_on <= span.to_on],
        following=later[0] if later and closing_fen else None,
        changes=[one for one in changes if span.from_on <= one.effective_on <= span.to_on],
        waivers=[one for one in reliefs if _waives(one) and span.from_on <= one.effective_on <= span.to_on],
        written_off_on=written_off_by(loan, span.to_on),
    )


def _waives(one: LoanRelief) -> bool:
    """Lived anew, a waiver may have had nothing to give up."""
    fen = one.principal_fen + one.interest_fen + one.penalty_fen + one.compound_fen
    return one.kind == "waiver" and fen > 0


def movements(
    loan: Loan, repayments: Iterable[Repayment], reliefs: Iterable[LoanRelief] = ()
) -> list[Movement]:
    """Everything that moved the principal of a loan, oldest first: the disbursement, then each booked payment and each
    waiver of principal."""
    balance_fen = loan.principal_fen
    found = [Movement(loan.start_on, "disbursement", loan.loan_no, 0, -balance_fen, 0, 0, 0, balance_fen)]
    paid = [one for one in repayments if one.status == "applied" and one.paid_at]
    waived = [one for one in reliefs if one.kind == "waiver" and one.principal_fen]
    moved: list[Repayment | LoanRelief] = [*paid, *waived]
    for one in sorted(moved, key=lambda one: (_moved_at(one), one.id)):
        balance_fen -= one.principal_fen or 0
        found.append(_waiver(one, loan, balance_fen) if isinstance(one, LoanRelief) else _payment(one, balance_fen))
    return found


def _moved_at(one: Repayment | LoanRelief) -> datetime:
    at = one.booked_at if isinstance(one, LoanRelief) else one.paid_at
    assert at is not None
    return at


def _waiver(one: LoanRelief, loan: Loan, balance_fen: int) -> Movement:
    return Movement(one.effective_on, "waiver", loan.loan_no, 0, one.principal_fen, 0, 0, 0, balance_fen)


def _payment(one: Repayment, balance_fen: int) -> Movement:
    assert one.paid_at is not None
    principal_fen = one.principal_fen or 0
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
        "waived_principal_fen": found.waived_principal_fen,
        "written_off_on": found.written_off_on,
        "movements": found.movements,
        "due": found.due,
        "changes": [told(one) for one in found.changes],
        "next": found.following,
    }
