"""Sending refunds and asking about them until WeChat Pay's word is final: every call with the number it began with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from app.adapters import channels
from app.adapters.wechat_pay import OrderUnknown, PayRefused, PayUnavailable
from app.adapters.wechat_pay import Refund as ToldRefund
from app.kernel import clock, crash_points
from app.kernel.db import transaction
from app.kernel.errors import Problem
from app.kernel.jobs import task
from app.payments import domain, usecases
from app.payments.models import Refund
from config.settings import current


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
    asked_at = clock.now()
    crash_points.reach("query_refund.opened")
    try:
        told = channels().wechat_pay.query_refund(out_refund_no)
    except (OrderUnknown, PayUnavailable, PayRefused):
        told = None
    crash_points.reach("query_refund.called")
    _record_refund(number, told, step + 1, asked_at)


def _record_refund(refund_id: UUID, told: ToldRefund | None, step: int, asked_at: datetime | None = None) -> None:
    with transaction() as session:
        if told is not None:
            usecases.record_refund(session, refund_id=refund_id, told=told)
        if told is not None and told.status == "ABNORMAL" and asked_at:
            usecases.still_abnormal(session, refund_id=refund_id, asked_at=asked_at)
        usecases.go_on_refund(session, refund_id=refund_id, step=step)
