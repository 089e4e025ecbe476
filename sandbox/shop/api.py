"""The shop's JSON API: products, orders and, for one order, the client token of the bank's widget."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.context import current
from sandbox.shop import cart, orders
from sandbox.shop.bank_client import BankRefused, open_session
from sandbox.shop.catalogue import PRODUCTS
from sandbox.shop.preferences import customer_ref, locale
from sandbox.store import Document

blueprint = Blueprint("shop_api", __name__)

HIDDEN = ("customer_ref",)
COMPONENTS = ("offer", "apply", "manage", "handoff")


@blueprint.errorhandler(orders.OrderRefused)
def _refused(error: orders.OrderRefused) -> ResponseReturnValue:
    return {"code": error.code}, 409


def shown(order: Document) -> dict[str, Any]:
    """An order as the API tells it."""
    return {key: value for key, value in order.items() if key not in HIDDEN}


@blueprint.get("/shop/api/products")
def products() -> ResponseReturnValue:
    """All products with their price in fen."""
    listed = [
        {"product_id": item.product_id, "name": item.name["zh"], "price_fen": item.price_fen, "unit": item.unit["zh"]}
        for item in PRODUCTS.values()
    ]
    return {"products": listed}


@blueprint.post("/shop/api/orders")
def create_order() -> ResponseReturnValue:
    """{product_id, quantity} → 201 and a new order that awaits payment."""
    asked = request.get_json(silent=True) or {}
    product_id, quantity = asked.get("product_id"), asked.get("quantity", 1)
    if product_id not in PRODUCTS:
        return {"code": "product.unknown"}, 404
    if not _whole(quantity, cart.MOST_OF_ONE):
        return {"code": "request.invalid", "detail": f"quantity must be 1 to {cart.MOST_OF_ONE}"}, 400
    order = orders.place(
        current(), cart={product_id: quantity}, customer_ref=customer_ref(), checkout_id=secrets.token_hex(16)
    )
    return shown(order), 201


@blueprint.post("/shop/api/checkouts/<checkout_id>/order")
def create_checkout_order(checkout_id: str) -> ResponseReturnValue:
    """Submit this browser's purchase list; the same checkout answers with the same order."""
    order = orders.place(current(), cart=cart.read(), customer_ref=customer_ref(), checkout_id=checkout_id)
    nothing: cart.Cart = {}
    return cart.write(jsonify(shown(order)), nothing)


@blueprint.get("/shop/api/orders")
def list_orders() -> ResponseReturnValue:
    """Every order, newest first."""
    return {"orders": [shown(order) for order in current().store.all(orders.KIND)[::-1]]}


@blueprint.get("/shop/api/orders/<order_ref>")
def get_order(order_ref: str) -> ResponseReturnValue:
    """One order with an ETag, so that a page can watch it cheaply."""
    order = current().store.get(orders.KIND, order_ref)
    if order is None:
        return {"code": "order.unknown"}, 404
    response = jsonify(shown(order))
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request)


@blueprint.post("/shop/api/orders/<order_ref>/loan-session")
def create_loan_session(order_ref: str) -> ResponseReturnValue:
    """Get a client token of the bank for an unpaid order; the signing key never leaves this server."""
    order = current().store.get(orders.KIND, order_ref)
    component = (request.get_json(silent=True) or {}).get("component", "apply")
    if order is None:
        return {"code": "order.unknown"}, 404
    if component not in COMPONENTS:
        return {"code": "request.invalid", "detail": "unknown component"}, 400
    if order["state"] not in orders.PAYABLE:
        return {"code": "order.not_payable"}, 409
    try:
        told = open_session(current(), order, origin=request.host_url.rstrip("/"), locale=locale())
    except BankRefused as refused:
        return {"code": refused.code, "bank_request_id": refused.request_id}, 502
    session: dict[str, Any] = {"embed_session_id": told.get("id"), "order_ref": order_ref}
    session |= {key: told[key] for key in ("client_token", "expires_at", "redirect_url", "components") if key in told}
    return session, 201


@blueprint.post("/sandbox/api/shop/orders")
def create_test_order() -> ResponseReturnValue:
    """{"amount_fen": n, "customer_ref"?: "…"}: an order of any amount, for the core bank's magic amounts."""
    asked = request.get_json(silent=True) or {}
    if not _whole(asked.get("amount_fen"), 10**12):
        return {"code": "request.invalid", "detail": "amount_fen must be a positive whole number"}, 400
    order = orders.place(
        current(),
        cart={"fridge": 1},
        customer_ref=str(asked.get("customer_ref") or customer_ref()),
        checkout_id=secrets.token_hex(16),
        amount_fen=asked["amount_fen"],
    )
    return shown(order), 201


def _whole(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most
