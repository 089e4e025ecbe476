"""What happens to contracts that others hear of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class ContractCustomerSigned(Event):
    """The customer has signed; the bank's seal comes next."""

    name: ClassVar[str] = "contract.customer_signed"
    application_id: UUID
    customer_id: UUID


@dataclass(frozen=True, kw_only=True)
class ContractSigned(Event):
    """Both have signed: the document is sealed and time-stamped."""

    name: ClassVar[str] = "contract.signed"
    application_id: UUID
    customer_id: UUID
