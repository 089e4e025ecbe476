"""Payment orders: opened before the first call, confirmed once whatever tells of the payment, closed when unpaid."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.adapters.wechat_pay import PayOrder, Transaction
from app.kernel import clock, ids, jobs
from app.kernel.outbox import emit
from app.kernel.states import transition
from app.ledger.usecases import post
from app.payments import domain
from app.payments.events import PaymentClosed, PaymentSucceeded
from app.payments.models import PaymentOrder, PaymentTransaction
from app.payments.queries import OrderView, order_view
from app.payments.usecases.booking import received

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class OrderRequest:
    """What is to be paid: `reference_id` is the thing it is paid for, one order each."""

    order_id: UUID
    purpose: str
    reference_id: UUID
    customer_id: UUID
    appid: str
    payer_openid: str | None = field(repr=False)
    description: str
    amount_fen: int
    expires_at: datetime
    pay_by: domain.OrderWay = "jsapi"
    payer_address: str | None = field(default=None, repr=False)


def open_order(session: Session, *, request: OrderRequest) -> OrderView:
    """Get or create the order of `request.reference_id`, and start asking WeChat Pay about it if it is paid there."""
    known = session.scalar(
        select(PaymentOrder).where(
            PaymentOrder.purpose == request.purpose, PaymentOrder.reference_id == request.reference_id
        )
    )
    if known:
        return order_view(known)
    order = PaymentOrder(
        id=request.order_id,
        purpose=request.purpose,
        reference_id=request.reference_id,
        customer_id=request.customer_id,
        out_trade_no=ids.outside_number("DK", request.order_id),
        appid=request.appid,
        pay_by=request.pay_by,
        payer_openid=request.payer_openid,
        payer_address=request.payer_address,
        description=request.description,
        amount_fen=request.amount_fen,
        status="created",
        expires_at=request.expires_at,
        created_at=clock.now(),
    )
    session.add(order)
    session.flush()
    if order.pay_by not in domain.BY_BANK:
        ask_again(session, order_id=order.id, step=0)
    return order_view(order)


def order_request(order: OrderView, *, notify_url: str) -> PayOrder:
    """What WeChat Pay is told: the same values on every repeat."""
    assert order.pay_by != "bank_account" and order.pay_by != "bank_transfer", "paid at the core bank"
    return PayOrder(
        out_trade_no=order.out_trade_no,
        description=order.description,
        amount_fen=order.amount_fen,
        openid=order.payer_openid,
        appid=order.appid,
        notify_url=notify_url,
        expires_at=order.expires_at,
        pay_by=order.pay_by,
        payer_address=order.payer_address,
    )


def attach_prepay(session: Session, *, order_id: UUID) -> None:
    """WeChat Pay took the order; a payment that was faster than its answer is left as it is."""
    order = session.get_one(PaymentOrder, order_id, with_for_update=True)
    if order.status == "created":
        transition(session, order, domain.ORDER_STATES, "prepaid")


def confirm(
    session: Session, *, transaction: Transaction, our_mchid: str, channel: domain.Channel = "wechat_pay",
    part_allowed: bool = False,
) -> tuple[domain.Disposition, str]:
    """Book what a channel says of a payment, once by its transaction number; answers what became of it and why.

    Whoever tells (a notice, a copy of it, a query), in whatever order: the first one counts. Money that does not fit
    its order goes to suspense. Amounts in fen.
    """
    number = transaction.transaction_id
    if number is None:
        return "ignored", "no_transaction"
    if session.scalar(select(PaymentTransaction.transaction_id).where(PaymentTransaction.transaction_id == number)):
        return "duplicate", "known"
    order = session.scalar(
        select(PaymentOrder).where(PaymentOrder.out_trade_no == transaction.out_trade_no).with_for_update()
    )
    told = replace(received(transaction), part_allowed=part_allowed)
    verdict, reason = domain.judge(told, _expected(order), our_mchid)
    if verdict == "ignored":
        return verdict, reason
    if not _record(session, transaction, order, verdict, reason, channel):
        return "duplicate", "known"
    if verdict == "credited" and order is not None:
        _credit(session, order, transaction)
    else:
        _suspend(session, transaction, reason)
    return verdict, reason


def settle_paid(session: Session, *, order_id: UUID, transaction: Transaction, our_mchid: str) -> bool:
    """Book a payment that WeChat Pay answered when asked about an order; answers whether the order has ended.

    The order's number is spent: when its money could not be credited the order ends unpaid, or nothing else could ever
    be paid in its place. (A notice alone has no such effect.)
    """
    verdict, reason = confirm(session, transaction=transaction, our_mchid=our_mchid)
    if verdict == "ignored":
        log.error("an order is paid in a way that cannot be booked", order=str(order_id), reason=reason)
        return False
    close_order(session, order_id=order_id)
    return True


def _expected(order: PaymentOrder | None) -> domain.Expected | None:
    if order is None:
        return None
    return domain.Expected(order.out_trade_no, order.appid, order.amount_fen, order.payer_openid, order.status)


def _record(
    session: Session,
    transaction: Transaction,
    order: PaymentOrder | None,
    verdict: str,
    reason: str,
    channel: domain.Channel,
) -> bool:
    made = session.execute(
        insert(PaymentTransaction)
        .values(
            transaction_id=transaction.transaction_id,
            channel=channel,
            order_id=order.id if order else None,
            out_trade_no=transaction.out_trade_no,
            amount_fen=transaction.amount_fen,
            disposition=verdict,
            reason=reason,
            paid_at=transaction.paid_at or clock.now(),
            recorded_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(PaymentTransaction.transaction_id)
    ).first()
    return made is not None


def _credit(session: Session, order: PaymentOrder, transaction: Transaction) -> None:
    transition(session, order, domain.ORDER_STATES, "paid")
    order.paid_at = transaction.paid_at or clock.now()
    emit(
        session,
        PaymentSucceeded(
            subject_id=order.id,
            purpose=order.purpose,
            reference_id=order.reference_id,
            amount_fen=transaction.amount_fen,
            paid_at=order.paid_at,
        ),
    )


def _suspend(session: Session, transaction: Transaction, reason: str) -> None:
    log.error("payment in suspense", reason=reason, amount_fen=transaction.amount_fen)
    post(
        session,
        key=f"suspense:{transaction.transaction_id}",
        template="payment_unmatched",
        amounts_fen={"amount": transaction.amount_fen},
        subject_id=ids.named("wechat_transaction", str(transaction.transaction_id)),
        business_on=clock.local_day(transaction.paid_at or clock.now()),
    )


def close_order(session: Session, *, order_id: UUID) -> bool:
    """The order ended unpaid at WeChat Pay; nothing happens to one that is paid or closed already.

    Answers whether it is closed: false when the money came first.
    """
    order = session.get_one(PaymentOrder, order_id, with_for_update=True)
    if order.status in domain.OPEN_ORDER:
        transition(session, order, domain.ORDER_STATES, "closed")
        emit(session, PaymentClosed(subject_id=order.id, purpose=order.purpose, reference_id=order.reference_id))
    return order.status == "closed"


def ask_again(session: Session, *, order_id: UUID, step: int) -> None:
    """Enqueue the next question about an order, at most one waiting at a time."""
    jobs.enqueue(
        session,
        "payments.query_order",
        once=f"payments.query_order:{order_id}",
        after=domain.query_wait(step),
        order_id=order_id,
        step=step,
    )
