"""What a waiver and a write-off do to a loan's rows and figures: on the day they are decided, and lived anew."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.loans import domain, queries
from app.loans.domain.reliefs import Waived
from app.loans.models import Loan, LoanInstalment, LoanRelief
from app.loans.queries.history import Changed
from app.loans.usecases import settling
from app.loans.usecases.rebuilding import EFFECTS, quietly


def put_waiver(session: Session, loan: Loan, relief: LoanRelief, by: settling.Step = settling.step) -> None:
    """Oldest instalment first, give up what was granted as far as it is due and owed on its day; notes what it was.

    In another history less may be owed than was granted: a waiver never gives up more than that. What is waived is no
    longer part of the instalment, so it accrues, compounds and is asked for no more.
    """
    on, rows = relief.effective_on, queries.instalments(session, loan.id)
    left = {name: getattr(relief, f"granted_{name}") for name in Waived().parts()}
    done = dict.fromkeys(left, 0)
    if loan.status in domain.OWING:
        settling.count_lateness(loan, rows, on)
        for row in sorted(rows, key=lambda one: one.number):
            if row.status == "due" and row.due_on <= on:
                for name, fen in _waive_row(loan, row, relief, left).items():
                    left[name] -= fen
                    done[name] += fen
        _put_on_loan(session, loan, rows, relief, done, by)
    for name, fen in done.items():
        setattr(relief, name, fen)


def _waive_row(loan: Loan, row: LoanInstalment, relief: LoanRelief, left: dict[str, int]) -> dict[str, int]:
    late, on = queries.late_terms(loan), relief.effective_on
    owed = queries.owed(row, on, late)
    taken = {name: min(left[name], getattr(owed, name)) for name in left}
    for name, fen in taken.items():
        setattr(row, f"waived_{name}", getattr(row, f"waived_{name}") + fen)
    row.principal_fen -= taken["principal_fen"]
    row.interest_fen -= taken["interest_fen"]
    if not queries.owed(row, on, late).total_fen:
        row.status, row.paid_at = "paid", relief.booked_at
    return taken


def _put_on_loan(
    session: Session, loan: Loan, rows: list[LoanInstalment], relief: LoanRelief, done: dict[str, int],
    by: settling.Step,
) -> None:  # fmt: skip
    """Interest that is waived was never earned; principal is lost, unless it was lost before."""
    loan.interest_before_fen -= done["interest_fen"]
    loan.accrued_interest_fen -= done["interest_fen"]
    loan.outstanding_principal_fen -= done["principal_fen"]
    if loan.status in domain.OPEN_LOAN:
        loan.lost_principal_fen += done["principal_fen"]
    settling.stand(session, loan, rows, relief.effective_on, relief.booked_at, by)


def put_write_off(session: Session, loan: Loan, relief: LoanRelief, by: settling.Step = settling.step) -> None:
    """Principal and what is receivable of interest and penalty are lost; the income there was stays, and the whole
    claim stands off the balance sheet. Nothing happens to a loan that, lived anew, is settled by then."""
    found = {"principal_fen": 0, "interest_fen": 0, "penalty_fen": 0, "compound_fen": 0}
    if loan.status in domain.OPEN_LOAN:
        assert relief.keeps_accruing is not None and relief.keeps_line is not None, "a write-off says by which rule"
        interest, penalty = settling.earned(loan)
        found |= {"principal_fen": loan.outstanding_principal_fen, "interest_fen": interest.receivable_fen}
        found["penalty_fen"] = penalty.receivable_fen  # with compound interest, as the book has them
        loan.lost_principal_fen += found["principal_fen"]
        loan.lost_interest_fen, loan.lost_penalty_fen = found["interest_fen"], found["penalty_fen"]
        loan.booked_interest_fen = interest.income_fen + interest.ahead_fen
        loan.booked_penalty_fen = penalty.income_fen + penalty.ahead_fen
        loan.written_off_on, loan.accruing = relief.effective_on, False
        loan.keeps_accruing, loan.keeps_line = relief.keeps_accruing, relief.keeps_line
        by(session, loan, "written_off")
    for name, fen in found.items():
        setattr(relief, name, fen)


PUT = {"waiver": put_waiver, "write_off": put_write_off}


def _lived_anew(session: Session, loan: Loan, event: Changed) -> None:
    relief = session.get_one(LoanRelief, event.change_id)
    PUT[relief.kind](session, loan, relief, quietly)


EFFECTS.update(dict.fromkeys(PUT, _lived_anew))
