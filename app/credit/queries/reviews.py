"""Reviews of refusals: for their customer, and the queue of those who look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credit.domain.reviews import WAITING
from app.credit.models import DecisionReview


@dataclass(frozen=True)
class ReviewView:
    """One review; what customer and staff wrote is not in its repr."""

    review_id: UUID
    application_id: UUID
    customer_id: UUID
    kind: str  # requested, second_look
    status: str  # open, claimed, upheld, reapply
    words: str | None = field(repr=False)
    answer: str | None = field(repr=False)
    asked_at: datetime
    due_on: date
    claimed_by: str | None
    decided_by: str | None
    decided_at: datetime | None
    words_check: str | None = None  # waiting, clean, suspicious, unchecked
    words_label: int | None = None


def review_of(session: Session, application_id: UUID) -> ReviewView | None:
    """The review of an application's refusal; None when nobody looks at it."""
    row = session.scalars(select(DecisionReview).where(DecisionReview.application_id == application_id)).one_or_none()
    return view(row) if row else None


def review_queue(session: Session, *, limit: int = 100) -> Sequence[ReviewView]:
    """What waits for a person, the most urgent first; for staff."""
    rows = session.scalars(
        select(DecisionReview)
        .where(DecisionReview.status.in_(WAITING))
        .order_by(DecisionReview.due_on, DecisionReview.id)
        .limit(limit)
    )
    return [view(row) for row in rows]


def settled_reviews(session: Session, limit: int) -> Sequence[ReviewView]:
    """What a person has answered, the newest answer first; for staff."""
    rows = session.scalars(
        select(DecisionReview)
        .where(DecisionReview.decided_at.is_not(None))
        .order_by(DecisionReview.decided_at.desc(), DecisionReview.id)
        .limit(limit)
    )
    return [view(row) for row in rows]


def view(row: DecisionReview) -> ReviewView:
    """A row as others see it."""
    return ReviewView(
        review_id=row.id,
        application_id=row.application_id,
        customer_id=row.customer_id,
        kind=row.kind,
        status=row.status,
        words=row.words,
        answer=row.answer,
        asked_at=row.asked_at,
        due_on=row.due_on,
        claimed_by=row.claimed_by,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        words_check=row.words_check,
        words_label=row.words_label,
    )
