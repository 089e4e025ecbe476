"""What happens to loans, told upwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
class RepaymentReversed(Event):
    """A booked payment was taken back: the loan stands as if it had never come."""

    name: ClassVar[str] = "repayment.reversed"
    repayment_id: UUID
    application_id: UUID
    customer_id: UUID
    partner_id: UUID | None
    order_id: UUID | None
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class LoanWaived(Event):
    """The bank gave up a part of what was owed; told to the customer only."""

    name: ClassVar[str] = "loan.waived"
    application_id: UUID
    customer_id: UUID
    partner_id: UUID | None
    order_id: UUID | None
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class LoanReopened(Event):
    """The payment that had settled a loan was taken back: it is owed again."""

    name: ClassVar[str] = "loan.reopened"
    application_id: UUID
    customer_id: UUID
    partner_id: UUID | None
    order_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class LoanChanged(Event):
    """The terms of a loan are others from a day on; `kind` says which: rate_change, repricing, due_day_change,
    extension or restructuring."""

    name: ClassVar[str] = "loan.changed"
    change_id: UUID
    application_id: UUID
    customer_id: UUID
    partner_id: UUID | None
    order_id: UUID | None
    kind: str
    effective_on: date


@dataclass(frozen=True, kw_only=True)
class LoanSettled(Event):
    """Nothing is owed any more."""

    name: ClassVar[str] = "loan.settled"
    application_id: UUID
    customer_id: UUID
    partner_id: UUID | None
    order_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class _Reminder(Event):
    """What the end of a day tells of the oldest instalment that owes something. `due_on` is its day: a day that was
    closed late tells late, and whoever writes to people looks at it."""

    application_id: UUID
    customer_id: UUID
    partner_id: UUID | None
    order_id: UUID | None
    due_on: date


@dataclass(frozen=True, kw_only=True)
class LoanDueSoon(_Reminder):
    """An instalment falls due in some days."""

    name: ClassVar[str] = "loan.due_soon"


@dataclass(frozen=True, kw_only=True)
class LoanDue(_Reminder):
    """An instalment falls due on the day that opens."""

    name: ClassVar[str] = "loan.due"


@dataclass(frozen=True, kw_only=True)
class LoanOverdue(_Reminder):
    """An instalment was not paid and its grace is over."""

    name: ClassVar[str] = "loan.overdue"
    overdue_days: int
