"""An open payment order and the transactions WeChat Pay may tell of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.adapters.wechat_pay import Transaction
from app.kernel import ids
from app.payments.queries import OrderView
from app.payments.usecases import OrderRequest, open_order

MCHID = "1900000001"
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def new_order(session: Session, amount_fen: int = 110_852) -> OrderView:
    return open_order(
        session,
        request=OrderRequest(
            order_id=ids.new_id(),
            purpose="test",
            reference_id=ids.new_id(),
            customer_id=ids.new_id(),
            appid="wxmini",
            payer_openid="openid-of-a-test",
            description="还款",
            amount_fen=amount_fen,
            expires_at=NOON + timedelta(minutes=15),
        ),
    )


@pytest.fixture
def order(session: Session) -> OrderView:
    made = new_order(session)
    session.commit()
    return made


def paid(order: OrderView, **changes: object) -> Transaction:
    """What WeChat Pay tells when the order was paid as agreed, or with some differences."""
    told = Transaction(
        out_trade_no=order.out_trade_no,
        transaction_id="42000000012026112300000001",
        mchid=MCHID,
        appid=order.appid,
        trade_state="SUCCESS",
        amount_fen=order.amount_fen,
        currency="CNY",
        payer_openid=order.payer_openid,
        paid_at=NOON,
    )
    return replace(told, **changes)  # type: ignore[arg-type]


@pytest.fixture
def transaction_of() -> Callable[..., Transaction]:
    return paid
