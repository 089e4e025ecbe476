"""What happens to money, told upwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from app.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class PaymentSucceeded(Event):
    """A payment order was paid; `reference_id` is what it was opened for."""

    name: ClassVar[str] = "payment.succeeded"
    purpose: str
    reference_id: UUID
    amount_fen: int
    paid_at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentClosed(Event):
    """A payment order ended unpaid."""

    name: ClassVar[str] = "payment.closed"
    purpose: str
    reference_id: UUID


@dataclass(frozen=True, kw_only=True)
class RefundSucceeded(Event):
    """Money went back to the payer; `source` says where it had been: suspense or customer_credit."""

    name: ClassVar[str] = "refund.succeeded"
    source: str
    amount_fen: int
    completed_at: datetime


@dataclass(frozen=True, kw_only=True)
class RefundFailed(Event):
    """A refund ended without effect. What was a customer's credit (`owner_id`: the loan) has to be given back to it."""

    name: ClassVar[str] = "refund.failed"
    source: str
    owner_id: UUID
    amount_fen: int
    fail_code: str


@dataclass(frozen=True, kw_only=True)
class TransferSucceeded(Event):
    """The core bank paid out; `completed_at` by the bank's clock."""

    name: ClassVar[str] = "transfer.succeeded"
    purpose: str
    reference_id: UUID
    amount_fen: int
    completed_at: datetime


@dataclass(frozen=True, kw_only=True)
class TransferFailed(Event):
    """The core bank could not pay out; the money is back."""

    name: ClassVar[str] = "transfer.failed"
    purpose: str
    reference_id: UUID
    fail_code: str
