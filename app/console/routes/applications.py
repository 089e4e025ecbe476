"""Applications: the list by status, and the review."""

from __future__ import annotations

from uuid import UUID

from flask import request

from app.console.routes.pages import allowed, console, page, page_of
from app.console.views import applications as views
from app.console.views.wording import APPLICATION
from app.kernel.db import transaction


@console.get("/applications")
@allowed("applications")
def applications() -> str:
    """Applications, newest first; `?status=` leaves those of one status."""
    asked = request.args.get("status")
    status = asked if asked in APPLICATION else None
    with transaction() as session:
        found = views.rows(session, page_of(f"applications.{status}"), status=status)
    return page("applications.html", current="applications", rows=found, status=status, statuses=list(APPLICATION))


@console.get("/applications/<uuid:application_id>")
@allowed("applications")
def application(application_id: UUID) -> str:
    """What the decision rests on beside what was decided and why."""
    with transaction() as session:
        shown = views.detail(session, application_id)
    return page("application.html", current="applications", **shown)
