"""Asking WeChat Pay about open orders until each is paid or closed: open – call – settle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.adapters import channels
from app.adapters.wechat_pay import (
    OrderAlreadyPaid,
    OrderBeingPaid,
    OrderUnknown,
    PayRefused,
    PayUnavailable,
    Transaction,
)
from app.kernel import clock, crash_points
from app.kernel.db import transaction
from app.kernel.jobs import task
from app.payments import domain, usecases
from app.payments.models import PaymentOrder


@dataclass(frozen=True)
class _OpenOrder:
    out_trade_no: str
    expires_at: datetime


@task("payments.query_order")
def query_order(*, order_id: str, step: int) -> None:
    """Ask WeChat Pay about an open order: book a payment, close it when its time is over, else ask again later."""
    order = _open_order(UUID(order_id))
    if order is None:
        return
    crash_points.reach("query_order.opened")
    found = _query(order.out_trade_no)
    crash_points.reach("query_order.called")
    paid = found is not None and found.trade_state in domain.PAID_STATES
    closed = found is not None and found.trade_state == "CLOSED"
    if not paid and not closed and domain.must_close(order.expires_at, clock.now()):
        closed = _close(order.out_trade_no)
    with transaction() as session:
        if found is not None and paid:
            ours = channels().wechat_pay.mchid
            ended = usecases.settle_paid(session, order_id=UUID(order_id), transaction=found, our_mchid=ours)
        else:
            ended = closed and usecases.close_order(session, order_id=UUID(order_id))
        if not ended:
            usecases.ask_again(session, order_id=UUID(order_id), step=step + 1)


def _open_order(order_id: UUID) -> _OpenOrder | None:
    with transaction() as session:
        order = session.get_one(PaymentOrder, order_id)
        asked = order.status in domain.OPEN_ORDER and order.pay_by not in domain.BY_BANK
        return _OpenOrder(order.out_trade_no, order.expires_at) if asked else None


def _query(out_trade_no: str) -> Transaction | None:
    """None: WeChat Pay does not know the order (yet), does not answer or refuses to; all are asked again."""
    try:
        return channels().wechat_pay.query(out_trade_no)
    except (OrderUnknown, PayUnavailable, PayRefused):
        return None


def _close(out_trade_no: str) -> bool:
    """Whether the order is closed for good: an order that never reached WeChat Pay is."""
    try:
        channels().wechat_pay.close(out_trade_no)
    except OrderUnknown:
        return True
    except (OrderAlreadyPaid, OrderBeingPaid, PayUnavailable, PayRefused):
        return False
    return True
