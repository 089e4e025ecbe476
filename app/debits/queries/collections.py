"""What was and what will be taken from a customer's account for one loan, as its owner sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.debits import domain, queries
from app.debits.models import Debit, DebitMandate
from app.kernel import clock

NEWEST = 20


@dataclass(frozen=True)
class DebitView:
    """One debit; the account by its last digits. `fail_code` is the core bank's word."""

    debit_id: UUID
    repayment_id: UUID
    account: str
    amount_fen: int
    collected_fen: int | None
    status: str
    fail_code: str | None
    automatic: bool
    requested_at: datetime
    completed_at: datetime | None
    returned_at: datetime | None


@dataclass(frozen=True)
class NextCollection:
    """When something will be taken by itself, and from which account."""

    on: date
    account: str


def debits_of(session: Session, subject_id: UUID) -> Sequence[DebitView]:
    """The newest debits of a loan, newest first."""
    rows = session.execute(
        select(Debit, DebitMandate.account_tail)
        .join(DebitMandate, DebitMandate.id == Debit.mandate_id)
        .where(Debit.subject_id == subject_id)
        .order_by(Debit.requested_at.desc(), Debit.id.desc())
        .limit(NEWEST)
    )
    return [_view(row, tail) for row, tail in rows]


def _view(row: Debit, tail: str) -> DebitView:
    return DebitView(
        debit_id=row.id,
        repayment_id=row.reference_id,
        account=domain.mask(tail),
        amount_fen=row.amount_fen,
        collected_fen=row.collected_fen,
        status=row.status,
        fail_code=row.fail_code,
        automatic=row.automatic,
        requested_at=row.requested_at,
        completed_at=row.completed_at,
        returned_at=row.returned_at,
    )


def next_collection(
    session: Session, *, customer_id: UUID, subject_id: UUID, due_on: date
) -> NextCollection | None:
    """The day on which what falls due is taken by itself; None without a mandate, or when all tries are used up.

    A new account that still rests is used once it may be; a day whose tries are used up is left out.
    """
    mandate = session.scalars(
        select(DebitMandate).where(DebitMandate.customer_id == customer_id, DebitMandate.status == "active")
    ).one_or_none()
    if mandate is None or mandate.usable_from is None:
        return None
    today = clock.today()
    done = queries.tries(session, subject_id=subject_id, due_on=due_on)
    if done.since_due >= queries.rule(session, "tries_an_instalment", today):
        return None
    spent = done.today >= queries.rule(session, "tries_a_day", today)
    earliest = today + timedelta(days=1) if spent else today
    on = max(due_on, earliest, clock.local_day(mandate.usable_from))
    return NextCollection(on, domain.mask(mandate.account_tail))
