"""Invented merchants and orders."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.orders import usecases
from app.orders.queries import MerchantView, OrderView

MERCHANT_REF = "seller-1"
ACCOUNT: dict[str, Any] = {
    "name": "测试粮油批发",
    "account_no": "6222020000001234",
    "account_name": "测试粮油批发有限公司",
    "bank_code": "TESTBANK01",
}


def make_merchant(session: Session, partner_id: UUID, merchant_ref: str = MERCHANT_REF) -> MerchantView:
    """A merchant whose account the core bank has matched."""
    return usecases.register_merchant(
        session, partner_id=partner_id, merchant_ref=merchant_ref, account_check="match", **ACCOUNT
    )


def make_order(session: Session, partner_id: UUID, *, amount_fen: int = 12_000_00, **facts: Any) -> OrderView:
    """An order offered by the partner, with its merchant."""
    make_merchant(session, partner_id)
    told = {"order_ref": f"PO-{secrets.token_hex(4)}", "merchant_ref": MERCHANT_REF, "title": "测试订单", **facts}
    return usecases.offer(session, partner_id=partner_id, amount_fen=amount_fen, **told)
