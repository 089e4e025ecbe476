"""Repaying from a bank account at the edge: nothing is called, so each step is one transaction."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from app.kernel.db import transaction
from app.kernel.web.idempotent import once
from app.loans import queries, views
from app.loans.schemas import servicing as schemas
from app.loans.usecases import by_account
from app.payments import queries as payment_queries


def create(customer_id: UUID, loan_id: UUID, body: dict[str, Any]) -> Response:
    """Ask for a debit; the answer says which account it is taken from."""

    def work(session: Session, repayment_id: UUID) -> dict[str, Any]:
        repayment, order, mandate = by_account.open_by_account(
            session,
            repayment_id=repayment_id,
            customer_id=customer_id,
            loan_id=loan_id,
            kind=body["kind"],
            amount_fen=body["amount_fen"],
            mode=body["mode"],
        )
        return views.debited(repayment, order, mandate)

    return once(work, schema=schemas.OpenedRepaymentOut, status=201, body=body)


def is_debited(customer_id: UUID, repayment_id: UUID) -> bool:
    """Whether this repayment of the customer's is paid by debit. Raises RepaymentUnknown."""
    with transaction() as session:
        queries.own_repayment(session, customer_id=customer_id, repayment_id=repayment_id)
        order = payment_queries.order_of(session, purpose="loan_repayment", reference_id=repayment_id)
        return order is not None and order.pay_by == "bank_account"


def cancel(customer_id: UUID, repayment_id: UUID) -> Response:
    """Give a debit up. 409 `debit.in_flight` once the core bank may have it."""
    return once(
        lambda session, _: by_account.cancel_by_account(session, customer_id=customer_id, repayment_id=repayment_id),
        schema=schemas.RepaymentOut,
        status=200,
    )
