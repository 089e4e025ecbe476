"""How much is out in all, against which limits; the counters are proved by the moves of the lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.credit.models import ExposureCounter, ExposureLimit, ExposureReturn
from app.kernel import invariants


@dataclass(frozen=True)
class Exposure:
    """What is reserved and used under one key; `limit_fen` None: no limit is set."""

    kind: str
    key: str
    held_fen: int
    limit_fen: int | None


def exposure_limits(session: Session, *, on: date, keys: Mapping[str, str]) -> dict[str, int]:
    """The limit of each kind for its key on a day: the key's own, else that of any key; the newest row counts."""
    rows = session.scalars(
        select(ExposureLimit)
        .where(
            ExposureLimit.kind.in_(keys),
            ExposureLimit.effective_from <= on,
            or_(ExposureLimit.effective_to.is_(None), ExposureLimit.effective_to > on),
        )
        .order_by(ExposureLimit.effective_from, ExposureLimit.id)
    ).all()
    found = {row.kind: row.limit_fen for row in rows if row.key == "*"}
    return found | {row.kind: row.limit_fen for row in rows if row.key == keys[row.kind]}


def held_fen(session: Session, *, kind: str, key: str) -> int:
    """What is reserved and used under one key now."""
    counter = select(ExposureCounter.held_fen).where(ExposureCounter.kind == kind, ExposureCounter.key == key)
    returned = select(func.sum(ExposureReturn.amount_fen)).where(ExposureReturn.kind == kind, ExposureReturn.key == key)
    return int(session.scalar(counter) or 0) - int(session.scalar(returned) or 0)


def limits_to_come(session: Session, *, key: str, after: date) -> Sequence[tuple[date, str, int]]:
    """Limits of one key that begin after a day: from when, of which kind, how much; in their order."""
    query = select(ExposureLimit.effective_from, ExposureLimit.kind, ExposureLimit.limit_fen)
    query = query.where(ExposureLimit.key == key, ExposureLimit.effective_from > after)
    rows = session.execute(query.order_by(ExposureLimit.effective_from, ExposureLimit.id))
    return [(row.effective_from, row.kind, row.limit_fen) for row in rows]


def exposures(session: Session, *, on: date, kind: str, limit: int = 100) -> Sequence[Exposure]:
    """The largest exposures of a kind with their limits; for staff."""
    returned = (
        select(func.coalesce(func.sum(ExposureReturn.amount_fen), 0))
        .where(ExposureReturn.kind == ExposureCounter.kind, ExposureReturn.key == ExposureCounter.key)
        .scalar_subquery()
    )
    rows = session.execute(
        select(ExposureCounter.key, ExposureCounter.held_fen - returned)
        .where(ExposureCounter.kind == kind)
        .order_by(ExposureCounter.held_fen.desc(), ExposureCounter.key)
        .limit(limit)
    )
    return [
        Exposure(kind, key, int(held_fen), exposure_limits(session, on=on, keys={kind: key}).get(kind))
        for key, held_fen in rows
    ]


_HELD = (
    "SELECT {kind} AS kind, {key} AS key, sum(m.reserved_fen + m.used_fen) AS held_fen"
    " FROM credit_line_moves m JOIN credit_lines l ON l.id = m.credit_line_id"
)
_KEYS = {"customer": "l.enterprise_id::text", "product": "l.product_code", "region": "l.region_code"}
_SHARED = [
    _HELD.format(kind=f"'{kind}'", key=f"m.{kind}_id::text") + f" WHERE m.{kind}_id IS NOT NULL GROUP BY 2"
    for kind in ("partner", "merchant")
]
_PARTS = [_HELD.format(kind=f"'{kind}'", key=key) + " GROUP BY 2" for kind, key in _KEYS.items()]
_COUNTED = (
    "SELECT kind, key, c.held_fen - coalesce(r.fen, 0) AS held_fen FROM exposure_counters c FULL JOIN"
    " (SELECT kind, key, sum(amount_fen) AS fen FROM exposure_returns GROUP BY kind, key) r USING (kind, key)"
)
invariants.register(
    "I4",
    "exposure counted for customers, partners, merchants, products and regions is the sum of the lines' moves",
    f"SELECT kind, key, c.held_fen, m.held_fen FROM ({_COUNTED}) c FULL JOIN"  # noqa: S608  only constants
    f" ({' UNION ALL '.join([*_PARTS, *_SHARED])}) m USING (kind, key)"
    " WHERE coalesce(c.held_fen, 0) <> coalesce(m.held_fen, 0)",
)
