"""What happens to applications that others hear of: ids and sums only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class ApplicationEvent(Event):
    """Whose application it is and which partner's order it pays for."""

    customer_id: UUID
    partner_id: UUID | None
    order_id: UUID | None
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class ApplicationSubmitted(ApplicationEvent):
    name: ClassVar[str] = "application.submitted"


@dataclass(frozen=True, kw_only=True)
class ApplicationWaiting(ApplicationEvent):
    """A source is down; emitted once, when the waiting begins."""

    name: ClassVar[str] = "application.waiting_data"


@dataclass(frozen=True, kw_only=True)
class ApplicationApproved(ApplicationEvent):
    """`amount_fen` is the approved amount."""

    name: ClassVar[str] = "application.approved"


@dataclass(frozen=True, kw_only=True)
class ApplicationDeclined(ApplicationEvent):
    name: ClassVar[str] = "application.declined"


@dataclass(frozen=True, kw_only=True)
class ApplicationWithdrawn(ApplicationEvent):
    name: ClassVar[str] = "application.withdrawn"


@dataclass(frozen=True, kw_only=True)
class ApplicationExpired(ApplicationEvent):
    name: ClassVar[str] = "application.expired"


@dataclass(frozen=True, kw_only=True)
class ApplicationEffective(ApplicationEvent):
    """The contract is signed and sealed; the money can be drawn."""

    name: ClassVar[str] = "application.effective"


@dataclass(frozen=True, kw_only=True)
class EstimateRequested(Event):
    """A customer wants to know what a business may borrow."""

    name: ClassVar[str] = "estimate.requested"
    customer_id: UUID
