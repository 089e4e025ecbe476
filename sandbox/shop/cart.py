"""The purchase list of one browser, carried in a cookie: `fridge.3-rice.1`."""

from __future__ import annotations

from flask import Response, request

from sandbox.shop.catalogue import PRODUCTS, Product

COOKIE = "shop_cart"
MOST_OF_ONE = 99

Cart = dict[str, int]  # product id → quantity, in the order of adding


def read() -> Cart:
    """The list of this browser; whatever is not a known product with a sane quantity is dropped."""
    cart: Cart = {}
    for item in request.cookies.get(COOKIE, "").split("-"):
        product_id, _, count = item.partition(".")
        if product_id in PRODUCTS and count.isascii() and count.isdigit() and 1 <= int(count) <= MOST_OF_ONE:
            cart[product_id] = int(count)
    return cart


def write(response: Response, cart: Cart) -> Response:
    """Keep the list in the browser for a month."""
    value = "-".join(f"{product_id}.{quantity}" for product_id, quantity in cart.items())
    response.set_cookie(COOKIE, value, max_age=30 * 86400, httponly=True, samesite="Lax")
    return response


def change(cart: Cart, product_id: str, quantity: int) -> Cart:
    """The list with this product at this quantity (0 takes it out, more than 99 becomes 99)."""
    kept = {**cart, product_id: max(0, min(MOST_OF_ONE, quantity))}
    return {key: count for key, count in kept.items() if count}


def lines(cart: Cart) -> list[tuple[Product, int]]:
    """(product, quantity) pairs."""
    return [(PRODUCTS[product_id], quantity) for product_id, quantity in cart.items()]


def total_fen(cart: Cart) -> int:
    """What the list costs; delivery is free."""
    return sum(product.price_fen * quantity for product, quantity in lines(cart))
