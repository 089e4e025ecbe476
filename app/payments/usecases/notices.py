"""Notices of WeChat Pay: kept as they came, booked once, refused without effect."""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import Session

from app.adapters.wechat_pay import Notice
from app.kernel import clock
from app.payments.models import PaymentNotice
from app.payments.usecases.orders import confirm

KEPT_OF_REFUSED = 4096  # bytes: an unproven sender must not fill the disk


def settle_notice(session: Session, *, notice: Notice, raw: bytes, our_mchid: str) -> str:
    """Book a verified notice in the caller's transaction and keep it; answers the verdict."""
    if notice.event_type == "TRANSACTION.SUCCESS" and notice.transaction is not None:
        verdict, reason = confirm(session, transaction=notice.transaction, our_mchid=our_mchid)
    else:
        verdict, reason = "ignored", "other_event"
    session.add(
        PaymentNotice(
            notice_id=notice.id[:64],
            event_type=notice.event_type[:64],
            verdict=verdict,
            reason=reason,
            out_trade_no=notice.transaction.out_trade_no if notice.transaction else None,
            transaction_id=notice.transaction.transaction_id if notice.transaction else None,
            body_sha256=hashlib.sha256(raw).hexdigest(),
            body=raw.decode("utf-8", "replace"),
            received_at=clock.now(),
        )
    )
    return verdict


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
