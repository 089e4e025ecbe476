"""Customers for tests: signed in, identified, with an enterprise and consents, without asking any outside source."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.customers import queries, usecases
from app.customers.domain.consents import ENTERPRISE_KINDS, PERSONAL_KINDS, about_enterprise
from app.customers.models import Customer, Enterprise, Membership, WechatIdentity
from app.customers.usecases.sessions import open_session
from app.kernel import clock, crypto, ids

_numbers = itertools.count(1)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class SignedInCustomer:
    """A customer with a session of their own."""

    customer_id: UUID
    session_id: UUID
    token: str
    enterprise_id: UUID | None = None

    @property
    def headers(self) -> dict[str, str]:
        """For the test client; writes also need an Idempotency-Key."""
        return {"Authorization": f"Bearer {self.token}"}

    def writing(self) -> dict[str, str]:
        """Headers of one new intention."""
        return {**self.headers, "Idempotency-Key": ids.new_id().hex}


def invented_phone() -> str:
    """A number of its own for each call."""
    return f"1990{next(_numbers):07d}"


def invented_id_no() -> str:
    """A resident ID with a right check digit, born 1980-01-01 in the standard's sample region."""
    stem = f"11010119{80 + next(_numbers) // 999 % 20:02d}0101{next(_numbers) % 1000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(stem, _ID_WEIGHTS, strict=True))
    return stem + "10X98765432"[total % 11]


def invented_uscc() -> str:
    """A unified social credit code with right check characters."""
    body = f"T{next(_numbers):07d}"
    values = [int(mark, 36) for mark in body]
    check = 11 - sum(value * weight for value, weight in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    stem = f"91330106{body}{ {10: 'X', 11: '0'}.get(check, str(check)) }"
    total = sum(_USCC_ALPHABET.index(mark) * pow(3, place, 31) for place, mark in enumerate(stem))
    return stem + _USCC_ALPHABET[(31 - total % 31) % 31]


def make_customer(session: Session, *, identified: bool = True, name: str = "测试林", phone: str = "") -> Customer:
    """A customer; identified unless told otherwise."""
    phone, id_no = phone or invented_phone(), invented_id_no()
    row = Customer(
        id=ids.new_id(),
        status="active",
        level="identified" if identified else "phone",
        phone=phone,
        phone_index=crypto.blind_index(phone, "customers.phone"),
        name=name if identified else None,
        id_no=id_no if identified else None,
        id_no_index=crypto.blind_index(id_no, "customers.id_no") if identified else None,
        identified_at=clock.now() if identified else None,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def make_enterprise(session: Session, *, legal_rep: Customer, name: str = "测试林记百货商行") -> Enterprise:
    """An active enterprise with this customer as legal representative."""
    now = clock.now()
    row = Enterprise(
        id=ids.new_id(),
        uscc=invented_uscc(),
        name=name,
        registry_status="active",
        industry_code="5137",
        region_code="330106",
        established_on=date(2019, 5, 6),
        legal_rep_name=legal_rep.name or "测试林",
        registry_snapshot="{}",
        checked_at=now,
        created_at=now,
    )
    session.add(row)
    session.flush()
    link = {"customer_id": legal_rep.id, "enterprise_id": row.id, "role": "legal_rep", "status": "active"}
    session.add(Membership(id=ids.new_id(), created_at=now, **link))
    session.flush()
    return row


def make_identity(session: Session, *, customer: Customer | None, app: str = "mini") -> WechatIdentity:
    """A WeChat identity of the customer."""
    openid = f"o{ids.new_id().hex[:27]}"
    row = WechatIdentity(
        id=ids.new_id(),
        customer_id=customer.id if customer else None,
        app=app,
        appid=f"wx{app}0000000000",
        openid=openid,
        openid_index=crypto.blind_index(openid, "wechat_identities.openid"),
        created_at=clock.now(),
        seen_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def give_consents(
    session: Session,
    *,
    customer_id: UUID,
    enterprise_id: UUID | None,
    kinds: Iterable[str] = PERSONAL_KINDS + ENTERPRISE_KINDS,
) -> None:
    """Consents to the texts in force; those about an enterprise only when there is one."""
    wanted = [kind for kind in kinds if enterprise_id or not about_enterprise(kind)]
    for text in queries.current_texts(session, locale="zh-CN", kinds=wanted):
        usecases.grant(
            session,
            consent_id=ids.new_id(),
            customer_id=customer_id,
            kind=text.kind,
            text_version=text.version,
            text_sha256=text.sha256,
            enterprise_id=enterprise_id if text.about_enterprise else None,
            facts={},
        )


def sign_in(session: Session, customer: Customer, *, channel: str = "web") -> SignedInCustomer:
    """A session for this customer."""
    opened = open_session(
        session, customer_id=customer.id, wechat_identity_id=None, channel=channel, device="Chrome · Linux"
    )
    return SignedInCustomer(customer.id, opened.session_id, opened.token)


def ready_to_apply(session: Session, *, app: str = "mini") -> SignedInCustomer:
    """Signed in, identified, with an enterprise, all consents given, and payable in `app`; committed."""
    customer = make_customer(session)
    enterprise = make_enterprise(session, legal_rep=customer)
    make_identity(session, customer=customer, app=app)
    give_consents(session, customer_id=customer.id, enterprise_id=enterprise.id)
    signed_in = sign_in(session, customer)
    session.commit()
    return SignedInCustomer(customer.id, signed_in.session_id, signed_in.token, enterprise.id)


def show_second_factor(session: Session, signed_in: SignedInCustomer, *, purpose: str, subject_id: UUID) -> None:
    """As if the person had entered the right code for this step; committed."""
    from app.customers.domain.sessions import Visit

    code = usecases.open_step_up_code(
        session,
        code_id=ids.new_id(),
        customer_id=signed_in.customer_id,
        session_id=signed_in.session_id,
        purpose=purpose,
        subject_id=subject_id,
        visit=Visit("192.0.2.1", None, "test"),
    )
    usecases.count_step_up_try(session, code_id=code.code_id, session_id=signed_in.session_id)
    usecases.grant_step_up(session, code_id=code.code_id, code=code.code)
    session.commit()
