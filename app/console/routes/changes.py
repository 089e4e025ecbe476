"""What two people change of a live loan: its terms, seen beside what holds, and what the bank gives up of it."""

from __future__ import annotations

from uuid import UUID

from flask import request

from app.console.routes.pages import allowed, console, page
from app.console.views import changes as views
from app.console.views import money_wording, relief_wording
from app.console.views import reliefs as relief_views
from app.kernel.db import transaction


@console.get("/loans/<uuid:loan_id>/change")
@allowed("loans")
def loan_change(loan_id: UUID) -> str:
    """What is proposed or asked for (`?kind=` and the fields of its form), found out by doing it and undoing it."""
    code = request.args.get("refused")
    refused = code if code in money_wording.PHRASES else ("proposal.impossible" if code else None)
    with transaction() as session:
        shown = views.page_of(session, loan_id, request.args)
        found = views.tried(session, shown)
        answer = page("loan_change.html", current="loans", refused=refused, **{**shown, **found})
        session.rollback()
    return answer


@console.get("/loans/<uuid:loan_id>/relief")
@allowed("loans")
def loan_relief(loan_id: UUID) -> str:
    """A waiver or a write-off: what could be given up today, what waits for a second person, what was done."""
    code = request.args.get("refused")
    known = code in money_wording.PHRASES or code in relief_wording.PHRASES
    refused = code if known else ("proposal.impossible" if code else None)
    with transaction() as session:
        return page("loan_relief.html", current="loans", refused=refused, **relief_views.page_of(session, loan_id))
