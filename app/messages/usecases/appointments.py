"""Staff makes an appointment with a customer, who is told by message; calling it off is told as well."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.customers import queries as customers
from app.kernel import audit, clock, ids
from app.kernel.outbox import emit
from app.kernel.states import transition
from app.messages.domain import appointments as domain
from app.messages.events import AppointmentCancelled, AppointmentMade
from app.messages.models import Appointment


def make_appointment(
    session: Session, *, customer_id: UUID, starts_at: datetime, place: str, staff_id: UUID
) -> Appointment:
    """The customer is expected then and there, and told so; pressed twice it is one appointment.

    Raises CustomerUnknown, AppointmentImpossible.
    """
    customers.person(session, customer_id)
    made = Appointment(
        id=ids.new_id(),
        customer_id=customer_id,
        starts_at=starts_at,
        place=domain.check(starts_at, place, clock.now()),
        status="made",
        made_by=f"staff:{staff_id}",
        made_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        return session.scalars(
            select(Appointment).filter_by(customer_id=customer_id, starts_at=starts_at, status="made")
        ).one()
    _record(session, made, staff_id, "appointment.made")
    emit(session, AppointmentMade(subject_id=made.id, customer_id=customer_id))
    return made


def cancel_appointment(session: Session, *, appointment_id: UUID, customer_id: UUID, staff_id: UUID) -> None:
    """It does not take place, and the customer is told; again changes nothing. Raises AppointmentUnknown."""
    row = session.get(Appointment, appointment_id, with_for_update=True, populate_existing=True)
    if row is None or row.customer_id != customer_id:
        raise domain.AppointmentUnknown("There is no such appointment.")
    if row.status == "cancelled":
        return
    transition(session, row, domain.STATES, "cancelled", actor=f"staff:{staff_id}")
    _record(session, row, staff_id, "appointment.cancelled")
    if row.starts_at > clock.now():
        emit(session, AppointmentCancelled(subject_id=row.id, customer_id=customer_id))


def _record(session: Session, row: Appointment, staff_id: UUID, action: str) -> None:
    audit.record(
        session,
        actor_kind="staff",
        actor_id=str(staff_id),
        action=action,
        subject_kind="appointments",
        subject_id=row.id,
        facts={"starts_at": row.starts_at.isoformat()},
    )
