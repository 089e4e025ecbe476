"""What happens to loans, told upwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class DrawdownFailed(Event):
    """The money could not be paid out; nothing is owed."""

    name: ClassVar[str] = "drawdown.failed"
    application_id: UUID
    customer_id: UUID
    partner_id: UUID | None
    order_id: UUID | None
    fail_code: str


@dataclass(frozen=True, kw_only=True)
class LoanActivated(Event):
    """The payee has the money and the loan note is in force."""

    name: ClassVar[str] = "loan.activated"
    application_id: UUID
    customer_id: UUID
    partner_id: UUID | None
    order_id: UUID | None
    principal_fen: int


@dataclass(frozen=True, kw_only=True)
class RepaymentSucceeded(Event):
    """A payment is booked on a loan."""

    name: ClassVar[str] = "repayment.succeeded"
    repayment_id: UUID
    application_id: UUID
    customer_id: UUID
    partner_id: UUID | None
    order_id: UUID | None
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class LoanSettled(Event):
    """Nothing is owed any more."""

    name: ClassVar[str] = "loan.settled"
    application_id: UUID
    customer_id: UUID
    partner_id: UUID | None
    order_id: UUID | None
