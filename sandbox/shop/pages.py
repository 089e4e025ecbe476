"""The shop window: goods, one product, the purchase list, and the switches of language and of the bank's window."""

from __future__ import annotations

from flask import Response, make_response, redirect, request
from flask.typing import ResponseReturnValue

from sandbox.shop import cart
from sandbox.shop.catalogue import CATEGORIES, PRODUCTS, search
from sandbox.shop.preferences import LANGUAGES, MODES, remember
from sandbox.shop.rendering import page_blueprint, render

blueprint = page_blueprint("shop_pages", static_folder="static", static_url_path="/shop/static")

CHOICES = {"mode": MODES, "language": LANGUAGES}


@blueprint.get("/shop")
@blueprint.get("/shop/")
def home() -> ResponseReturnValue:
    """All goods, or those of a category or a search."""
    words, category = request.args.get("q", "")[:40], request.args.get("category", "")
    category = category if category in CATEGORIES else ""
    found = search(words, category)
    return render("home.html", products=found, categories=CATEGORIES, category=category, words=words)


@blueprint.get("/shop/products/<product_id>")
def product(product_id: str) -> ResponseReturnValue:
    """One product with the bank's badge."""
    if product_id not in PRODUCTS:
        return missing()
    return render("product.html", product=PRODUCTS[product_id], most=cart.MOST_OF_ONE)


@blueprint.get("/shop/cart")
def show_cart() -> ResponseReturnValue:
    """The purchase list."""
    chosen = cart.read()
    return render("cart.html", lines=cart.lines(chosen), total_fen=cart.total_fen(chosen), most=cart.MOST_OF_ONE)


@blueprint.post("/shop/cart")
def change_cart() -> ResponseReturnValue:
    """Add to a product's quantity, or set it; `then` says where to go: the list or straight to the check-out."""
    product_id = request.form.get("product_id", "")
    if product_id not in PRODUCTS:
        return missing()
    chosen = cart.read()
    added, wanted = _count("add"), _count("quantity")
    quantity = chosen.get(product_id, 0) + added if added is not None else wanted
    if quantity is not None:
        chosen = cart.change(chosen, product_id, quantity)
    target = "/shop/checkout" if request.form.get("then") == "checkout" else "/shop/cart"
    return cart.write(_see(target), chosen)


def _count(field: str) -> int | None:
    text = request.form.get(field, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


@blueprint.post("/shop/preferences")
def choose() -> ResponseReturnValue:
    """Switch the language or how the bank's window opens, and come back to the same page."""
    back = request.form.get("back", "/shop")
    # A path of this shop only: "//elsewhere" and full addresses would lead away.
    response = _see(back if back.startswith("/shop") and "\\" not in back else "/shop")
    for name, known in CHOICES.items():
        if request.form.get(name) in known:
            remember(response, f"shop_{name}", request.form[name])
    return response


def _see(target: str) -> Response:
    return make_response(redirect(target, 303))


def missing() -> ResponseReturnValue:
    """The page for what is not there."""
    return render("missing.html", status=404)


@blueprint.get("/shop/<path:anything>")
def anything_else(anything: str) -> ResponseReturnValue:
    """Addresses nobody has given out."""
    return missing()
