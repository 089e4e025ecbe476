"""What paying early would do to the customer's own loan: quotes, nothing is booked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.kernel import clock
from app.kernel.db import transaction
from app.kernel.web.principal import customer
from app.loans import queries, views
from app.loans.routes.servicing import loans
from app.loans.schemas import servicing as schemas


@loans.route("/loans/<uuid:loan_id>/payoff-quote", methods=["GET"])
@loans.response(200, schemas.PayOffOut)
def get_payoff_quote(loan_id: UUID) -> Any:
    """What settles the loan today, and what staying with the schedule would cost. 409 `loan.not_payable`."""
    with transaction() as session:
        loan = queries.own_loan(session, customer_id=customer().customer_id, loan_id=loan_id)
        return queries.pay_off_quote(session, loan, clock.today())


@loans.route("/loans/<uuid:loan_id>/early-repayment-quotes", methods=["POST"])
@loans.arguments(schemas.EarlyRepaymentQuoteIn)
@loans.response(200, schemas.EarlyRepaymentQuoteOut)
def quote_early_repayment(body: dict[str, Any], loan_id: UUID) -> dict[str, Any]:
    """What paying this amount today would leave: lower instalments, or a shorter term. Read only: no Idempotency-Key.

    409 `loan.not_payable`; 422 `prepayment.settles_loan` (with `pay_off_fen`), `prepayment.amount_too_small`.
    """
    with transaction() as session:
        loan = queries.own_loan(session, customer_id=customer().customer_id, loan_id=loan_id)
        return views.early_repayment(
            queries.early_repayment(session, loan, on=clock.today(), amount_fen=body["amount_fen"], mode=body["mode"])
        )
