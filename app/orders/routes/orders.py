"""Partners register merchants and look at their orders."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from app.adapters import channels
from app.adapters.core_bank import Payee
from app.kernel.db import transaction
from app.kernel.pagination import Page
from app.kernel.web import principal
from app.kernel.web.idempotent import once, open_call_settle
from app.kernel.web.paging import PageIn, page_request
from app.kernel.web.routing import Routes
from app.orders import queries, usecases
from app.orders.domain import check_ref
from app.orders.schemas import MerchantIn, MerchantOut, OrderOut, OrderPageOut
from app.partners.usecases import require_scope

partner_orders = Routes("partner_orders", __name__, description="Merchants and financed orders")


@partner_orders.put("/merchants/<string:merchant_ref>")
@partner_orders.arguments(MerchantIn)
@partner_orders.response(200, MerchantOut)
def put_merchant(body: dict[str, Any], merchant_ref: str) -> Response:
    """Register a merchant or change its account; the core bank checks that account and name belong together."""
    asking = principal.partner()
    require_scope(asking, "orders:write")
    check_ref(merchant_ref)
    payee = Payee(body["account_no"], body["account_name"], body["bank_code"])

    def settle(session: Session, _: None, verdict: str) -> queries.MerchantView:
        return usecases.register_merchant(
            session, partner_id=asking.partner_id, merchant_ref=merchant_ref, account_check=verdict, **body
        )

    return open_call_settle(
        open_=lambda session, new_id: None,  # nothing is written before the verdict
        call=lambda _: channels().core_bank.check_account(payee),
        settle=settle,
        schema=MerchantOut,
        status=200,
        body=body,
    )


@partner_orders.get("/orders")
@partner_orders.arguments(PageIn, location="query")
@partner_orders.response(200, OrderPageOut)
def list_orders(query: dict[str, Any]) -> Page[queries.OrderView]:
    """Your orders, newest first."""
    asking = principal.partner()
    require_scope(asking, "orders:read")
    with transaction() as session:
        request = page_request(query, "orders")
        return queries.partner_orders(session, partner_id=asking.partner_id, request=request)


@partner_orders.get("/orders/<string:order_ref>")
@partner_orders.response(200, OrderOut)
def get_order(order_ref: str) -> queries.OrderView:
    """One of your orders by your own reference."""
    asking = principal.partner()
    require_scope(asking, "orders:read")
    with transaction() as session:
        return queries.partner_order(session, partner_id=asking.partner_id, order_ref=order_ref)


@partner_orders.post("/orders/<string:order_ref>/cancellation")
@partner_orders.response(200, OrderOut)
def cancel_order(order_ref: str) -> Response:
    """Withdraw an order that nobody is applying for."""
    asking = principal.partner()
    require_scope(asking, "orders:write")

    def work(session: Session, new_id: UUID) -> queries.OrderView:
        return usecases.cancel(session, partner_id=asking.partner_id, order_ref=order_ref)

    return once(work, schema=OrderOut, status=200)
