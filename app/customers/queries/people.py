"""People: who a customer is, and how WeChat knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.customers.models import Customer, PhoneChange, WechatIdentity
from app.kernel import clock
from app.kernel.crypto import blind_index
from app.kernel.errors import NotFound
from app.kernel.pagination import Page, PageRequest, paginate


class CustomerUnknown(NotFound):
    code = "customer.not_found"


@dataclass(frozen=True)
class Person:
    """A customer in full; personal data is not in its repr."""

    customer_id: UUID
    status: str
    level: str  # phone, identified
    phone: str = field(repr=False)
    name: str | None = field(repr=False)
    id_no: str | None = field(repr=False)
    identified_at: datetime | None
    created_at: datetime


def person(session: Session, customer_id: UUID) -> Person:
    """One customer. Raises CustomerUnknown."""
    row = session.get(Customer, customer_id)
    if row is None:
        raise CustomerUnknown("There is no such customer.")
    return _view(row)


def customer_page(session: Session, request: PageRequest, *, phone: str | None = None) -> Page[Person]:
    """Customers, newest first; with `phone`, the one who has exactly this number."""
    query = select(Customer)
    if phone:
        query = query.where(Customer.phone_index == blind_index(phone, "customers.phone"))
    page = paginate(session, query, Customer.id, request)
    return Page([_view(row) for row in page.items], page.next_cursor)


def cool_off_until(session: Session, customer_id: UUID) -> datetime | None:
    """Until when nothing binds this customer after a change of phone; None when nothing stands in the way."""
    now = clock.now()
    query = select(func.max(PhoneChange.cool_off_until)).where(
        PhoneChange.customer_id == customer_id, PhoneChange.cool_off_until > now
    )
    return session.scalar(query)


def payer_openid(session: Session, *, customer_id: UUID, app: str) -> tuple[str, str] | None:
    """(appid, openid) under which this customer pays in `app` (mini or h5); None when that app does not know them."""
    row = session.scalars(
        select(WechatIdentity)
        .where(WechatIdentity.customer_id == customer_id, WechatIdentity.app == app)
        .order_by(WechatIdentity.seen_at.desc())
        .limit(1)
    ).first()
    return (row.appid, row.openid) if row else None


@dataclass(frozen=True)
class IdentityView:
    """A customer as one of our WeChat apps knows them."""

    identity_id: UUID
    customer_id: UUID | None
    appid: str
    openid: str = field(repr=False)


def wechat_identity(session: Session, *, customer_id: UUID, app: str) -> IdentityView | None:
    """The identity that this customer used last in `app`, mini or h5."""
    query = select(WechatIdentity).where(WechatIdentity.customer_id == customer_id, WechatIdentity.app == app)
    row = session.scalars(query.order_by(WechatIdentity.seen_at.desc()).limit(1)).first()
    return _identity(row) if row else None


def identity_by_openid(session: Session, *, appid: str, openid: str) -> IdentityView | None:
    """Whom WeChat means by an openid; None for somebody who never signed in."""
    index = blind_index(openid, "wechat_identities.openid")
    row = session.scalar(select(WechatIdentity).filter_by(appid=appid, openid_index=index))
    return _identity(row) if row else None


def _identity(row: WechatIdentity) -> IdentityView:
    return IdentityView(row.id, row.customer_id, row.appid, row.openid)


def wechat_apps(session: Session, customer_id: UUID) -> list[str]:
    """In which of our WeChat apps this customer is known."""
    query = select(WechatIdentity.app).where(WechatIdentity.customer_id == customer_id).distinct()
    return sorted(session.scalars(query))


def _view(row: Customer) -> Person:
    return Person(
        customer_id=row.id,
        status=row.status,
        level=row.level,
        phone=row.phone,
        name=row.name,
        id_no=row.id_no,
        identified_at=row.identified_at,
        created_at=row.created_at,
    )
