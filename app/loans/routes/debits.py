"""What was and what will be taken from the customer's account for a loan."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.debits.queries import collections
from app.kernel.db import transaction
from app.kernel.web.principal import customer
from app.loans import domain, queries
from app.loans.routes.servicing import loans
from app.loans.schemas.debits import LoanDebitsOut


@loans.route("/loans/<uuid:loan_id>/debits", methods=["GET"])
@loans.response(200, LoanDebitsOut)
def list_debits(loan_id: UUID) -> dict[str, Any]:
    """The newest debits of a loan, newest first, and when the next one comes by itself (`next`)."""
    who = customer().customer_id
    with transaction() as session:
        loan = queries.own_loan(session, customer_id=who, loan_id=loan_id)
        ahead = None
        if loan.status in domain.OPEN_LOAN and loan.next_due_on is not None:
            ahead = collections.next_collection(
                session, customer_id=who, subject_id=loan_id, due_on=loan.next_due_on
            )
        return {"items": collections.debits_of(session, loan_id), "next": ahead}
