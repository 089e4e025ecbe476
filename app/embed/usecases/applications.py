"""A customer applies, inside a frame, for the loan that pays the partner's order."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from app.credit import usecases as credit
from app.credit.domain.applications import Payee
from app.credit.queries import ApplicationView
from app.embed import domain
from app.embed.models import EmbedSession
from app.orders import queries as order_queries
from app.orders import usecases as orders

PURPOSE = "goods"  # an order is for goods; the merchant is paid directly


def apply(
    session: Session,
    *,
    application_id: UUID,
    embed_session_id: UUID,
    customer_id: UUID,
    enterprise_id: UUID,
    product_code: str,
    term_months: int,
    method: str,
) -> ApplicationView:
    """Open an application for the session's order, which says amount and payee; the first to apply owns the session.

    Raises ComponentNotGranted, OtherCustomer, OrderMissing, ExposureLimitReached, and what the two below raise.
    """
    opened = session.get_one(EmbedSession, embed_session_id, with_for_update=True)
    if "apply" not in opened.components:
        raise domain.ComponentNotGranted("This session was opened without the apply component.")
    if opened.customer_id not in (None, customer_id):
        raise domain.OtherCustomer("Somebody else has begun here; ask for a session of your own.")
    if opened.order_id is None:
        raise domain.OrderMissing("This session has no order.")
    order, merchant_id = _order(session, opened.partner_id, opened.order_id)
    opened.customer_id = customer_id
    orders.apply(session, order_id=opened.order_id, application_id=application_id, customer_id=customer_id)
    return credit.open_application(
        session,
        application_id=application_id,
        customer_id=customer_id,
        enterprise_id=enterprise_id,
        product_code=product_code,
        amount_fen=order.amount_fen,
        term_months=term_months,
        method=method,
        partner_id=opened.partner_id,
        order_id=opened.order_id,
        merchant_id=merchant_id,
        payee=_payee(session, opened.order_id),
        purpose=PURPOSE,
    )


def _order(session: Session, partner_id: UUID, order_id: UUID) -> tuple[order_queries.OrderView, UUID | None]:
    """The order and its merchant. Raises ExposureLimitReached where the partner's limits do not hold it."""
    order, merchant_id = order_queries.order(session, order_id), order_queries.order_merchant(session, order_id)
    credit.check_room(session, partner_id=partner_id, merchant_id=merchant_id, amount_fen=order.amount_fen)
    return order, merchant_id


def _payee(session: Session, order_id: UUID) -> Payee:
    account = order_queries.merchant_account(session, order_id)
    return Payee(
        account_no=account.account_no,
        account_name=account.account_name,
        bank_code=account.bank_code,
        name=account.name,
    )
