"""What the partner tells of an order later: shipped, cancelled, given back in part or whole.

The effect on the loan, by rule: before the customer has signed, cancelling the order withdraws the application. From
the signature until the merchant is paid nothing can be changed. Afterwards the order stays paid, and money that is
given back is announced here: it is a claim on the partner, and `claims` books it on the loan.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credit import usecases as credit
from app.kernel import clock, ids
from app.kernel.errors import Conflict
from app.kernel.outbox import emit
from app.orders import queries
from app.orders.domain import (
    OrderBeingPaid,
    OrderClosed,
    OrderNotPaid,
    OrderUnknown,
    RefundDiffers,
    RefundTooLarge,
    clean_text,
)
from app.orders.events import OrderRefundAnnounced
from app.orders.models import FinancedOrder, OrderRefund
from app.orders.usecases import claims
from app.orders.usecases.orders import move
from app.orders.usecases.settlements import add_line


def ship(
    session: Session, *, partner_id: UUID, order_ref: str, carrier: str | None, tracking_ref: str | None
) -> queries.OrderView:
    """The goods are on their way; a repeat may correct how, not when. Raises OrderUnknown, OrderNotPaid."""
    order = _held(session, partner_id, order_ref)
    if order.status != "financed":
        raise OrderNotPaid("Ship when you have heard order.financed.", order_ref=order_ref, status=order.status)
    order.shipped_at = order.shipped_at or clock.now()
    order.carrier = clean_text(carrier, "carrier") if carrier else None
    order.tracking_ref = tracking_ref
    session.flush()
    return queries.order(session, order.id)


def cancel(session: Session, *, partner_id: UUID, order_ref: str) -> queries.OrderView:
    """The partner withdraws an order, and with it an application that binds nobody yet; twice is the same.

    Raises OrderUnknown, OrderBeingPaid, OrderClosed.
    """
    order = _held(session, partner_id, order_ref)
    if order.status == "financed":
        raise OrderClosed("The order is paid: refund it.", order_ref=order_ref, status=order.status)
    if order.status == "applying":
        _withdraw(session, order)
    if order.status != "cancelled":
        move(session, order, "cancel")
    return queries.order(session, order.id)


def _withdraw(session: Session, order: FinancedOrder) -> None:
    assert order.application_id and order.customer_id, "somebody applies"
    actor = f"partner:{order.partner_id}"
    try:
        credit.withdraw(
            session, application_id=order.application_id, customer_id=order.customer_id, actor=actor
        )
    except Conflict as error:
        raise OrderBeingPaid("The customer has signed; wait for order.financed, then refund.") from error


def refund(
    session: Session, *, partner_id: UUID, order_ref: str, refund_ref: str, amount_fen: int, reason: str | None
) -> queries.OrderView:
    """The merchant gives `amount_fen` of a paid order back; the same `refund_ref` is the same refund.

    Raises OrderUnknown, OrderNotPaid, RefundDiffers, RefundTooLarge, TextRefused.
    """
    order = _held(session, partner_id, order_ref)  # held: two refunds at once do not add up to more than the order
    if order.status != "financed" or order.application_id is None or order.loan_id is None:
        raise OrderNotPaid("Nothing was paid for this order.", order_ref=order_ref, status=order.status)
    query = select(OrderRefund).where(OrderRefund.order_id == order.id, OrderRefund.refund_ref == refund_ref)
    known = session.scalar(query)
    if known is not None:
        if known.amount_fen != amount_fen:
            raise RefundDiffers("This refund was told before with another amount.", refund_ref=refund_ref)
        return queries.order(session, order.id)
    left_fen = order.amount_fen - order.refunded_fen
    if amount_fen > left_fen:
        raise RefundTooLarge("More than is left of this order.", left_fen=left_fen)
    cleaned = clean_text(reason, "reason") if reason else None
    row = {"order_id": order.id, "refund_ref": refund_ref, "amount_fen": amount_fen, "reason": cleaned}
    told = OrderRefund(id=ids.new_id(), created_at=clock.now(), **row)
    session.add(told)
    session.flush()
    claims.open_claim(session, order=order, refund=told)
    order.refunded_fen += amount_fen
    order.updated_at = clock.now()
    add_line(session, order, "refund", amount_fen)
    emit(
        session,
        OrderRefundAnnounced(
            subject_id=order.id,
            partner_id=partner_id,
            order_ref=order_ref,
            application_id=order.application_id,
            loan_id=order.loan_id,
            amount_fen=amount_fen,
        ),
    )
    return queries.order(session, order.id)


def _held(session: Session, partner_id: UUID, order_ref: str) -> FinancedOrder:
    query = select(FinancedOrder).where(FinancedOrder.partner_id == partner_id, FinancedOrder.order_ref == order_ref)
    order = session.scalar(query.with_for_update())
    if order is None:
        raise OrderUnknown("There is no such order.")
    return order
