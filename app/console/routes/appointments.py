"""Appointments with a customer: made and called off on the customer's page."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.console.routes.pages import allowed, console
from app.kernel.clock import CHINA
from app.kernel.db import transaction
from app.kernel.web import principal
from app.messages import usecases as messages
from app.messages.domain.appointments import AppointmentImpossible


@console.post("/customers/<uuid:customer_id>/appointments")
@allowed("appointments")
def make_appointment(customer_id: UUID) -> AnyResponse:
    """The customer is expected at a time (China's clock) and a place, and gets a message."""
    refused = None
    try:
        starts_at = datetime.fromisoformat(request.form.get("starts_at", "")[:16]).replace(tzinfo=CHINA)
        with transaction() as session:
            messages.make_appointment(
                session,
                customer_id=customer_id,
                starts_at=starts_at,
                place=request.form.get("place", ""),
                staff_id=principal.staff().staff_id,
            )
    except (ValueError, AppointmentImpossible):
        refused = "impossible"
    return _back(customer_id, refused)


@console.post("/customers/<uuid:customer_id>/appointments/<uuid:appointment_id>/cancel")
@allowed("appointments")
def cancel_appointment(customer_id: UUID, appointment_id: UUID) -> AnyResponse:
    """It does not take place; the customer is told. 404 for another customer's."""
    with transaction() as session:
        messages.cancel_appointment(
            session,
            appointment_id=appointment_id,
            customer_id=customer_id,
            staff_id=principal.staff().staff_id,
        )
    return _back(customer_id)


def _back(customer_id: UUID, refused: str | None = None) -> AnyResponse:
    return redirect(url_for("console.customer", customer_id=customer_id, appointment=refused), 303)
