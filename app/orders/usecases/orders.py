"""Merchants are registered; orders are offered by a partner, applied for, paid by a loan or not."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel import audit, clock, ids, states
from app.kernel.outbox import emit
from app.orders import queries
from app.orders.domain import (
    ORDER_STATES,
    MerchantAccountRefused,
    MerchantUnknown,
    OrderClosed,
    OrderDiffers,
    OrderUnknown,
    clean_text,
    mask_account,
)
from app.orders.events import OrderFinanced
from app.orders.models import FinancedOrder, Merchant
from app.orders.usecases import settlements


def register_merchant(
    session: Session,
    *,
    partner_id: UUID,
    merchant_ref: str,
    name: str,
    account_no: str,
    account_name: str,
    bank_code: str,
    account_check: str,
) -> queries.MerchantView:
    """Write down a merchant, or its new account, after the core bank's verdict `account_check` on account and name.

    Raises MerchantAccountRefused unless the verdict is `match`, and TextRefused.
    """
    if account_check != "match":
        raise MerchantAccountRefused("The core bank refuses this account.", account_check=account_check)
    now = clock.now()
    facts = {
        "name": clean_text(name, "name"),
        "account_no": account_no,
        "account_name": clean_text(account_name, "account_name"),
        "bank_code": bank_code,
        "checked_at": now,
        "updated_at": now,
    }
    row = {"id": ids.new_id(), "partner_id": partner_id, "merchant_ref": merchant_ref, "created_at": now, **facts}
    written = (
        insert(Merchant).values(row).on_conflict_do_update(index_elements=["partner_id", "merchant_ref"], set_=facts)
    )
    merchant = session.scalars(written.returning(Merchant), execution_options={"populate_existing": True}).one()
    _record(session, merchant)
    return queries.merchant_view(merchant)


def _record(session: Session, merchant: Merchant) -> None:
    """Who is paid is worth a trace: the account's end is enough to see that it changed."""
    audit.record(
        session,
        actor_kind="partner",
        actor_id=str(merchant.partner_id),
        action="merchant.register",
        subject_kind="merchants",
        subject_id=merchant.id,
        facts={
            "merchant_ref": merchant.merchant_ref,
            "bank_code": merchant.bank_code,
            "account": mask_account(merchant.account_no),
        },
    )


def offer(
    session: Session, *, partner_id: UUID, order_ref: str, merchant_ref: str, title: str, amount_fen: int
) -> queries.OrderView:
    """The partner's order, written down when it is told for the first time; a failed one is open again.

    Raises MerchantUnknown, OrderDiffers (another amount or merchant than before), OrderClosed, TextRefused.
    """
    query = select(Merchant).where(Merchant.partner_id == partner_id, Merchant.merchant_ref == merchant_ref)
    merchant = session.scalar(query)
    if merchant is None:
        raise MerchantUnknown("Register the merchant with PUT /partner/v1/merchants first.", merchant_ref=merchant_ref)
    now = clock.now()
    row = {
        "id": ids.new_id(),
        "partner_id": partner_id,
        "order_ref": order_ref,
        "merchant_id": merchant.id,
        "title": clean_text(title, "title"),
        "amount_fen": amount_fen,
        "status": "offered",
        "created_at": now,
        "updated_at": now,
    }
    made = insert(FinancedOrder).values(row).on_conflict_do_nothing(index_elements=["partner_id", "order_ref"])
    if session.execute(made.returning(FinancedOrder.id)).first() is None:
        _check_repeat(session, partner_id, order_ref, merchant.id, amount_fen)
    return queries.partner_order(session, partner_id=partner_id, order_ref=order_ref)


def _check_repeat(session: Session, partner_id: UUID, order_ref: str, merchant_id: UUID, amount_fen: int) -> None:
    query = select(FinancedOrder).where(FinancedOrder.partner_id == partner_id, FinancedOrder.order_ref == order_ref)
    known = session.scalars(query.with_for_update()).one()
    if (known.merchant_id, known.amount_fen) != (merchant_id, amount_fen):
        raise OrderDiffers("This order was told before with another amount or merchant.", order_ref=order_ref)
    if known.status in ("financed", "cancelled"):
        raise OrderClosed("This order is closed.", order_ref=order_ref, status=known.status)
    if known.status == "failed":
        move(session, known, "offer_again")


def apply(session: Session, *, order_id: UUID, application_id: UUID, customer_id: UUID) -> None:
    """A customer applies for a loan that pays this order. Raises OrderClosed when somebody does already."""
    order = _locked(session, order_id)
    if order.status == "applying" and order.application_id == application_id:
        return
    if order.status != "offered":
        raise OrderClosed("Nobody can apply for this order now.", order_ref=order.order_ref, status=order.status)
    order.application_id, order.customer_id = application_id, customer_id
    move(session, order, "apply")


def reopen(session: Session, *, order_id: UUID, application_id: UUID) -> None:
    """The application came to nothing before money moved: the order can be applied for again."""
    order = _locked(session, order_id)
    if order.status == "applying" and order.application_id == application_id:
        move(session, order, "decline")


def fail(session: Session, *, order_id: UUID, application_id: UUID) -> None:
    """The merchant could not be paid."""
    order = _locked(session, order_id)
    if order.status == "applying" and order.application_id == application_id:
        move(session, order, "fail")


def finance(session: Session, *, order_id: UUID, application_id: UUID, loan_id: UUID, amount_fen: int) -> None:
    """The merchant has the money: emits `order.financed` once."""
    order = _locked(session, order_id)
    if order.status == "financed":
        return
    order.loan_id, order.application_id, order.financed_at = loan_id, application_id, clock.now()
    move(session, order, "finance")
    settlements.add_line(session, order, "payment", amount_fen)
    emit(
        session,
        OrderFinanced(
            subject_id=order.id,
            partner_id=order.partner_id,
            order_ref=order.order_ref,
            application_id=application_id,
            loan_id=loan_id,
            amount_fen=amount_fen,
        ),
    )


def _locked(session: Session, order_id: UUID) -> FinancedOrder:
    order = session.get(FinancedOrder, order_id, with_for_update=True)
    if order is None:
        raise OrderUnknown("There is no such order.")
    return order


def move(session: Session, order: FinancedOrder, event: str) -> None:
    """Go from one status to another, as `ORDER_STATES` allows."""
    states.transition(session, order, ORDER_STATES, event)
    order.updated_at = clock.now()
    session.flush()
