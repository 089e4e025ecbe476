"""Estimates as their owners see them, and how many of them were kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.credit.domain.estimates import EstimateUnknown
from app.credit.models import Estimate


@dataclass(frozen=True)
class EstimateView:
    """One estimate; `outcome` is the record as it was stored, None before it is worked out."""

    estimate_id: UUID
    customer_id: UUID
    enterprise_id: UUID
    product_code: str
    status: str
    low_fen: int
    high_fen: int
    outcome: Mapping[str, Any] | None = field(repr=False)
    digest: str | None
    created_at: datetime
    quoted_at: datetime | None
    valid_until: date | None


@dataclass(frozen=True)
class Honoured:
    """Estimates that an application followed while they were valid, and how many were kept within ten per cent."""

    followed: int
    kept: int

    @property
    def share_bps(self) -> int | None:
        return self.kept * 10_000 // self.followed if self.followed else None


def own_estimate(session: Session, *, estimate_id: UUID, customer_id: UUID) -> EstimateView:
    """One estimate of this customer. Raises EstimateUnknown, also for somebody else's."""
    row = session.get(Estimate, estimate_id)
    if row is None or row.customer_id != customer_id:
        raise EstimateUnknown("There is no such estimate.")
    return view(row)


# The promise is the lower end; where that was 0 it is the upper one. The first decided application counts, for no
# more than it asked for: whoever asks for less is not let down by getting less.
_HONOURED = """
SELECT count(*), count(*) FILTER (WHERE kept) FROM (
    SELECT DISTINCT ON (e.id) coalesce(a.approved_fen, 0) * 10
        >= 9 * least(CASE WHEN e.low_fen > 0 THEN e.low_fen ELSE e.high_fen END, a.amount_fen) AS kept
    FROM estimates e
    JOIN applications a ON a.enterprise_id = e.enterprise_id AND a.product_code = e.product_code
        AND a.submitted_at >= e.quoted_at AND (a.submitted_at AT TIME ZONE 'Asia/Shanghai')::date <= e.valid_until
    JOIN decisions d ON d.application_id = a.id
    WHERE e.status = 'quoted' AND e.quoted_at >= :since
    ORDER BY e.id, a.submitted_at
) followed
"""


def honoured(session: Session, *, since: datetime) -> Honoured:
    """The share of estimates since an instant that were honoured within ten per cent."""
    followed, kept = session.execute(text(_HONOURED), {"since": since}).one()
    return Honoured(int(followed), int(kept))


def quoted_estimate_ids(session: Session) -> Sequence[UUID]:
    """Every estimate that was worked out, also to nothing."""
    return session.scalars(select(Estimate.id).where(Estimate.quoted_at.is_not(None)).order_by(Estimate.id)).all()


def view(row: Estimate) -> EstimateView:
    """A row as others see it."""
    return EstimateView(
        estimate_id=row.id,
        customer_id=row.customer_id,
        enterprise_id=row.enterprise_id,
        product_code=row.product_code,
        status=row.status,
        low_fen=row.low_fen,
        high_fen=row.high_fen,
        outcome=row.outcome,
        digest=row.digest,
        created_at=row.created_at,
        quoted_at=row.quoted_at,
        valid_until=row.valid_until,
    )
