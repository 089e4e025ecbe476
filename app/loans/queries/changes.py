"""Reading changes of loans and the rules for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.loans import domain
from app.loans.models import LoanChange, LoanChangeRule


def changes_of(session: Session, loan_id: UUID) -> Sequence[LoanChange]:
    """The changes of one loan, newest first."""
    query = select(LoanChange).where(LoanChange.loan_id == loan_id)
    return session.scalars(query.order_by(LoanChange.effective_on.desc(), LoanChange.id.desc())).all()


def rule_on(session: Session, on: date) -> LoanChangeRule:
    """The rule for changes that holds on a day. Raises ServicingRuleMissing: set-up is incomplete."""
    query = select(LoanChangeRule).where(LoanChangeRule.effective_from <= on)
    found = session.scalar(query.order_by(LoanChangeRule.effective_from.desc()).limit(1))
    if found is None:
        raise domain.ServicingRuleMissing(f"no rule for changes of loans holds on {on}")
    return found
