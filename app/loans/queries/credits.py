"""What customers overpaid, and by which repayment: so that it can go back by the way it came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.loans.models import Loan, Repayment


@dataclass(frozen=True)
class Overpaid:
    """A repayment that left something over while its loan still holds credit; sums in fen."""

    loan_id: UUID
    loan_no: str
    repayment_id: UUID
    overpaid_fen: int
    credit_fen: int
    paid_at: datetime


def overpaid(session: Session, limit: int = 100) -> Sequence[Overpaid]:
    """Repayments with something left over on loans that hold credit, oldest first."""
    rows = session.execute(
        select(Repayment, Loan)
        .join(Loan, Loan.id == Repayment.loan_id)
        .where(Loan.credit_fen > 0, Repayment.overpaid_fen > 0, Repayment.status == "applied")
        .order_by(Repayment.paid_at)
        .limit(limit)
    )
    return [
        Overpaid(loan.id, loan.loan_no, row.id, row.overpaid_fen or 0, loan.credit_fen, row.paid_at or row.opened_at)
        for row, loan in rows
    ]


def loans_of(session: Session, repayment_ids: Collection[UUID]) -> set[UUID]:
    """The loans that some repayments were of."""
    return set(session.scalars(select(Repayment.loan_id).where(Repayment.id.in_(repayment_ids))))


def loan_by_number(session: Session, loan_no: str) -> UUID | None:
    """The loan that a person typed the number of."""
    return session.scalar(select(Loan.id).where(Loan.loan_no == loan_no.strip()))
