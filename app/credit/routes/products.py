"""Products for everybody: no sign-in, no personal data."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.credit import queries, schemas
from app.kernel import clock
from app.kernel.db import transaction
from app.kernel.web.polling import polled
from app.kernel.web.routing import Routes
from config.settings import current

public_products = Routes("public_products", __name__, description="Products and their terms")


@public_products.get("/products")
@public_products.response(200, schemas.ProductPageOut)
def list_products() -> Response:
    """What is offered today: a handful, so always one page."""
    with transaction() as session:
        items = [product_row(offer) for offer in queries.offers(session, on=clock.today())]
    answer = polled(schemas.ProductPageOut, {"items": items, "next_cursor": None})
    answer.headers["Cache-Control"] = "public, max-age=60"
    return answer


def product_row(offer: queries.Offer) -> dict[str, Any]:
    """A product as everybody may see it."""
    terms = offer.product.terms
    return {
        "code": terms.code,
        "version": terms.version,
        "name": terms.name,
        "lender": current().bank.name,
        "lowest_annual_rate": offer.lowest_rate,
        "highest_annual_rate": offer.highest_rate,
        "all_in_cap": offer.all_in_cap,
        "summary": terms.body["summary"],
        "fits": terms.body["fits"],
        "min_fen": terms.min_fen,
        "max_fen": terms.max_fen,
        "terms_months": terms.terms_months,
        "methods": terms.methods,
        "overdue_uplift_bps": terms.overdue_uplift_bps,
        "forbidden_uses": terms.forbidden_uses,
        "data_used": terms.body["data_used"],
    }
