"""My day."""

from __future__ import annotations

from flask import abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.console.routes.pages import console, page
from app.console.views.my_day import my_day as today_of
from app.kernel import health
from app.kernel.db import transaction
from app.kernel.web import principal


@console.get("/")
def home() -> AnyResponse:
    """The console begins with the day."""
    return redirect(url_for("console.my_day"), 303)


@console.get("/my-day")
def my_day() -> str:
    """What to do now, how things stand, what the system watches."""
    checks = health.checks()
    with transaction() as session:
        shown = today_of(session, roles=principal.staff().roles)
    return page("my_day.html", current="my_day", checks=checks, **shown)


@console.get("/<path:_anything>")
def nothing_here(_anything: str) -> AnyResponse:
    """An address of the console that is none of its pages: a person stands before the answer."""
    routes = current_app.create_url_adapter(request)
    abort(405 if routes and "POST" in routes.allowed_methods() else 404)
