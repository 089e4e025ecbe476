"""Reading mandates, debits, batches and the rules of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.debits import domain
from app.debits.models import Debit, DebitBatch, DebitFinding, DebitMandate, DebitRule
from app.debits.queries import checks  # noqa: F401  registers the invariants
from app.kernel import clock


@dataclass(frozen=True)
class MandateView:
    """A mandate as its owner sees it: the account by its last digits only."""

    mandate_id: UUID
    account: str
    bank_code: str
    status: str
    ended_by: str | None
    created_at: datetime
    confirmed_at: datetime | None
    usable_from: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class Tries:
    """The automatic debits of one loan since a day."""

    since_due: int
    today: int
    last_at: datetime | None


def rule(session: Session, name: str, on: date) -> int:
    """The value of a rule on a day. Raises RuleMissing."""
    found = session.scalar(
        select(DebitRule.value)
        .where(
            DebitRule.name == name,
            DebitRule.effective_from <= on,
            or_(DebitRule.effective_to.is_(None), DebitRule.effective_to > on),
        )
        .order_by(DebitRule.effective_from.desc())
        .limit(1)
    )
    if found is None:
        raise domain.RuleMissing(name)
    return found


def mandates(session: Session, customer_id: UUID) -> Sequence[MandateView]:
    """The accounts a customer ever allowed, newest first; accounts that were refused are left out."""
    rows = session.scalars(
        select(DebitMandate)
        .where(DebitMandate.customer_id == customer_id, DebitMandate.status.not_in(("checking", "refused")))
        .order_by(DebitMandate.id.desc())
        .limit(50)
    )
    return [mandate_view(row) for row in rows]


def mandate_view(row: DebitMandate) -> MandateView:
    """A row as its owner sees it."""
    return MandateView(
        mandate_id=row.id,
        account=domain.mask(row.account_tail),
        bank_code=row.bank_code,
        status=row.status,
        ended_by=row.ended_by,
        created_at=row.created_at,
        confirmed_at=row.confirmed_at,
        usable_from=row.usable_from,
        ended_at=row.ended_at,
    )


def usable_mandate(session: Session, customer_id: UUID) -> MandateView | None:
    """The mandate by which this customer may be debited now."""
    row = session.scalars(
        select(DebitMandate).where(
            DebitMandate.customer_id == customer_id,
            DebitMandate.status == "active",
            DebitMandate.usable_from <= clock.now(),
        )
    ).one_or_none()
    return mandate_view(row) if row else None


def customers_to_debit(session: Session) -> Sequence[UUID]:
    """Customers whose mandate may be used now."""
    return session.scalars(
        select(DebitMandate.customer_id).where(
            DebitMandate.status == "active", DebitMandate.usable_from <= clock.now()
        )
    ).all()


def tries(session: Session, *, subject_id: UUID, due_on: date) -> Tries:
    """How often a loan was debited by itself since an instalment fell due, and today."""
    now = clock.now()
    since = datetime.combine(due_on, datetime.min.time(), clock.CHINA)
    midnight = datetime.combine(clock.local_day(now), datetime.min.time(), clock.CHINA)
    counted = select(
        func.count(), func.count().filter(Debit.requested_at >= midnight), func.max(Debit.requested_at)
    ).where(Debit.subject_id == subject_id, Debit.automatic, Debit.requested_at >= since)
    all_of_them, today, last_at = session.execute(counted).one()
    return Tries(all_of_them, today, last_at)


def may_try(session: Session, *, subject_id: UUID, due_on: date) -> bool:
    """Whether the rules of today allow another automatic debit of a loan now."""
    today, done = clock.today(), tries(session, subject_id=subject_id, due_on=due_on)
    if clock.now().astimezone(clock.CHINA).hour < rule(session, "first_hour", today):
        return False
    waited = timedelta(hours=rule(session, "retry_hours", today))
    rested = done.last_at is None or clock.now() - done.last_at >= waited
    few = done.today < rule(session, "tries_a_day", today)
    return rested and few and done.since_due < rule(session, "tries_an_instalment", today)


def debit_of(session: Session, order_id: UUID) -> Debit | None:
    """The debit of a payment order."""
    return session.scalar(select(Debit).where(Debit.order_id == order_id))


def batches_to_send(session: Session) -> Sequence[DebitBatch]:
    """Batches that are not over, oldest first."""
    return session.scalars(
        select(DebitBatch).where(DebitBatch.status.in_(domain.OPEN_BATCH)).order_by(DebitBatch.id).limit(500)
    ).all()


def batches_that_may_return(session: Session) -> Sequence[UUID]:
    """Batches so young that a debit of theirs may still come back."""
    since = clock.now() - timedelta(days=rule(session, "return_days", clock.today()))
    return session.scalars(
        select(DebitBatch.id).where(DebitBatch.status == "done", DebitBatch.done_at >= since)
    ).all()


def latest_batches(session: Session, limit: int = 50) -> Sequence[DebitBatch]:
    """The newest batches."""
    return session.scalars(select(DebitBatch).order_by(DebitBatch.id.desc()).limit(limit)).all()


def latest_findings(session: Session, limit: int = 100) -> Sequence[DebitFinding]:
    """What did not fit in result files, newest first."""
    return session.scalars(select(DebitFinding).order_by(DebitFinding.id.desc()).limit(limit)).all()


def returned_debits(session: Session, limit: int = 100) -> Sequence[Debit]:
    """Debits whose money was taken back, newest first."""
    return session.scalars(
        select(Debit).where(Debit.status == "returned").order_by(Debit.returned_at.desc()).limit(limit)
    ).all()


def returned_references() -> Select[UUID]:
    """What was paid by debits whose money was taken back: for a query of whoever knows what became of it."""
    return select(Debit.reference_id).where(Debit.status == "returned")
