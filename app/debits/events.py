"""What happens to mandates and debits, told upwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from app.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class MandateSuspended(Event):
    """The account of a mandate cannot be debited any more: the customer has to name another one."""

    name: ClassVar[str] = "debit_mandate.suspended"
    customer_id: UUID


@dataclass(frozen=True, kw_only=True)
class DebitFailed(Event):
    """A debit brought nothing; `owner_id` is the loan it was for."""

    name: ClassVar[str] = "debit.failed"
    customer_id: UUID
    owner_id: UUID
    fail_code: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class DebitReturned(Event):
    """The core bank took the money of a debit back after it was booked; `reference_id` is what it had paid."""

    name: ClassVar[str] = "debit.returned"
    customer_id: UUID
    reference_id: UUID
    amount_fen: int
    returned_at: datetime
