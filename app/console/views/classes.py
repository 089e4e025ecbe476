"""Classes of loans as the page shows them: what waits for a person, and what was decided lately."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.console import queries as staff
from app.customers import queries as customers
from app.loans import queries as loans

DECIDED_SHOWN = 30
REFUSALS = ("staff.reason_needed", "loan_class.proposal_over", "loan_class.proposal_unknown")


def waiting(session: Session) -> dict[str, Any]:
    """Proposals with their loan and business, oldest first; the newest decisions with who took them."""
    return {
        "waiting": _with_loans(session, loans.open_proposals(session)),
        "decided": _with_loans(session, loans.decided_proposals(session, DECIDED_SHOWN)),
    }


def _with_loans(session: Session, changes: Sequence[Any]) -> list[dict[str, Any]]:
    return [_row(session, change) for change in changes]


def _row(session: Session, change: Any) -> dict[str, Any]:
    loan = loans.any_loan(session, change.loan_id)
    return {
        "change": change,
        "loan": loan,
        "enterprise": customers.enterprise(session, loan.enterprise_id).name,
        "decided_by": staff.actor_name(session, change.decided_by),
    }
