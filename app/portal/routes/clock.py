"""The clock of a test deployment: what it shows, and moving it on; in production this page does not exist."""

from __future__ import annotations

from datetime import timedelta

from flask import abort, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.kernel import ids
from app.kernel.db import transaction
from app.kernel.errors import Problem
from app.kernel.web.problems import status_of
from app.portal.routes.pages import actor, allowed, asking, page, portal, settings
from app.simulation import queries, usecases
from app.simulation.domain import MOST_DAYS

LOOK_AGAIN_S = 3
STEPS = (1, 7, 30)


@portal.get("/clock")
def clock() -> AnyResponse:
    """What time it is for all partners, and how far the clock is on its way; a page on its way loads itself again."""
    return _clock()


@portal.post("/clock")
@allowed("build")
def advance_clock() -> AnyResponse:
    """The worker moves the clock on, day by day."""
    _check()
    written = request.form.get("days", "")
    days = int(written) if written.isascii() and written.isdigit() and len(written) <= len(str(MOST_DAYS)) else 0
    step, partner_id = timedelta(days=days), asking().partner_id
    try:
        with transaction() as session:
            usecases.begin_advance(session, advance_id=ids.new_id(), partner_id=partner_id, actor=actor(), step=step)
    except Problem as problem:
        return _clock(problem)
    return redirect(url_for("portal.clock"), 303)


def _clock(problem: Problem | None = None) -> AnyResponse:
    _check()
    with transaction() as session:
        found = queries.clock_view(session)
    shown = page("clock.html", current="clock", clock=found, problem=problem, steps=STEPS, most=MOST_DAYS)
    response = make_response(shown, status_of(problem) if problem else 200)
    if found.latest and found.latest.status == "moving":
        response.headers["Refresh"] = f"{LOOK_AGAIN_S}; url={url_for('portal.clock')}"
    return response


def _check() -> None:
    if not settings().test_clock:
        abort(404)
