"""The shop's orders: how they come to be, what may happen to them, and what a webhook of the bank does to them."""

from __future__ import annotations

import hashlib
from typing import Any

from sandbox.context import World
from sandbox.shop.cart import Cart
from sandbox.shop.catalogue import PRODUCTS
from sandbox.store import Document

KIND = "shop_order"
PAYABLE = ("awaiting_payment", "loan_in_progress")

# How far the bank has come, in the order it happens. Webhooks may overtake each other: a stage never goes back.
LOAN_STAGES = {
    "application.submitted": ("submitted", 1),
    "application.approved": ("approved", 2),
    "application.declined": ("declined", 2),
    "contract.signed": ("signed", 3),
    "disbursement.failed": ("disbursement_failed", 4),
    "disbursement.succeeded": ("disbursed", 5),
    "loan.activated": ("active", 6),
    "repayment.succeeded": ("repaying", 7),
    "loan.settled": ("settled", 8),
}
LAST_STAGE_BEFORE_MONEY = 4


class OrderRefused(Exception):
    """What was asked does not fit the state of the order; `code` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def place(world: World, *, cart: Cart, customer_ref: str, checkout_id: str, amount_fen: int | None = None) -> Document:
    """Make the order of a checkout; the same checkout gives the same order however often it is sent.

    `amount_fen` replaces the price for tests that need a magic amount. Raises OrderRefused for an empty list.
    """
    # 12 digits of the checkout's hash: a repeated submit finds the order by its own number.
    order_ref = f"YC{int.from_bytes(hashlib.sha256(checkout_id.encode()).digest()[:8], 'big') % 10**12:012d}"
    if existing := world.store.get(KIND, order_ref):
        return existing
    if not cart:
        raise OrderRefused("order.empty")
    lines = [_line(product_id, quantity) for product_id, quantity in cart.items()]
    order = {
        "order_ref": order_ref,
        "customer_ref": customer_ref,
        "lines": lines,
        "amount_fen": amount_fen or sum(line["price_fen"] * line["quantity"] for line in lines),
        "state": "awaiting_payment",
        "created_at": world.now().isoformat(timespec="seconds"),
        "loan": None,
        "paid_at": None,
        "paid_by": None,
        "attention": None,
    }
    world.store.add(KIND, order_ref, order)
    return world.store.get(KIND, order_ref) or order


def _line(product_id: str, quantity: int) -> dict[str, Any]:
    return {"product_id": product_id, "quantity": quantity, "price_fen": PRODUCTS[product_id].price_fen}


def cancel(world: World, order_ref: str) -> Document:
    """The buyer gives up an order that nobody has begun to pay. Raises KeyError, OrderRefused."""

    def change(order: Document) -> Document:
        if order["state"] != "awaiting_payment":
            raise OrderRefused("order.not_cancellable")
        return {**order, "state": "cancelled"}

    return world.store.update(KIND, order_ref, change)


def receive_transfer(world: World, order_ref: str) -> Document:
    """The seller has seen the buyer's bank transfer arrive. Raises KeyError, OrderRefused."""
    paid_at = world.now().isoformat(timespec="seconds")

    def change(order: Document) -> Document:
        if order["state"] != "awaiting_payment":
            raise OrderRefused("order.not_payable")
        return {**order, "state": "paid", "paid_by": "bank_transfer", "paid_at": paid_at}

    return world.store.update(KIND, order_ref, change)


def apply_event(order: Document, event: dict[str, Any]) -> Document:
    """The order after an event of the bank. Repeated and overtaken events change nothing that is further on."""
    kind, told = event["type"], event["data"]
    if kind == "order.financed":
        return _financed(order, told, event["timestamp"])
    stage, rank = LOAN_STAGES[kind]
    loan = order["loan"] or {"stage": None, "rank": 0, "at": ""}
    # A new application after a refusal starts anew; it is told apart by being later.
    again = kind == "application.submitted" and loan["stage"] == "declined" and event["timestamp"] > loan["at"]
    if rank <= loan["rank"] and not again:
        return order
    order = {**order, "loan": {"stage": stage, "rank": rank, "at": event["timestamp"]}}
    if order["state"] in PAYABLE and rank <= LAST_STAGE_BEFORE_MONEY:
        order["state"] = "awaiting_payment" if stage == "declined" else "loan_in_progress"
    return order


def _financed(order: Document, told: dict[str, Any], at: str) -> Document:
    """The bank says it has paid the seller for this order: goods may go, unless something does not fit."""
    if order["state"] == "paid" and order["paid_by"] == "loan":
        return order
    if told.get("amount_fen", order["amount_fen"]) != order["amount_fen"]:
        return {**order, "attention": "amount_differs"}
    if order["state"] not in PAYABLE:
        return {**order, "attention": "paid_twice" if order["state"] == "paid" else "paid_after_cancel"}
    return {**order, "state": "paid", "paid_by": "loan", "paid_at": at}
