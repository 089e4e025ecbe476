"""Messages for tests: an event told, a user who allowed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.models import Customer, WechatIdentity
from app.kernel import crypto, ids
from app.kernel.outbox import Event, emit
from app.messages.models import Message
from app.messages.usecases import grants, open_message
from tests.factories import customers


@dataclass(frozen=True, kw_only=True)
class Told(Event):
    """Something that nobody else listens to."""

    name: ClassVar[str] = "test.told"


def make_reader(session: Session, persona: dict[str, Any] | None = None, appid: str = "") -> Customer:
    """A customer in the mini-program; with a persona, the one whom the sandbox knows."""
    customer = customers.make_customer(session, phone=persona["person"]["phone"] if persona else "")
    identity = customers.make_identity(session, customer=customer)
    if persona:
        identity.appid, identity.openid = appid, persona["wechat"]["mini_openid"]
        identity.openid_index = crypto.blind_index(identity.openid, "wechat_identities.openid")
    session.commit()
    return customer


def identity_of(session: Session, customer: Customer) -> WechatIdentity:
    return session.scalars(select(WechatIdentity).where(WechatIdentity.customer_id == customer.id)).one()


def allow(session: Session, customer: Customer, kind: str, times: int = 1) -> None:
    """As if the client had told of taps on "allow"."""
    for _ in range(times):
        grants.count(session, identity_id=identity_of(session, customer).id, kind=kind, claimed=1)
    session.commit()


def open_one(session: Session, customer: Customer, kind: str = "disbursed", **values: Any) -> Message:
    """A message of some event; committed."""
    event_id = emit(session, Told(subject_id=ids.new_id()))
    message_id = open_message(
        session,
        event_id=event_id,
        kind=kind,
        customer_id=customer.id,
        subject_id=ids.new_id(),
        values=values or {"amount_fen": 1_234_567},
    )
    assert message_id is not None
    session.commit()
    return one(session, message_id)


def one(session: Session, message_id: UUID) -> Message:
    """The row as it is now."""
    session.expire_all()
    return session.get_one(Message, message_id)
