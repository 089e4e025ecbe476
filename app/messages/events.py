"""What customers are told that no other capability says: appointments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class AppointmentMade(Event):
    """Staff expects a customer; the subject is the appointment, which says when and where."""

    name: ClassVar[str] = "appointment.made"
    customer_id: UUID


@dataclass(frozen=True, kw_only=True)
class AppointmentCancelled(Event):
    """An appointment does not take place; the subject is the appointment."""

    name: ClassVar[str] = "appointment.cancelled"
    customer_id: UUID
