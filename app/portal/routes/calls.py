"""What the partner's servers asked in seven days, searched; how many went well by day."""

from __future__ import annotations

from typing import Any

from flask import request

from app.kernel import call_log
from app.kernel.db import transaction
from app.partners import queries as partners
from app.portal import charts
from app.portal.routes.pages import asking, page, portal

SHOWN = 100
METHODS = ("GET", "POST", "PUT", "DELETE")
STATUSES = ("2xx", "4xx", "5xx")
FIELDS = ("method", "route", "status", "code", "request_id")


@portal.get("/calls")
def calls() -> str:
    """The newest calls that meet the form; those that only claimed one of our keys are there, too."""
    partner_id = asking().partner_id
    wanted: dict[str, Any] = {name: request.args.get(name, "").strip()[:100] for name in FIELDS}
    with transaction() as session:
        found = partners.calls(session, partner_id=partner_id, wanted=call_log.Wanted(**wanted), most=call_log.MOST)
    bars = charts.by_day(call_log.by_day(str(partner_id), charts.days()))
    shown = {"rows": found[:SHOWN], "more": len(found) > SHOWN, "bars": bars, "wanted": wanted}
    shown["codes"] = charts.codes(call.code for call in found)
    return page("calls.html", current="calls", methods=METHODS, statuses=STATUSES, most=SHOWN, **shown)
