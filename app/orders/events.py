"""What happens to financed orders, told upwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class OrderFinanced(Event):
    """The merchant has been paid for the order; the subject is the order."""

    name: ClassVar[str] = "order.financed"
    partner_id: UUID
    order_ref: str
    application_id: UUID
    loan_id: UUID
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class OrderRefundAnnounced(Event):
    """The merchant gives money back for a paid order; by rule it is on the loan now, or when it has come."""

    name: ClassVar[str] = "order.refund_announced"
    partner_id: UUID
    order_ref: str
    application_id: UUID
    loan_id: UUID
    amount_fen: int
