"""Customers: the list, the search by a whole number, one person, and a look at their data with a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g, request

from app.console import usecases
from app.console.domain import ReasonNeeded, Shown
from app.console.routes.pages import allowed, console, page, page_of
from app.console.views import customers as views
from app.kernel.db import transaction
from app.kernel.pagination import Page
from app.kernel.web import principal


@console.get("/customers")
@allowed("customers")
def customers() -> str:
    """Customers, newest first, masked."""
    with transaction() as session:
        found = views.rows(session, page_of("customers"))
    return page("customers.html", current="customers", rows=found, searched=False)


@console.post("/customers/search")
@allowed("customers")
def search_customers() -> str:
    """The customer with exactly this phone number, which travels in the body: addresses are logged and remembered."""
    phone = "".join(request.form.get("phone", "").split())
    found: Page[dict[str, Any]] = Page([], None)
    if len(phone) == 11 and phone.isascii() and phone.isdigit():
        with transaction() as session:
            found = views.rows(session, page_of("customers"), phone=phone)
    return page("customers.html", current="customers", rows=found, searched=True)


@console.get("/customers/<uuid:customer_id>")
@allowed("customers")
def customer(customer_id: UUID) -> str:
    """One person, masked."""
    return _customer(customer_id)


@console.post("/customers/<uuid:customer_id>/reveal")
@allowed("reveal")
def reveal(customer_id: UUID) -> str:
    """One field in the clear, in this answer only; the look is on record before it is shown."""
    asked = {"field": request.form.get("field", ""), "reason": request.form.get("reason", "")}
    try:
        with transaction() as session:
            seen = usecases.reveal(
                session,
                principal=principal.staff(),
                customer_id=customer_id,
                request_id=g.request_id,
                **asked,
            )
    except ReasonNeeded:
        return _customer(customer_id, asked=asked, reason_missing=True)
    return _customer(customer_id, seen=seen)


def _customer(customer_id: UUID, *, seen: Shown | None = None, **more: Any) -> str:
    with transaction() as session:
        shown = views.detail(session, customer_id, roles=principal.staff().roles)
    shown["appointment_refused"] = request.args.get("appointment") == "impossible"
    return page("customer.html", current="customers", seen=seen, **shown, **more)
