"""Where WeChat Pay and the core bank call us: each proves itself by its signature over the raw bytes."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from app.adapters import channels
from app.adapters.wechat_pay import NoticeRefused
from app.kernel import cache, crash_points
from app.kernel.db import transaction
from app.payments import usecases

MAX_NOTICE_BYTES = 64 * 1024
REFUSED_KEPT_A_MINUTE = 120  # each is in the log; strangers must not fill the disk with them
callbacks = Blueprint("payment_callbacks", __name__)


@callbacks.post("/wechat/pay")
def wechat_pay() -> Response:
    """A notice of WeChat Pay: 204 once it is committed, whatever became of it; 401 when it proves nothing."""
    raw = _raw()
    try:
        notice = channels().wechat_pay.read_notice(dict(request.headers), raw)
    except NoticeRefused as refusal:
        if cache.counted_within("notices:refused", REFUSED_KEPT_A_MINUTE, 60):
            with transaction() as session:
                usecases.record_refused(session, raw=raw, reason=refusal.reason)
        raise
    crash_points.reach("notice.read")
    with transaction() as session:
        verdict = usecases.settle_notice(session, notice=notice, raw=raw, our_mchid=channels().wechat_pay.mchid)
    crash_points.reach("notice.committed")
    structlog.contextvars.bind_contextvars(verdict=verdict, event_type=notice.event_type)  # into the request's line
    return Response(status=204)


@callbacks.post("/core-bank/transfers")
def core_bank_transfers() -> Response:
    """A push of the core bank: a hint to ask, not the truth itself."""
    state = channels().core_bank.read_push(dict(request.headers), _raw())
    with transaction() as session:
        usecases.hint_transfer(session, transfer_no=state.transfer_no)
    return Response(status=204)


def _raw() -> bytes:
    """The body exactly as it came; never inflated, never larger than a notice can be."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("Send the body as it is, without an encoding.")
    if (request.content_length or 0) > MAX_NOTICE_BYTES:
        raise RequestEntityTooLarge("A notice has at most 64 kB.")
    raw = request.get_data(cache=True)
    if len(raw) > MAX_NOTICE_BYTES:
        raise RequestEntityTooLarge("A notice has at most 64 kB.")
    return raw
