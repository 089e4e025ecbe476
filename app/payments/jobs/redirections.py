"""Asking WeChat Pay to send an abnormal refund another way, until it takes or refuses it: open – call – settle."""

from __future__ import annotations

from uuid import UUID

from app.adapters import channels
from app.adapters.wechat_pay import OrderUnknown, PayRefused, PayUnavailable
from app.kernel import crash_points
from app.kernel.db import transaction
from app.kernel.errors import Problem
from app.kernel.jobs import task
from app.payments import usecases


@task("payments.redirect_refund")
def redirect_refund(*, redirection_id: str, step: int = 0) -> None:
    """Ask for what two people decided. After an unknown result the same is asked again, under the same number."""
    number = UUID(redirection_id)
    with transaction() as session:
        asked = usecases.to_send(session, redirection_id=number)
    if asked is None:
        return
    crash_points.reach("redirect_refund.opened")
    try:
        channels().wechat_pay.redirect_refund(
            refund_id=asked.refund_id, out_refund_no=asked.out_refund_no, card=asked.card
        )
    except PayUnavailable:
        with transaction() as session:
            usecases.go_on_redirection(session, redirection_id=number, step=step + 1)
        return
    except Problem as refusal:
        _settle_refusal(number, asked.out_refund_no, refusal, step)
        return
    crash_points.reach("redirect_refund.called")
    with transaction() as session:
        usecases.take_redirection(session, redirection_id=number)


def _settle_refusal(redirection_id: UUID, out_refund_no: str, refusal: Problem, step: int) -> None:
    """A refusal counts only while the refund is abnormal: else an earlier try got through, or the refund arrived."""
    try:
        told = channels().wechat_pay.query_refund(out_refund_no)
    except (PayUnavailable, PayRefused, OrderUnknown):
        with transaction() as session:
            usecases.go_on_redirection(session, redirection_id=redirection_id, step=step + 1)
        return
    with transaction() as session:
        if told.status == "ABNORMAL":
            code = str(refusal.context.get("vendor_code") or refusal.code)
            usecases.refuse_redirection(session, redirection_id=redirection_id, fail_code=code)
        else:
            usecases.take_redirection(session, redirection_id=redirection_id)
