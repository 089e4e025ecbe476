"""One message on its way: WeChat once while the user allows it, else SMS under one number, else the inbox alone.

WeChat does not recognise a repeat. So a call whose answer was lost is written down as doubt and not made again, and
nothing else is sent in its place: the inbox has the message, and WeChat's own event may still clear the doubt.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.adapters.wechat_messages import Sent
from app.customers import queries as customers
from app.kernel import clock, ids
from app.kernel.states import transition
from app.messages import queries
from app.messages.domain import delivery
from app.messages.domain.texts import KINDS
from app.messages.domain.values import for_people, for_wechat
from app.messages.models import Message, MessageAttempt
from app.messages.usecases import grants, reminders
from app.messages.usecases.opening import enqueue

NO_GRANT = 43101


@dataclass(frozen=True)
class ToWechat:
    """What WeChat is told; afterwards `settle_wechat`."""

    message_id: UUID
    kind: str
    page: str
    openid: str = field(repr=False)
    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class ToSms:
    """What the SMS vendor is told, under the same number however often; afterwards `settle_sms`."""

    message_id: UUID
    message_no: str
    template: str
    phone: str = field(repr=False)
    params: Mapping[str, str] = field(repr=False)


Step = ToWechat | ToSms


def next_step(session: Session, *, message_id: UUID, wechat_kinds: frozenset[str], appid: str) -> Step | None:
    """Decide the next way and write it down before it is tried; None when nothing is to be done (now).

    `wechat_kinds` have a template in the mini-program `appid`.
    """
    message = session.get_one(Message, message_id, with_for_update=True)
    if message.status == "wechat":  # somebody went there and never came back with the answer
        _finish(session, message, "wechat", Sent("doubt"))
        transition(session, message, delivery.STATES, "wechat_lost")
        return None
    if message.status == "open" and not _leave(session, message, wechat_kinds, appid):
        return None
    if message.status == "wechat":
        return _to_wechat(session, message)
    return _to_sms(session, message) if message.status == "sms" else None


def _leave(session: Session, message: Message, wechat_kinds: frozenset[str], appid: str) -> bool:
    """Whether the message leaves the house now; writes by which way."""
    now = clock.now()
    if now < message.due_at:
        enqueue(session, message.id, after_s=(message.due_at - now).total_seconds())
        return False
    closed = customers.person(session, message.customer_id).status != "active"
    if closed or now - message.due_at > delivery.STALE or _paid_meanwhile(session, message):
        transition(session, message, delivery.STATES, "too_late")
        return False
    identity_id = _allowed_identity(session, message, appid) if message.kind in wechat_kinds else None
    transition(session, message, delivery.STATES, "to_wechat" if identity_id else "to_sms")
    _open_attempt(session, message, "wechat" if identity_id else "sms", identity_id)
    return True


def _paid_meanwhile(session: Session, message: Message) -> bool:
    """A reminder that waited for the morning tells the morning's sum, and reminds nobody of what was paid at night."""
    if KINDS[message.kind].group != "reminder":
        return False
    values = queries.values_of(message)
    owed_fen = reminders.owed_fen(session, message.kind, message.subject_id, values["due_on"])
    if owed_fen:
        message.sealed_values = json.dumps(values | {"amount_fen": owed_fen})
    return not owed_fen


def _allowed_identity(session: Session, message: Message, appid: str) -> UUID | None:
    """The user in the mini-program who allowed this kind; the grant is taken."""
    identity = customers.wechat_identity(session, customer_id=message.customer_id, app="mini")
    if identity is None or identity.appid != appid:
        return None
    return identity.identity_id if grants.spend(session, identity_id=identity.identity_id, kind=message.kind) else None


def _open_attempt(session: Session, message: Message, channel: str, identity_id: UUID | None) -> None:
    row = {"id": ids.new_id(), "message_id": message.id, "channel": channel, "opened_at": clock.now()}
    made = insert(MessageAttempt).values(**row, wechat_identity_id=identity_id)
    session.execute(made.on_conflict_do_nothing(index_elements=["message_id", "channel"]))


def _to_wechat(session: Session, message: Message) -> ToWechat:
    identity = customers.wechat_identity(session, customer_id=message.customer_id, app="mini")
    assert identity is not None, "the attempt was opened for it in this transaction"
    values = for_wechat(message.kind, message.text_version, queries.values_of(message))
    page = KINDS[message.kind].page.format(id=message.subject_id)
    return ToWechat(message.id, message.kind, page, identity.openid, values)


def _to_sms(session: Session, message: Message) -> ToSms:
    return ToSms(
        message_id=message.id,
        message_no=ids.outside_number("MS", message.id),
        template=f"message_{message.kind}",
        phone=customers.person(session, message.customer_id).phone,
        params=for_people(queries.values_of(message), "zh-CN"),
    )


def settle_wechat(session: Session, *, message_id: UUID, sent: Sent) -> None:
    """What WeChat answered. What it certainly did not send goes on by SMS; 43101 also ends the grants we counted."""
    message = session.get_one(Message, message_id, with_for_update=True)
    attempt = _finish(session, message, "wechat", sent)
    if sent.outcome == "sent":
        transition(session, message, delivery.STATES, "wechat_sent")
    elif sent.outcome == "doubt":
        if message.status == "wechat":
            transition(session, message, delivery.STATES, "wechat_lost")
    else:
        assert attempt.wechat_identity_id is not None, "an attempt at WeChat has its user"
        settle = grants.used_up if sent.errcode == NO_GRANT else grants.give_back
        settle(session, identity_id=attempt.wechat_identity_id, kind=message.kind)
        fall_back(session, message, "wechat_unsent")


def fall_back(session: Session, message: Message, event: str) -> None:
    """From now on by SMS; a job must look after the message."""
    transition(session, message, delivery.STATES, event)
    _open_attempt(session, message, "sms", None)


def settle_sms(session: Session, *, message_id: UUID, taken: bool) -> None:
    """The vendor took the message, or refused it for good: then the inbox must do."""
    message = session.get_one(Message, message_id, with_for_update=True)
    if message.status == "sms":
        _finish(session, message, "sms", Sent("sent" if taken else "refused"))
        transition(session, message, delivery.STATES, "sms_sent" if taken else "sms_refused")


def _finish(session: Session, message: Message, channel: str, sent: Sent) -> MessageAttempt:
    attempt = session.scalars(
        select(MessageAttempt).where(MessageAttempt.message_id == message.id, MessageAttempt.channel == channel)
    ).one()
    finished_at: datetime = clock.now()
    attempt.outcome, attempt.errcode, attempt.finished_at = sent.outcome, sent.errcode, finished_at
    attempt.vendor_ref = sent.vendor_ref
    return attempt
