"""A customer's applications: read, poll, take back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from app.credit import queries, schemas, usecases
from app.credit.routes.answers import application_detail, application_row
from app.kernel.db import transaction
from app.kernel.web.idempotent import once
from app.kernel.web.paging import PageIn, page_request
from app.kernel.web.polling import polled
from app.kernel.web.principal import customer
from app.kernel.web.routing import Routes

applications = Routes("applications", __name__, description="Applications, cost sheets and contracts")


@applications.get("/applications")
@applications.arguments(PageIn, location="query")
@applications.response(200, schemas.ApplicationPageOut)
def list_applications(query: dict[str, Any]) -> dict[str, Any]:
    """Your applications, newest first."""
    with transaction() as session:
        page = queries.own_applications(
            session, customer_id=customer().customer_id, request=page_request(query, "applications")
        )
        items = [application_row(session, one) for one in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


@applications.get("/applications/<uuid:application_id>")
@applications.response(200, schemas.ApplicationDetailOut)
def get_application(application_id: UUID) -> Response:
    """One application with decision, timeline and next step; poll every 2 s with If-None-Match."""
    with transaction() as session:
        found = queries.own_application(session, application_id=application_id, customer_id=customer().customer_id)
        detail = application_detail(session, found)
    return polled(schemas.ApplicationDetailOut, detail)


@applications.post("/applications/<uuid:application_id>/withdrawal")
@applications.response(200, schemas.ApplicationOut)
def withdraw_application(application_id: UUID) -> Response:
    """Take an application back. 409 `application.contract_binding`, `state.not_allowed_now`."""
    who = customer().customer_id
    return once(
        lambda session, _: application_row(
            session, usecases.withdraw(session, application_id=application_id, customer_id=who)
        ),
        schema=schemas.ApplicationOut,
        status=200,
    )
