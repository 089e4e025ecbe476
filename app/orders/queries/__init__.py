"""What is known of merchants and financed orders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.pagination import Page, PageRequest, paginate
from app.orders.domain import OrderUnknown, mask_account, read_month
from app.orders.models import FinancedOrder, Merchant, SettlementLine
from app.orders.queries import refunds as _  # noqa: F401  registers the invariants


@dataclass(frozen=True)
class MerchantView:
    """A merchant as its partner sees it."""

    id: UUID
    merchant_ref: str
    name: str
    account_tail: str
    bank_code: str
    checked_at: datetime


@dataclass(frozen=True)
class MerchantAccount:
    """Whom a loan for the order pays."""

    name: str
    account_no: str = field(repr=False)
    account_name: str = field(repr=False)
    bank_code: str


@dataclass(frozen=True)
class OrderView:
    """An order with its merchant's name."""

    id: UUID
    partner_id: UUID
    order_ref: str
    merchant_ref: str
    merchant_name: str
    title: str
    amount_fen: int
    status: str
    application_id: UUID | None
    loan_id: UUID | None
    refunded_fen: int
    shipped_at: datetime | None
    carrier: str | None
    tracking_ref: str | None
    created_at: datetime
    updated_at: datetime


def order(session: Session, order_id: UUID) -> OrderView:
    """One order. Raises OrderUnknown."""
    return _one(session, _orders().where(FinancedOrder.id == order_id))


def partner_order(session: Session, *, partner_id: UUID, order_ref: str) -> OrderView:
    """One order of this partner by the partner's own reference. Raises OrderUnknown."""
    query = _orders().where(FinancedOrder.partner_id == partner_id, FinancedOrder.order_ref == order_ref)
    return _one(session, query)


def partner_orders(session: Session, *, partner_id: UUID, request: PageRequest) -> Page[OrderView]:
    """The partner's orders, newest first."""
    query = select(FinancedOrder).where(FinancedOrder.partner_id == partner_id)
    page = paginate(session, query, FinancedOrder.id, request)
    merchants = _merchants(session, {found.merchant_id for found in page.items})
    return Page([_view(found, merchants[found.merchant_id]) for found in page.items], page.next_cursor)


def order_refs(session: Session, *, partner_id: UUID, order_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The partner's own references of some of its orders."""
    query = select(FinancedOrder.id, FinancedOrder.order_ref).where(
        FinancedOrder.partner_id == partner_id, FinancedOrder.id.in_([one for one in order_ids if one])
    )
    return {row.id: row.order_ref for row in session.execute(query)}


def order_merchant(session: Session, order_id: UUID) -> UUID | None:
    """Whom a loan for this order pays."""
    return session.scalar(select(FinancedOrder.merchant_id).where(FinancedOrder.id == order_id))


def merchant_account(session: Session, order_id: UUID) -> MerchantAccount:
    """The account that is paid for this order. Raises OrderUnknown."""
    query = select(Merchant).join(FinancedOrder, FinancedOrder.merchant_id == Merchant.id)
    found = session.scalar(query.where(FinancedOrder.id == order_id))
    if found is None:
        raise OrderUnknown("There is no such order.")
    return MerchantAccount(found.name, found.account_no, found.account_name, found.bank_code)


def merchant_view(found: Merchant) -> MerchantView:
    """A merchant with the account's tail only."""
    return MerchantView(
        id=found.id,
        merchant_ref=found.merchant_ref,
        name=found.name,
        account_tail=mask_account(found.account_no),
        bank_code=found.bank_code,
        checked_at=found.checked_at,
    )


def _orders() -> Select[FinancedOrder, Merchant]:
    return select(FinancedOrder, Merchant).join(Merchant, Merchant.id == FinancedOrder.merchant_id)


def _one(session: Session, query: Select[FinancedOrder, Merchant]) -> OrderView:
    row: Row[FinancedOrder, Merchant] | None = session.execute(query).one_or_none()
    if row is None:
        raise OrderUnknown("There is no such order.")
    return _view(row.FinancedOrder, row.Merchant)


def _merchants(session: Session, merchant_ids: set[UUID]) -> dict[UUID, Merchant]:
    return {found.id: found for found in session.scalars(select(Merchant).where(Merchant.id.in_(merchant_ids)))}


def _view(found: FinancedOrder, merchant: Merchant) -> OrderView:
    return OrderView(
        id=found.id,
        partner_id=found.partner_id,
        order_ref=found.order_ref,
        merchant_ref=merchant.merchant_ref,
        merchant_name=merchant.name,
        title=found.title,
        amount_fen=found.amount_fen,
        status=found.status,
        application_id=found.application_id,
        loan_id=found.loan_id,
        refunded_fen=found.refunded_fen,
        shipped_at=found.shipped_at,
        carrier=found.carrier,
        tracking_ref=found.tracking_ref,
        created_at=found.created_at,
        updated_at=found.updated_at,
    )


@dataclass(frozen=True)
class SettlementView:
    """One line between bank and partner."""

    id: UUID
    kind: str
    order_ref: str
    merchant_ref: str
    title: str
    amount_fen: int
    occurred_at: datetime


def counts_by_status(session: Session, *, partner_id: UUID) -> dict[str, int]:
    """How many of the partner's orders stand at each status."""
    query = select(FinancedOrder.status, func.count()).where(FinancedOrder.partner_id == partner_id)
    return {row[0]: row[1] for row in session.execute(query.group_by(FinancedOrder.status))}


def settlements(session: Session, *, partner_id: UUID, request: PageRequest) -> Page[SettlementView]:
    """What was paid for the partner's orders and has to be given back, newest first."""
    query = select(SettlementLine).where(SettlementLine.partner_id == partner_id)
    page = paginate(session, query, SettlementLine.id, request)
    return Page(_lines(session, page.items), page.next_cursor)


def statement(session: Session, *, partner_id: UUID, month: str) -> list[SettlementView]:
    """The lines of one month (days in China), oldest first. Raises MonthMalformed."""
    first = read_month(month)
    following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    begin, end = (datetime.combine(day, time(), clock.CHINA) for day in (first, following))
    query = select(SettlementLine).where(
        SettlementLine.partner_id == partner_id, SettlementLine.occurred_at >= begin, SettlementLine.occurred_at < end
    )
    return _lines(session, session.scalars(query.order_by(SettlementLine.id)).all())


def _lines(session: Session, found: Sequence[SettlementLine]) -> list[SettlementView]:
    rows = session.execute(_orders().where(FinancedOrder.id.in_({line.order_id for line in found}))).all()
    told = {row.FinancedOrder.id: (row.FinancedOrder, row.Merchant) for row in rows}
    return [_line(line, *told[line.order_id]) for line in found]


def _line(line: SettlementLine, order: FinancedOrder, merchant: Merchant) -> SettlementView:
    return SettlementView(
        id=line.id,
        kind=line.kind,
        order_ref=order.order_ref,
        merchant_ref=merchant.merchant_ref,
        title=order.title,
        amount_fen=line.amount_fen,
        occurred_at=line.occurred_at,
    )
