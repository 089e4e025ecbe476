"""Signing in: by a code sent to the phone, or by WeChat; and binding a WeChat account to the person behind a phone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.adapters.wechat_login import WechatIdentity as SeenIdentity
from app.customers.domain.sessions import SIGNED_OUT, SnapshotUser, WechatBoundElsewhere
from app.customers.models import Customer, CustomerSession, WechatIdentity
from app.customers.usecases.phone_codes import use_code
from app.customers.usecases.sessions import OpenedSession, open_session
from app.kernel import clock, crypto, ids


@dataclass(frozen=True)
class SignedIn:
    """The answer to a sign-in; `phone_needed` when only WeChat's identity is known so far."""

    session: OpenedSession
    new_customer: bool
    ended_elsewhere: bool = False  # the account is known, but its sessions were ended from another device

    @property
    def phone_needed(self) -> bool:
        return self.session.customer_id is None


def sign_in_by_phone(
    session: Session, *, code_id: UUID, code: str, waiting: CustomerSession | None, device: str
) -> SignedIn:
    """Use the code and open a new session for the person with that phone, who may be new.

    With `waiting`, the WeChat account of that session is bound to the person: the code is the second factor.
    A try must have been counted before (`count_try`). Raises CodeWrong, CodeExpired, WechatBoundElsewhere.
    """
    phone = use_code(session, code_id=code_id, code=code).phone
    customer, new = _customer_with(session, phone)
    return _enter(session, customer, new, waiting, device)


def sign_in_by_wechat(session: Session, *, identity: SeenIdentity, device: str) -> SignedIn:
    """Open a session for the owner of a WeChat identity, or one that waits for the phone. Raises SnapshotUser."""
    row = remember_identity(session, identity=identity)
    return open_for_identity(session, identity_id=row.id, device=device)


def open_for_identity(session: Session, *, identity_id: UUID, device: str) -> SignedIn:
    """A session of the person this identity belongs to; one that waits for the phone when it belongs to nobody yet.

    So does one whose sessions were ended from another device or by a change of phone: a code opens it again.
    """
    row = session.get_one(WechatIdentity, identity_id)
    owner = None if row.shut_at else row.customer_id
    opened = open_session(session, customer_id=owner, wechat_identity_id=row.id, channel=row.app, device=device)
    return SignedIn(opened, new_customer=False, ended_elsewhere=row.shut_at is not None)


def remember_identity(session: Session, *, identity: SeenIdentity) -> WechatIdentity:
    """Keep who WeChat says this is, and the newest session key. Raises SnapshotUser: nothing is kept of those."""
    if identity.snapshot:
        raise SnapshotUser("Open the page in full in WeChat and sign in again.")
    now, openid_index = clock.now(), crypto.blind_index(identity.openid, "wechat_identities.openid")
    key = {"appid": identity.appid, "openid_index": openid_index}
    fresh = {"id": ids.new_id(), "app": identity.app, "openid": identity.openid, "created_at": now, "seen_at": now}
    session.execute(insert(WechatIdentity).values(**key, **fresh).on_conflict_do_nothing())
    row = session.scalars(select(WechatIdentity).filter_by(**key).with_for_update()).one()
    row.seen_at = now
    if identity.unionid:
        row.unionid_index = crypto.blind_index(identity.unionid, "wechat_identities.unionid")
    if identity.session_key:
        row.session_key = identity.session_key
    session.flush()
    return row


def sign_in_by_wechat_phone(session: Session, *, phone: str, waiting: CustomerSession, device: str) -> SignedIn | None:
    """A new person with the phone that WeChat vouches for; None when the phone belongs to a customer already.

    Then a code sent to that phone is needed (`sign_in_by_phone`): two identities become one person only by a
    second factor. Raises WechatBoundElsewhere.
    """
    customer, new = _customer_with(session, phone)
    identity = session.get_one(WechatIdentity, waiting.wechat_identity_id)
    if not new and (identity.customer_id != customer.id or identity.shut_at):
        return None
    return _enter(session, customer, new, waiting, device)


def _enter(session: Session, customer: Customer, new: bool, waiting: CustomerSession | None, device: str) -> SignedIn:
    identity_id, channel = None, "web"
    if waiting is not None:
        identity_id, channel = waiting.wechat_identity_id, waiting.channel
        _bind(session, session.get_one(WechatIdentity, identity_id, with_for_update=True), customer)
        waiting.revoked_at, waiting.ended_by = clock.now(), SIGNED_OUT  # a new id at every change of what it may do
    opened = open_session(
        session, customer_id=customer.id, wechat_identity_id=identity_id, channel=channel, device=device
    )
    return SignedIn(opened, new_customer=new)


def _bind(session: Session, identity: WechatIdentity, customer: Customer) -> None:
    owners = {identity.customer_id}
    if identity.unionid_index:
        sisters = select(WechatIdentity.customer_id).where(WechatIdentity.unionid_index == identity.unionid_index)
        owners |= set(session.scalars(sisters))
    if owners - {None, customer.id}:
        raise WechatBoundElsewhere("This WeChat account belongs to another customer.")
    identity.customer_id, identity.shut_at = customer.id, None


def _customer_with(session: Session, phone: str) -> tuple[Customer, bool]:
    index = crypto.blind_index(phone, "customers.phone")
    made = session.scalar(
        insert(Customer)
        .values(id=ids.new_id(), status="active", level="phone", phone=phone, phone_index=index, created_at=clock.now())
        .on_conflict_do_nothing(index_elements=["phone_index"])
        .returning(Customer.id)
    )
    customer = session.scalars(select(Customer).where(Customer.phone_index == index)).one()
    return customer, made is not None
