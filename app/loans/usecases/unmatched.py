"""Money that found its loan late, and a customer's credit that goes back: both decided by people, each booked once."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import clock, ids
from app.loans import domain, queries
from app.loans.domain.states import CreditTooSmall
from app.loans.models import Loan, Repayment
from app.loans.usecases.booking import apply_payment


def apply_unmatched(
    session: Session, *, repayment_id: UUID, loan_id: UUID, amount_fen: int, paid_at: datetime,
    value_on: date | None = None,
) -> Repayment:  # fmt: skip
    """Book money that nobody could match before as a repayment of today (or of the day on which it should have been
    booked, but none before the loan began), get-or-create by `repayment_id`.

    What is due is paid first; when nothing is due, the next instalment is. What is left over becomes the customer's
    credit. A repayment that waits for its payment is left alone. Amounts in fen. Raises LoanUnknown.
    """
    if session.get(Repayment, repayment_id) is None:
        loan = _locked(session, loan_id)
        waiting = [row for row in queries.instalments(session, loan_id) if row.status == "due"]
        following = min(waiting, key=lambda row: row.number, default=None)
        on = max(value_on, loan.start_on) if value_on else clock.today()
        ahead = following is not None and following.due_on > on
        session.add(
            Repayment(
                id=repayment_id,
                receipt_no=ids.outside_number("HK", repayment_id),
                loan_id=loan_id,
                customer_id=loan.customer_id,
                kind="instalment" if ahead else "due",
                instalment_number=following.number if ahead and following else None,
                quoted_on=on,
                amount_fen=amount_fen,
                status="matched",
                opened_at=clock.now(),
            )
        )
        session.flush()
    return apply_payment(session, repayment_id=repayment_id, amount_fen=amount_fen, paid_at=paid_at)


def take_credit(session: Session, *, loan_id: UUID, amount_fen: int) -> None:
    """What a customer overpaid is about to go back. Raises LoanUnknown, CreditTooSmall."""
    loan = _locked(session, loan_id)
    if not 0 < amount_fen <= loan.credit_fen:
        raise CreditTooSmall("The loan does not hold so much credit.", credit_fen=loan.credit_fen)
    loan.credit_fen -= amount_fen


def give_credit_back(session: Session, *, loan_id: UUID, amount_fen: int) -> None:
    """A refund of credit had no effect: it is credit again. Raises LoanUnknown."""
    _locked(session, loan_id).credit_fen += amount_fen


def _locked(session: Session, loan_id: UUID) -> Loan:
    query = select(Loan).where(Loan.id == loan_id).with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise domain.LoanUnknown("There is no such loan.")
    return found
