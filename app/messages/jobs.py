"""What happens to messages apart from requests: events told, messages sent, pushes worked on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog

from app.adapters import channels
from app.adapters.ports import PortRefused
from app.kernel import crash_points
from app.kernel.db import transaction
from app.kernel.jobs import task
from app.messages import usecases
from app.messages.usecases import ToSms, ToWechat

log = structlog.get_logger(__name__)


@task("messages.tell")
def tell(*, event_id: str, event: dict[str, Any]) -> None:
    """Something happened that a customer is told: one message an event, however often this runs."""
    with transaction() as session:
        usecases.tell(session, event_id=UUID(event_id))


@task("messages.deliver")
def deliver(*, message_id: str) -> None:
    """Send one message: through WeChat when it is allowed, else by SMS; each way written down before it is tried."""
    number = UUID(message_id)
    while (step := _next(number)) is not None:
        crash_points.reach("message.opened")
        if isinstance(step, ToWechat):
            _through_wechat(step)
        else:
            _by_sms(step)


def _next(message_id: UUID) -> usecases.Step | None:
    wechat = channels().wechat_messages
    with transaction() as session:
        return usecases.next_step(
            session, message_id=message_id, wechat_kinds=frozenset(wechat.templates), appid=wechat.appid
        )


def _through_wechat(step: ToWechat) -> None:
    sent = channels().wechat_messages.send(openid=step.openid, kind=step.kind, page=step.page, values=step.values)
    crash_points.reach("message.called")
    if sent.outcome == "doubt":
        log.warning("a message is in doubt", message=str(step.message_id))
    with transaction() as session:
        usecases.settle_wechat(session, message_id=step.message_id, sent=sent)


def _by_sms(step: ToSms) -> None:
    """When the vendor is down the job is tried again, under the same number."""
    try:
        channels().sms.send(message_no=step.message_no, phone=step.phone, template=step.template, params=step.params)
        taken = True
    except PortRefused as refusal:
        log.error("a message was refused", message=str(step.message_id), vendor_code=refusal.context["vendor_code"])
        taken = False
    crash_points.reach("message.called")
    with transaction() as session:
        usecases.settle_sms(session, message_id=step.message_id, taken=taken)


@task("messages.handle_push")
def handle_push(*, push_id: str) -> None:
    """Do what a stored push of WeChat asks for, once."""
    wechat = channels().wechat_messages
    kinds = {template.template_id: kind for kind, template in wechat.templates.items()}
    with transaction() as session:
        usecases.handle_push(session, push_id=UUID(push_id), appid=wechat.appid, kinds=kinds)
