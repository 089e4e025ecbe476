"""Buying: the check-out, the order list, one order, and the way to the bank for browsers without scripts."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue

from sandbox.context import current
from sandbox.shop import cart, orders
from sandbox.shop.bank_client import BankRefused, open_session
from sandbox.shop.catalogue import PRODUCTS
from sandbox.shop.pages import missing
from sandbox.shop.preferences import customer_ref, locale
from sandbox.shop.rendering import embed_origin, page_blueprint, render
from sandbox.store import Document

blueprint = page_blueprint("shop_order_pages")

NOTES = ("loan_unavailable", "not_cancellable")


@blueprint.get("/shop/checkout")
def checkout() -> ResponseReturnValue:
    """What will be ordered, how it is paid, and beside that the bank's card."""
    chosen = cart.read()
    if not chosen:
        return redirect("/shop/cart", 303)
    return render(
        "checkout.html",
        lines=cart.lines(chosen),
        total_fen=cart.total_fen(chosen),
        checkout_id=secrets.token_hex(16),
    )


@blueprint.post("/shop/checkout")
def submit() -> ResponseReturnValue:
    """Submit the purchase list; with pay=loan the browser goes on to the bank in a full page."""
    checkout_id = request.form.get("checkout_id", "")
    try:
        order = orders.place(
            current(), cart=cart.read(), customer_ref=customer_ref(), checkout_id=checkout_id or secrets.token_hex(16)
        )
    except orders.OrderRefused:
        return redirect("/shop/cart", 303)
    target = _bank_page(order) if request.form.get("pay") == "loan" else f"/shop/orders/{order['order_ref']}"
    return cart.write(make_response(redirect(target, 303)), {})


@blueprint.post("/shop/orders/<order_ref>/loan")
def go_to_bank(order_ref: str) -> ResponseReturnValue:
    """From an order to the bank in a full page, without scripts."""
    order = current().store.get(orders.KIND, order_ref)
    if order is None:
        return missing()
    return redirect(_bank_page(order), 303)


def _bank_page(order: Document) -> str:
    """The bank's page for this order, or the order's own page with a note when the bank gives none."""
    back = f"/shop/orders/{order['order_ref']}"
    if order["state"] not in orders.PAYABLE:
        return back
    try:
        told = open_session(current(), order, origin=request.host_url.rstrip("/"), locale=locale())
    except BankRefused:
        return f"{back}?note=loan_unavailable"
    target = urlsplit(str(told.get("redirect_url", "")))
    allowed = {embed_origin(), current().bank_url.rstrip("/")}
    return target.geturl() if f"{target.scheme}://{target.netloc}" in allowed else f"{back}?note=loan_unavailable"


@blueprint.get("/shop/orders")
def order_list() -> ResponseReturnValue:
    """The orders of this browser's customer, newest first."""
    mine = current().store.find(orders.KIND, customer_ref=customer_ref())[::-1]
    return render("orders.html", orders=mine, products=PRODUCTS)


@blueprint.get("/shop/orders/<order_ref>")
def order_page(order_ref: str) -> ResponseReturnValue:
    """One order: where it stands, what to do now, what is in it."""
    order = current().store.get(orders.KIND, order_ref)
    if order is None:
        return missing()
    note = request.args.get("note", "")
    return render("order.html", order=order, products=PRODUCTS, note=note if note in NOTES else "")


@blueprint.post("/shop/orders/<order_ref>/cancel")
def cancel(order_ref: str) -> ResponseReturnValue:
    """The buyer gives the order up."""
    try:
        orders.cancel(current(), order_ref)
    except KeyError:
        return missing()
    except orders.OrderRefused:
        return redirect(f"/shop/orders/{order_ref}?note=not_cancellable", 303)
    return redirect(f"/shop/orders/{order_ref}", 303)
