"""The LPR: what was published, which loans wait for it, and entering it by two people."""

from __future__ import annotations

from flask import request

from app.console.routes.pages import allowed, console, page
from app.console.views import money_wording, rates
from app.kernel.db import transaction


@console.get("/rates", endpoint="rates")
@allowed("rates")
def rates_page() -> str:
    """Rates by their day, newest first."""
    code = request.args.get("refused")
    refused = code if code in money_wording.PHRASES else ("proposal.impossible" if code else None)
    with transaction() as session:
        return page("rates.html", current="rates", refused=refused, **rates.page_of(session))
