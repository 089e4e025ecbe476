"""Notices of WeChat Pay: kept as they came, booked once, refused without effect."""

from __future__ import annotations

import hashlib
from typing import Any

import structlog
from sqlalchemy.orm import Session

from app.adapters.wechat_pay import Notice, Refund
from app.kernel import clock, ids
from app.payments.models import PaymentNotice
from app.payments.queries import refund_by_number
from app.payments.usecases.booking import book_at_once
from app.payments.usecases.orders import confirm
from app.payments.usecases.refunds import record_refund

log = structlog.get_logger(__name__)
KEPT_OF_REFUSED = 4096  # bytes: an unproven sender must not fill the disk


def settle_notice(session: Session, *, notice: Notice, raw: bytes, our_mchid: str) -> str:
    """Book a verified notice in the caller's transaction and keep it; answers the verdict."""
    trace = _trace(notice, raw)
    paid = notice.transaction if notice.event_type == "TRANSACTION.SUCCESS" else None
    if paid and paid.transaction_id:
        at_once = book_at_once(session, transaction=paid, trace=trace, our_mchid=our_mchid)
        if at_once:
            return at_once
    verdict, reason = "ignored", "other_event"
    if paid:
        verdict, reason = confirm(session, transaction=paid, our_mchid=our_mchid)
    elif notice.refund is not None:
        verdict, reason = _settle_refund(session, notice.refund, our_mchid)
    refund_no = notice.refund.out_refund_no[:64] if notice.refund else None
    session.add(PaymentNotice(**trace, verdict=verdict, reason=reason, out_refund_no=refund_no))
    return verdict


def _trace(notice: Notice, raw: bytes) -> dict[str, Any]:
    """What is kept of a verified notice besides what became of it: the columns of its row."""
    about = notice.transaction or notice.refund
    return {
        "id": ids.new_id(),
        "notice_id": notice.id[:64],
        "event_type": notice.event_type[:64],
        "out_trade_no": about.out_trade_no[:32] if about else None,
        "transaction_id": about.transaction_id[:32] if about and about.transaction_id else None,
        "body_sha256": hashlib.sha256(raw).hexdigest(),
        "body": raw.decode("utf-8", "replace"),
        "received_at": clock.now(),
    }


def _settle_refund(session: Session, told: Refund, our_mchid: str) -> tuple[str, str]:
    """Book what is told of a refund of ours. One that was started on WeChat Pay's own pages is kept for a person."""
    if told.mchid != our_mchid:
        return "ignored", "other_merchant"
    refund = refund_by_number(session, told.out_refund_no)
    if refund is None:
        log.error("a refund that nobody here decided", amount_fen=told.amount_fen)
        return "unmatched", "refund_unknown"
    if record_refund(session, refund_id=refund.id, told=told):
        return "refund", told.status.lower()[:32]
    return "duplicate", "known"


def record_refused(session: Session, *, raw: bytes, reason: str) -> None:
    """Keep the trace of a call that did not prove to come from WeChat Pay; it has no other effect."""
    session.add(
        PaymentNotice(
            verdict="refused",
            reason=reason,
            body_sha256=hashlib.sha256(raw).hexdigest(),
            body=raw[:KEPT_OF_REFUSED].decode("utf-8", "replace"),
            received_at=clock.now(),
        )
    )
