"""Better classes of loans that wait for a person, and the person's word."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.console.domain import ReasonNeeded, plain
from app.console.routes.pages import actor, allowed, console, page
from app.console.views import classes as views
from app.kernel.db import transaction
from app.kernel.errors import Problem
from app.loans import usecases as loans

REASON_LENGTHS = range(4, 201)


@console.get("/loan-classes")
@allowed("loan_classes")
def loan_classes() -> str:
    """Better classes that the end of day found and that somebody must agree to, oldest first; then what was decided."""
    with transaction() as session:
        shown = views.waiting(session)
    code = request.args.get("refused")
    refused = code if code in views.REFUSALS else None
    return page("loan_classes.html", current="loan_classes", refused=refused, **shown)


@console.post("/loan-classes/<uuid:change_id>/<any(approve, reject):decision>")
@allowed("decide_classes")
def decide_class(change_id: UUID, decision: str) -> AnyResponse:
    """One person's word, with the reason for it; the second press of the same button changes nothing."""
    decide = loans.confirm_class if decision == "approve" else loans.reject_class
    refused = None
    try:
        reason = _reason()
        with transaction() as session:
            decide(session, change_id=change_id, actor=actor(), reason=reason)
    except Problem as problem:
        refused = problem.code
    return redirect(url_for("console.loan_classes", refused=refused), 303)


def _reason() -> str:
    reason = plain(request.form.get("reason", "")).strip()
    if len(reason) not in REASON_LENGTHS:
        raise ReasonNeeded("Say why, in 4 to 200 characters.")
    return reason
