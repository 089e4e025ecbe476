"""Credit lines and what is in use of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.credit.domain.applications import UNDRAWN
from app.credit.domain.lines import LineUnknown
from app.credit.models import Application, CreditLine
from app.kernel import invariants


@dataclass(frozen=True)
class LineView:
    """One line; what is free is never below 0."""

    credit_line_id: UUID
    customer_id: UUID
    enterprise_id: UUID
    product_code: str
    status: str
    limit_fen: int
    reserved_fen: int
    used_fen: int
    valid_until: date
    review_on: date
    frozen_reason: str | None

    @property
    def available_fen(self) -> int:
        return self.limit_fen - self.reserved_fen - self.used_fen


def line(session: Session, line_id: UUID) -> LineView:
    """One line. Raises LineUnknown."""
    row = session.get(CreditLine, line_id, populate_existing=True)
    if row is None:
        raise LineUnknown("There is no such credit line.")
    return _view(row)


def lines_of(session: Session, *, enterprise_id: UUID) -> Sequence[LineView]:
    """The lines of an enterprise, one a product."""
    rows = session.scalars(select(CreditLine).where(CreditLine.enterprise_id == enterprise_id).order_by(CreditLine.id))
    return [_view(row) for row in rows]


def lines_to_review(session: Session, *, on: date, limit: int = 100) -> Sequence[LineView]:
    """Lines whose yearly review is due by a day, the longest due first; for staff."""
    rows = session.scalars(
        select(CreditLine)
        .where(CreditLine.review_on <= on, CreditLine.status.in_(("active", "frozen")))
        .order_by(CreditLine.review_on, CreditLine.id)
        .limit(limit)
    )
    return [_view(row) for row in rows]


def own_exposure(session: Session, *, enterprise_id: UUID, but_application: UUID) -> int:
    """What an enterprise owes or may still draw: used on its lines, and approved and not yet drawn.

    A signed application is reserved on its line some moments later: until the loan exists it counts by what was
    approved, reserved or not, so that two decisions never both overlook it.
    """
    used = select(func.sum(CreditLine.used_fen)).where(CreditLine.enterprise_id == enterprise_id)
    undrawn = select(func.sum(Application.approved_fen)).where(
        Application.enterprise_id == enterprise_id,
        Application.id != but_application,
        Application.status.in_(UNDRAWN),
    )
    parts = [func.coalesce(one.scalar_subquery(), 0) for one in (used, undrawn)]
    found = session.execute(select(*parts)).one()  # one look: a loan that begins meanwhile is in one of the two
    return sum(int(part) for part in found)


def earlier_loans(session: Session, *, enterprise_id: UUID) -> int:
    """How many applications of an enterprise ended in a loan."""
    found = session.scalar(
        select(func.count()).where(Application.enterprise_id == enterprise_id, Application.status == "drawn")
    )
    return int(found or 0)


def _view(row: CreditLine) -> LineView:
    return LineView(
        credit_line_id=row.id,
        customer_id=row.customer_id,
        enterprise_id=row.enterprise_id,
        product_code=row.product_code,
        status=row.status,
        limit_fen=row.limit_fen,
        reserved_fen=row.reserved_fen,
        used_fen=row.used_fen,
        valid_until=row.valid_until,
        review_on=row.review_on,
        frozen_reason=row.frozen_reason,
    )


invariants.register(
    "I4",
    "no credit line is used beyond its limit, and its figures are the sum of its moves",
    "SELECT l.id::text, l.limit_fen, l.reserved_fen, l.used_fen FROM credit_lines l LEFT JOIN (SELECT credit_line_id,"
    " sum(limit_fen) AS limit_fen, sum(reserved_fen) AS reserved_fen, sum(used_fen) AS used_fen"
    " FROM credit_line_moves GROUP BY credit_line_id) m ON m.credit_line_id = l.id"
    " WHERE l.reserved_fen < 0 OR l.used_fen < 0 OR l.reserved_fen + l.used_fen > l.limit_fen"
    " OR (l.limit_fen, l.reserved_fen, l.used_fen) IS DISTINCT FROM"
    " (coalesce(m.limit_fen, 0), coalesce(m.reserved_fen, 0), coalesce(m.used_fen, 0))",
)
