"""Reading payment orders, notices and transfers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.payments.domain import OrderWay
from app.payments.models import PaymentNotice, PaymentOrder, Transfer


@dataclass(frozen=True)
class OrderView:
    """A payment order as other capabilities see it."""

    order_id: UUID
    out_trade_no: str
    appid: str
    payer_openid: str | None = field(repr=False)
    description: str
    amount_fen: int
    status: str
    expires_at: datetime
    pay_by: OrderWay
    payer_address: str | None = field(repr=False)


def order_of(session: Session, *, purpose: str, reference_id: UUID) -> OrderView | None:
    """The payment order that was opened for one thing."""
    order = session.scalar(
        select(PaymentOrder).where(PaymentOrder.purpose == purpose, PaymentOrder.reference_id == reference_id)
    )
    return order_view(order) if order else None


def order_view(order: PaymentOrder) -> OrderView:
    """A row as others see it."""
    return OrderView(
        order_id=order.id,
        out_trade_no=order.out_trade_no,
        appid=order.appid,
        payer_openid=order.payer_openid,
        description=order.description,
        amount_fen=order.amount_fen,
        status=order.status,
        expires_at=order.expires_at,
        pay_by=cast("OrderWay", order.pay_by),
        payer_address=order.payer_address,
    )


def transfer_of(session: Session, *, purpose: str, reference_id: UUID) -> Transfer | None:
    """The transfer that was opened for one thing."""
    return session.scalar(
        select(Transfer).where(Transfer.purpose == purpose, Transfer.reference_id == reference_id)
    )


def latest_notices(session: Session, limit: int) -> Sequence[PaymentNotice]:
    """The newest calls on the notice address."""
    return session.scalars(select(PaymentNotice).order_by(PaymentNotice.id.desc()).limit(limit)).all()


def latest_transfers(session: Session, limit: int) -> Sequence[Transfer]:
    """The newest transfers."""
    return session.scalars(select(Transfer).order_by(Transfer.id.desc()).limit(limit)).all()
