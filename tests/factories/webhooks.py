"""Endpoints, and events as other capabilities emit them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel import ids
from app.kernel.outbox import emit
from app.loans.events import LoanActivated, LoanSettled
from app.webhooks import ssrf, usecases
from app.webhooks.queries import EndpointView

SECRET = "whsec_" + "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"


def make_endpoint(
    session: Session, partner_id: UUID, url: str, types: list[str] | None = None, secret: str = SECRET
) -> EndpointView:
    """An endpoint on loopback."""
    made = usecases.add_endpoint(
        session,
        endpoint_id=ids.new_id(),
        partner_id=partner_id,
        url=url,
        event_types=types or ["*"],
        allowed=ssrf.LOOPBACK_TOO,
        secret=secret,
    )
    return made.endpoint


def settle_loan(session: Session, partner_id: UUID | None, loan_id: UUID | None = None) -> UUID:
    """The smallest event that partners hear of; answers the loan's id."""
    loan_id = loan_id or ids.new_id()
    facts: dict[str, Any] = {"application_id": ids.new_id(), "customer_id": ids.new_id(), "order_id": None}
    emit(session, LoanSettled(subject_id=loan_id, partner_id=partner_id, **facts))
    return loan_id


def activate_loan(session: Session, partner_id: UUID, loan_id: UUID, order_id: UUID | None = None) -> UUID:
    """A loan becomes active; answers the application's id."""
    application_id = ids.new_id()
    emit(
        session,
        LoanActivated(
            subject_id=loan_id,
            application_id=application_id,
            customer_id=ids.new_id(),
            partner_id=partner_id,
            order_id=order_id,
            principal_fen=1_299_900,
        ),
    )
    return application_id
