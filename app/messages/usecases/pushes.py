"""What WeChat pushes: stored at once, each once; then grants and deliveries follow it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.adapters.wechat_messages import Push
from app.customers import queries as customers
from app.kernel import clock, crypto, ids, jobs
from app.kernel.errors import Unauthenticated
from app.kernel.states import transition
from app.messages.domain import delivery
from app.messages.models import Message, MessageAttempt, MessagePush
from app.messages.usecases import grants
from app.messages.usecases.delivering import fall_back
from app.messages.usecases.opening import QUEUE, enqueue

DOUBT_LASTS = timedelta(minutes=15)  # WeChat tells of a sending within minutes


class PushReused(Unauthenticated):
    """The proof of one push was used for another content."""

    code = "wechat_push.reused"


def keep_push(session: Session, *, push: Push, nonce: str) -> bool:
    """Store a proved push and enqueue the work on it; false for a copy, which is answered as the first was.

    `nonce` is what its sender drew, with the time: a proof serves one content. Raises PushReused.
    """
    row = {
        "id": ids.new_id(),
        "kind": push.kind,
        "same_as": crypto.blind_index(push.same_as, "message_pushes.same_as"),
        "nonce_index": crypto.blind_index(nonce, "message_pushes.nonce"),
        "body": json.dumps({"openid": push.openid, "content": push.content}),
        "received_at": clock.now(),
    }
    push_id = session.scalar(insert(MessagePush).values(row).on_conflict_do_nothing().returning(MessagePush.id))
    if push_id is None:
        known = session.scalar(select(MessagePush.id).where(MessagePush.same_as == row["same_as"]))
        if known is None:
            raise PushReused("This proof belongs to another push.")
        return False
    jobs.enqueue(session, "messages.handle_push", queue=QUEUE, push_id=push_id)
    return True


def handle_push(session: Session, *, push_id: UUID, appid: str, kinds: Mapping[str, str]) -> None:
    """Do what a stored push asks for, once. `kinds`: {template id: kind of our messages}."""
    push = session.get_one(MessagePush, push_id, with_for_update=True)
    if push.handled_at is not None:
        return
    told = json.loads(push.body)
    identity = customers.identity_by_openid(session, appid=appid, openid=told["openid"])
    handle = {
        "subscribe_msg_popup_event": _popup,
        "subscribe_msg_change_event": _change,
        "subscribe_msg_sent_event": _sent,
    }.get(push.kind)
    if handle is None:
        push.outcome = "other_event"
    elif identity is None:
        push.outcome = "unknown_user"
    else:
        listed = [(item, kinds[item["TemplateId"]]) for item in _listed(told["content"]) if item["TemplateId"] in kinds]
        for item, kind in listed:
            handle(session, identity.identity_id, kind, item)
        push.outcome = f"done_{len(listed)}"
    push.handled_at = clock.now()


def _listed(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The items of an event: under `List` in JSON, in XML one deeper; one item comes without a list around it."""
    nested = [value for value in content.values() if isinstance(value, dict) and "List" in value]
    for holder in [content, *nested]:
        found = holder.get("List", [])
        for item in found if isinstance(found, list) else [found]:
            if isinstance(item, dict) and isinstance(item.get("TemplateId"), str):
                yield item


def _popup(session: Session, identity_id: UUID, kind: str, item: Mapping[str, Any]) -> None:
    if item.get("SubscribeStatusString") == "accept":
        grants.count(session, identity_id=identity_id, kind=kind, confirmed=1)
    else:
        grants.refuse(session, identity_id=identity_id, kind=kind, for_good=False)


def _change(session: Session, identity_id: UUID, kind: str, item: Mapping[str, Any]) -> None:
    if item.get("SubscribeStatusString") == "accept":
        grants.allow_again(session, identity_id=identity_id, kind=kind)
    else:
        grants.refuse(session, identity_id=identity_id, kind=kind, for_good=True)


def _sent(session: Session, identity_id: UUID, kind: str, item: Mapping[str, Any]) -> None:
    """WeChat's word on one sending: arrived, or not (`ErrorCode`): then the message goes on by SMS."""
    attempt = _attempt(session, identity_id, kind, str(item.get("MsgID") or "")[:32])
    if attempt is None:
        return
    message = session.get_one(Message, attempt.message_id, with_for_update=True)
    if str(item.get("ErrorCode")) == "0":
        attempt.delivered_at = attempt.delivered_at or clock.now()
        if message.status == "doubt":
            transition(session, message, delivery.STATES, "wechat_sent")
    elif message.status in ("doubt", "sent") and attempt.outcome != "refused":
        attempt.outcome = "refused"
        fall_back(session, message, "wechat_unsent" if message.status == "doubt" else "wechat_undelivered")
        enqueue(session, message.id)


def _attempt(session: Session, identity_id: UUID, kind: str, number: str) -> MessageAttempt | None:
    """By WeChat's number; else the one sending to this user that is in doubt, if there is exactly one."""
    mine = select(MessageAttempt).where(MessageAttempt.wechat_identity_id == identity_id)
    found = session.scalar(mine.where(MessageAttempt.vendor_ref == number)) if number else None
    if found is not None:
        return found
    doubtful = (
        mine.join(Message, Message.id == MessageAttempt.message_id)
        .where(Message.kind == kind, Message.status == "doubt", MessageAttempt.vendor_ref.is_(None))
        .where(MessageAttempt.opened_at > clock.now() - DOUBT_LASTS)
    )
    rows = session.scalars(doubtful).all()
    return rows[0] if len(rows) == 1 else None
