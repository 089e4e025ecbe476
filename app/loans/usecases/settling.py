"""What a payment does to a loan's instalments and to the loan's own figures; one place for every kind of payment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.engine.allocation import Owed
from app.kernel.states import transition
from app.loans import domain, queries
from app.loans.models import Loan, LoanInstalment
from app.loans.usecases.redrawing import redraw

Step = Callable[[Session, Loan, str], None]


def step(session: Session, loan: Loan, event: str) -> None:
    """Move the loan's status by an event and keep it in its history."""
    transition(session, loan, domain.LOAN_STATES, event)


def earned(loan: Loan) -> tuple[domain.Earned, domain.Earned]:
    """Interest and penalty of a loan as income, received and owed: what `domain.moves` compares."""
    return (
        domain.Earned(loan.accrued_interest_fen, loan.paid_interest_fen, loan.accruing, loan.booked_interest_fen),
        domain.Earned(loan.accrued_penalty_fen, loan.paid_penalty_fen, loan.accruing, loan.booked_penalty_fen),
    )


def lost(loan: Loan) -> domain.Loss:
    """What of a loan was lost, and what principal is claimed although it was: what `domain.losses` compares."""
    claims_fen = loan.outstanding_principal_fen if loan.written_off_on else 0
    return domain.Loss(loan.lost_principal_fen, loan.lost_interest_fen, loan.lost_penalty_fen, claims_fen)


def on_line_fen(loan: Loan) -> int:
    """What of a loan is used on its credit line: what is owed, but of one written off only where the rule says so."""
    return loan.outstanding_principal_fen if loan.written_off_on is None or loan.keeps_line else 0


def settle(
    session: Session, loan: Loan, instalments: Sequence[LoanInstalment], division: domain.Division, *, on: date,
    paid_at: datetime, by: Step = step,
) -> None:  # fmt: skip
    """Put a divided payment on the instalments and the loan; `on` is the day it counts for, `by` moves the status.

    The loan ends when all principal is paid and nothing else is owed: then what was received is what was earned.
    """
    count_lateness(loan, instalments, on)
    rows = {row.number: row for row in instalments}
    for part in division.settled:
        _settle_row(loan, rows[part.number], part, on, paid_at)
    if division.plan is None and (division.early_principal_fen or division.early_interest_fen):
        _settle_early(session, loan, instalments, division, on, paid_at)
    parts = division.parts
    loan.outstanding_principal_fen -= parts.principal_fen
    loan.paid_interest_fen += parts.interest_fen - parts.interest_returned_fen
    loan.paid_penalty_fen += parts.penalty_fen
    loan.credit_fen += parts.overpaid_fen
    if division.plan:
        new = redraw(session, loan, instalments, division, division.plan, on=on, paid_at=paid_at)
        instalments = [*instalments, *new]
    if loan.status in domain.OWING:
        stand(session, loan, instalments, on, paid_at, by)


def count_lateness(loan: Loan, instalments: Sequence[LoanInstalment], on: date) -> None:
    """Write down what lateness has gathered up to a day, because what is unpaid changes on it."""
    late = queries.late_terms(loan)
    for row in instalments:
        if row.status == "due" and row.due_on < on:
            owed = queries.owed(row, on, late)
            product = domain.late_product(queries.product_of(row), owed, on, late)
            row.overdue_principal_days = product.principal_days
            row.overdue_interest_days = product.interest_days
            row.overdue_counted_on = product.counted_on


def _settle_row(loan: Loan, row: LoanInstalment, part: Owed, on: date, paid_at: datetime) -> None:
    row.paid_principal_fen += part.principal_fen
    row.paid_interest_fen += part.interest_fen
    row.paid_penalty_fen += part.penalty_interest_fen
    row.paid_compound_fen += part.compound_interest_fen
    if not queries.owed(row, on, queries.late_terms(loan)).total_fen:
        row.status, row.paid_at = "paid", paid_at


def _settle_early(
    session: Session, loan: Loan, instalments: Sequence[LoanInstalment], division: domain.Division, on: date,
    paid_at: datetime,
) -> None:  # fmt: skip
    """What was left of the schedule gives way to one row: the schedule still adds up to the principal."""
    for row in instalments:
        if row.status == "due":
            close_row(row, on, paid_at)
    session.add(
        LoanInstalment(
            loan_id=loan.id,
            number=max(row.number for row in instalments) + 1,
            due_on=on,
            principal_fen=division.early_principal_fen,
            interest_fen=division.early_interest_fen,
            paid_principal_fen=division.early_principal_fen,
            paid_interest_fen=division.early_interest_fen,
            status="payoff",
            paid_at=paid_at,
        )
    )


def close_row(row: LoanInstalment, on: date, paid_at: datetime) -> None:
    """A row of a schedule that ends: what was paid of it stays in the schedule as its amount, the rest is replaced."""
    if row.paid_principal_fen or row.paid_interest_fen or row.waived_principal_fen or row.waived_interest_fen:
        row.principal_fen, row.interest_fen = row.paid_principal_fen, row.paid_interest_fen
        row.status, row.paid_at = "paid", paid_at
    else:
        row.status, row.replaced_on = "replaced", on


def stand(
    session: Session, loan: Loan, instalments: Sequence[LoanInstalment], on: date, paid_at: datetime, by: Step
) -> None:
    """Where the loan stands after a payment: over, or due next on a day, late or no longer late."""
    rows = [row for row in queries.as_rows(loan, instalments, on) if row.total_fen]
    if loan.outstanding_principal_fen == 0 and not rows:
        for row in instalments:
            if row.status == "due":  # grace had it ask for nothing
                row.status, row.paid_at = "paid", paid_at
        end(session, loan, paid_at, by)
        return
    loan.next_due_on = min((row.due_on for row in rows if row.is_late_if_unpaid), default=None)
    reached_on = max(on, loan.accrued_through_on + timedelta(days=1))
    loan.accrued_penalty_fen = queries.penalties_fen(loan, instalments, reached_on)
    if loan.status in domain.OPEN_LOAN and not domain.dpd(loan.next_due_on, reached_on, queries.late_terms(loan)):
        loan.accruing = True
        if loan.status == "overdue":
            by(session, loan, "cured")


def end(session: Session, loan: Loan, paid_at: datetime, by: Step = step) -> None:
    """Nothing is owed any more: what was received is what the loan has earned."""
    by(session, loan, "settled")
    loan.settled_at, loan.next_due_on = paid_at, None
    loan.accrued_interest_fen, loan.accrued_penalty_fen = loan.paid_interest_fen, loan.paid_penalty_fen
