"""What happens to customers that others may hear of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class CustomerIdentified(Event):
    """A person's name and resident ID were confirmed; the subject is the customer."""

    name: ClassVar[str] = "customer.identified"


@dataclass(frozen=True, kw_only=True)
class PhoneChanged(Event):
    """A customer has another phone; the subject is the change."""

    name: ClassVar[str] = "customer.phone_changed"
    customer_id: UUID


@dataclass(frozen=True, kw_only=True)
class EnterpriseBound(Event):
    """A customer was confirmed as legal representative; the subject is the enterprise."""

    name: ClassVar[str] = "enterprise.bound"
    customer_id: UUID


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event):
    """A consent ended by the customer's wish; the subject is the consent."""

    name: ClassVar[str] = "consent.withdrawn"
    customer_id: UUID
    enterprise_id: UUID | None
    kind: str
