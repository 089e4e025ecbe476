"""The seller's desk: sales by month, money received from the bank, and bank transfers to confirm."""

from __future__ import annotations

from flask import redirect
from flask.typing import ResponseReturnValue

from sandbox.context import current
from sandbox.shop import orders
from sandbox.shop.pages import missing
from sandbox.shop.rendering import page_blueprint, render
from sandbox.shop.sales import monthly_sales
from sandbox.shop.webhooks import PAYOUT

MOST_SHOWN = 8

blueprint = page_blueprint("shop_seller_pages")


@blueprint.get("/shop/seller")
def seller() -> ResponseReturnValue:
    """Sales, payouts and what waits for the seller."""
    store = current().store
    payouts = store.all(PAYOUT)[::-1]
    everything = store.all(orders.KIND)[::-1]
    return render(
        "seller.html",
        months=monthly_sales(current()),
        payouts=payouts,
        payouts_fen=sum(payout["amount_fen"] for payout in payouts),
        waiting=[order for order in everything if order["state"] == "awaiting_payment"],
        in_progress=[order for order in everything if order["state"] == "loan_in_progress"],
        most=MOST_SHOWN,
        attention=[order for order in everything if order["attention"]],
    )


@blueprint.post("/shop/seller/transfers/<order_ref>")
def confirm_transfer(order_ref: str) -> ResponseReturnValue:
    """The seller has seen the buyer's bank transfer on the account."""
    try:
        orders.receive_transfer(current(), order_ref)
    except KeyError:
        return missing()
    except orders.OrderRefused:
        pass  # pressed twice, or the bank was faster: the page shows how it stands
    return redirect("/shop/seller", 303)
