"""One repayment that may be taken back: what it settled, what taking it back would change, and the proposals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.console.views.reconciliation import names
from app.kernel import ids
from app.kernel.errors import Problem
from app.loans import queries as loans
from app.loans.domain import RepaymentUnknown
from app.loans.queries.reversals import reversal_of
from app.loans.usecases.reversing import reverse_payment
from app.reconciliation import queries
from app.reconciliation.domain import kinds


def page_of(session: Session, repayment_id: UUID) -> dict[str, Any]:
    """The repayment, its loan and the proposals. Raises RepaymentUnknown for what was never booked."""
    found = loans.booked_payment(session, str(repayment_id), reversed_too=True)
    if found is None:
        raise RepaymentUnknown("There is no such booked repayment.")
    made = queries.proposals_about(session, "repayment", [str(repayment_id)]).get(str(repayment_id), [])
    done = reversal_of(session, repayment_id)
    return {
        "repayment": found,
        "status": found.status,  # before it is tried
        "loan": loans.any_loan(session, found.loan_id),
        "answers": tuple(kinds.REPAYMENT_KINDS),
        "made": made,
        "staff_names": names(session, made),
        "changes": (done.before, done.after) if done else None,
    }


def tried(session: Session, repayment_id: UUID) -> dict[str, Any]:
    """What taking it back would change, by doing it: the caller undoes the transaction. Or why it cannot."""
    try:
        done = reverse_payment(session, repayment_id=repayment_id, reason="tried", reversal_id=ids.new_id())
    except Problem as problem:
        return {"changes": None, "impossible": problem.code}
    return {"changes": (done.before, done.after), "impossible": None}
