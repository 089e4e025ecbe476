"""Partners register merchants and look at their orders."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from app.adapters import channels
from app.adapters.core_bank import Payee
from app.kernel import clock
from app.kernel.db import transaction
from app.kernel.pagination import Page
from app.kernel.spreadsheets import write_csv, yuan
from app.kernel.web import principal
from app.kernel.web.files import csv_answer
from app.kernel.web.idempotent import once, open_call_settle
from app.kernel.web.paging import PageIn, page_request
from app.kernel.web.routing import Routes
from app.orders import queries, usecases
from app.orders.domain import check_ref
from app.orders.queries import refunds
from app.orders.schemas import (
    MerchantIn,
    MerchantOut,
    OrderOut,
    OrderPageOut,
    OrderRefundPageOut,
    RefundIn,
    SettlementPageOut,
    ShipmentIn,
)
from app.partners.usecases import require_scope

HEADER = ("date", "kind", "order_ref", "merchant_ref", "title", "amount_yuan")
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
    """Withdraw an order, and with it an application that binds nobody yet.

    409 `order.being_paid`: the customer has signed, wait for `order.financed`; 409 `order.closed`: it is paid, so
    refund it.
    """
    asking = principal.partner()
    require_scope(asking, "orders:write")

    def work(session: Session, new_id: UUID) -> queries.OrderView:
        return usecases.cancel(session, partner_id=asking.partner_id, order_ref=order_ref)

    return once(work, schema=OrderOut, status=200)


@partner_orders.post("/orders/<string:order_ref>/shipment")
@partner_orders.arguments(ShipmentIn)
@partner_orders.response(200, OrderOut)
def ship_order(body: dict[str, Any], order_ref: str) -> Response:
    """Tell that the goods are on their way. 409 `order.not_paid`: ship when you have heard `order.financed`."""
    asking = principal.partner()
    require_scope(asking, "orders:write")

    def work(session: Session, new_id: UUID) -> queries.OrderView:
        return usecases.ship(session, partner_id=asking.partner_id, order_ref=order_ref, **body)

    return once(work, schema=OrderOut, status=200, body=body)


@partner_orders.post("/orders/<string:order_ref>/refunds")
@partner_orders.arguments(RefundIn)
@partner_orders.response(201, OrderOut)
def refund_order(body: dict[str, Any], order_ref: str) -> Response:
    """Tell that the merchant gives back a paid order, in part or whole.

    By your agreement's rule it repays the loan at once, or when the money has arrived at the bank. 409
    `order.not_paid`, `order.refund_differs`; 422 `order.refund_too_large`.
    """
    asking = principal.partner()
    require_scope(asking, "orders:write")

    def work(session: Session, new_id: UUID) -> queries.OrderView:
        return usecases.refund(session, partner_id=asking.partner_id, order_ref=order_ref, **body)

    return once(work, schema=OrderOut, status=201, body=body)


@partner_orders.get("/orders/<string:order_ref>/refunds")
@partner_orders.arguments(PageIn, location="query")
@partner_orders.response(200, OrderRefundPageOut)
def list_refunds(query: dict[str, Any], order_ref: str) -> Page[refunds.RefundView]:
    """The refunds of one of your orders, newest first, with the number that your transfer to the bank names."""
    asking = principal.partner()
    require_scope(asking, "orders:read")
    with transaction() as session:
        request = page_request(query, "order_refunds")
        return refunds.refunds(session, partner_id=asking.partner_id, order_ref=order_ref, request=request)


@partner_orders.get("/settlements")
@partner_orders.arguments(PageIn, location="query")
@partner_orders.response(200, SettlementPageOut)
def list_settlements(query: dict[str, Any]) -> Page[queries.SettlementView]:
    """What the bank has paid for your orders and what has to be given back, newest first."""
    asking = principal.partner()
    require_scope(asking, "orders:read")
    with transaction() as session:
        request = page_request(query, "settlements")
        return queries.settlements(session, partner_id=asking.partner_id, request=request)


@partner_orders.get("/statements/<string:statement_month>")
@partner_orders.response(200, {"type": "string", "format": "binary"}, content_type="text/csv")
def get_statement(statement_month: str) -> Response:
    """The settlements of a month such as `2026-11` (days in China) as CSV, UTF-8 with a byte order mark.

    Amounts in yuan, refunds negative; the last line is the sum.
    """
    asking = principal.partner()
    require_scope(asking, "orders:read")
    with transaction() as session:
        lines = queries.statement(session, partner_id=asking.partner_id, month=statement_month)
    signed = [line.amount_fen if line.kind == "payment" else -line.amount_fen for line in lines]
    rows = [_row(line, amount_fen) for line, amount_fen in zip(lines, signed, strict=True)]
    rows.append(("sum", None, None, None, None, yuan(sum(signed))))
    return csv_answer(write_csv(HEADER, rows), f"statement-{statement_month}.csv")


def _row(line: queries.SettlementView, amount_fen: int) -> tuple[Any, ...]:
    return clock.local_day(line.occurred_at), line.kind, line.order_ref, line.merchant_ref, line.title, yuan(amount_fen)
