"""Asking and sending until the answer is final: open – call – settle, every call with the number it began with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from app.adapters import channels
from app.adapters.core_bank import (
    BankUnavailable,
    TransferConflict,
    TransferOrder,
    TransferRefused,
    TransferState,
    TransferUnknown,
)
from app.adapters.wechat_pay import (
    OrderAlreadyPaid,
    OrderBeingPaid,
    OrderUnknown,
    PayRefused,
    PayUnavailable,
    Transaction,
)
from app.adapters.wechat_pay import Refund as ToldRefund
from app.kernel import clock, crash_points
from app.kernel.db import transaction
from app.kernel.errors import Problem
from app.kernel.jobs import task
from app.payments import domain, usecases
from app.payments.models import PaymentOrder, Refund, Transfer
from config.settings import current

log = structlog.get_logger(__name__)


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


@task("payments.send_transfer")
def send_transfer(*, transfer_id: str, step: int = 0) -> None:
    """Send a requested transfer. After an unknown result the same number is sent again, however long it takes."""
    number = UUID(transfer_id)
    order = _requested(number)
    if order is None:
        return
    crash_points.reach("send_transfer.opened")
    try:
        state = channels().core_bank.send_transfer(order)
    except TransferConflict:
        with transaction() as session:
            usecases.hold_transfer(session, transfer_id=number)
        return
    except TransferRefused as refusal:
        _settle_refusal(number, order.transfer_no, refusal, step)
        return
    except BankUnavailable:
        _record(number, None, step + 1)
        return
    crash_points.reach("send_transfer.called")
    _record(number, state, step=0)


def _settle_refusal(transfer_id: UUID, transfer_no: str, refusal: TransferRefused, step: int) -> None:
    """A refusal is the end only if the core bank knows no such transfer: an earlier try may have got through."""
    try:
        state = channels().core_bank.query_transfer(transfer_no)
    except BankUnavailable:
        state = None
    except TransferUnknown:
        with transaction() as session:
            code = str(refusal.context.get("vendor_code") or "refused")
            usecases.refuse_transfer(session, transfer_id=transfer_id, fail_code=code)
        return
    _record(transfer_id, state, step + 1)


def _requested(transfer_id: UUID) -> TransferOrder | None:
    with transaction() as session:
        transfer = session.get_one(Transfer, transfer_id)
        return usecases.transfer_order(transfer) if transfer.status == "requested" else None


@task("payments.query_transfer")
def query_transfer(*, transfer_id: str, step: int | None) -> None:
    """Ask the core bank how a transfer stands; `step` None is an extra question that a push asked for."""
    number = UUID(transfer_id)
    with transaction() as session:
        transfer = session.get_one(Transfer, number)
        transfer_no, still_open = transfer.transfer_no, transfer.status == "sent"
    if not still_open:
        return
    crash_points.reach("query_transfer.opened")
    try:
        state = channels().core_bank.query_transfer(transfer_no)
    except TransferUnknown:
        log.error("the core bank does not know a transfer that it took", transfer=transfer_id)
        state = None
    except BankUnavailable:
        state = None
    crash_points.reach("query_transfer.called")
    _record(number, state, None if step is None else step + 1)


def _record(transfer_id: UUID, state: TransferState | None, step: int | None) -> None:
    with transaction() as session:
        final = state is not None and usecases.record_transfer(session, transfer_id=transfer_id, state=state)
        if not final and step is not None:
            usecases.go_on(session, transfer_id=transfer_id, step=step)


@task("payments.send_refund")
def send_refund(*, refund_id: str, step: int = 0) -> None:
    """Send a decided refund. After an unknown result the same number is sent again, however long it takes."""
    number = UUID(refund_id)
    with transaction() as session:
        refund = session.get_one(Refund, number)
        if refund.status != "requested":
            return
        order = usecases.refund_order(refund, notify_url=f"{current().public_url}/callbacks/wechat/pay")
    crash_points.reach("send_refund.opened")
    try:
        told = channels().wechat_pay.refund(order)
    except PayUnavailable:
        _record_refund(number, None, step + 1)
        return
    except Problem as refusal:
        _settle_refused_refund(number, order.out_refund_no, refusal, step)
        return
    crash_points.reach("send_refund.called")
    _record_refund(number, told, 0)


def _settle_refused_refund(refund_id: UUID, out_refund_no: str, refusal: Problem, step: int) -> None:
    """A refusal is the end only if WeChat Pay knows no such refund: an earlier try may have got through."""
    try:
        told = channels().wechat_pay.query_refund(out_refund_no)
    except (PayUnavailable, PayRefused):
        _record_refund(refund_id, None, step + 1)
        return
    except OrderUnknown:
        with transaction() as session:
            code = str(refusal.context.get("vendor_code") or refusal.code)
            usecases.refuse_refund(session, refund_id=refund_id, fail_code=code)
        return
    _record_refund(refund_id, told, step + 1)


@task("payments.query_refund")
def query_refund(*, refund_id: str, step: int) -> None:
    """Ask WeChat Pay how a refund stands, until it is over: notices get lost."""
    number = UUID(refund_id)
    with transaction() as session:
        refund = session.get_one(Refund, number)
        out_refund_no, still_open = refund.out_refund_no, refund.status in domain.OPEN_REFUND
    if not still_open:
        return
    crash_points.reach("query_refund.opened")
    try:
        told = channels().wechat_pay.query_refund(out_refund_no)
    except (OrderUnknown, PayUnavailable, PayRefused):
        told = None
    crash_points.reach("query_refund.called")
    _record_refund(number, told, step + 1)


def _record_refund(refund_id: UUID, told: ToldRefund | None, step: int) -> None:
    with transaction() as session:
        if told is not None:
            usecases.record_refund(session, refund_id=refund_id, told=told)
        usecases.go_on_refund(session, refund_id=refund_id, step=step)


@task("payments.take_up", cron="* * * * *")
def take_up() -> None:
    """What is open and lost its job gets another one."""
    with transaction() as session:
        taken = usecases.take_up(session)
    if taken:
        log.error("open payments had no job", count=taken)
