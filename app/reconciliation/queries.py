"""Reading days, differences and proposals, and the rules about decisions that must hold at any time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.kernel import invariants
from app.reconciliation.domain.rows import CHANNELS
from app.reconciliation.models import BillDifference, BillImport, BillRow, MoneyProposal, ReconciliationDay


@dataclass(frozen=True)
class DayView:
    """One channel on one day; sums in fen, `open_fen` of the differences that nobody has explained."""

    channel: str
    day: date
    status: str
    row_count: int
    in_fen: int
    out_fen: int
    fee_fen: int
    open_count: int
    open_fen: int


def days(session: Session, *, since: date, until: date) -> list[DayView]:
    """Every channel's days of a period, newest first."""
    unexplained = (
        select(
            BillDifference.channel,
            BillDifference.day,
            func.count().label("open_count"),
            func.coalesce(func.sum(_size()), 0).label("open_fen"),
        )
        .where(BillDifference.status == "open", BillDifference.day.between(since, until))
        .group_by(BillDifference.channel, BillDifference.day)
        .subquery()
    )
    rows = session.execute(
        select(ReconciliationDay, unexplained.c.open_count, unexplained.c.open_fen)
        .outerjoin(
            unexplained,
            (unexplained.c.channel == ReconciliationDay.channel) & (unexplained.c.day == ReconciliationDay.day),
        )
        .where(ReconciliationDay.day.between(since, until))
        .order_by(ReconciliationDay.day.desc(), ReconciliationDay.channel)
    )
    return [
        DayView(
            channel=row.channel,
            day=row.day,
            status=row.status,
            row_count=row.row_count,
            in_fen=row.in_fen,
            out_fen=row.out_fen,
            fee_fen=row.fee_fen,
            open_count=int(count or 0),
            open_fen=int(open_fen or 0),
        )
        for row, count, open_fen in rows
    ]


def missing_days(session: Session, *, today: date, back_days: int) -> list[tuple[str, date]]:
    """(channel, day) of the past days that have no bill that counts yet, oldest first."""
    wanted = [today - timedelta(days=back) for back in range(back_days, 0, -1)]
    known = {
        (row.channel, row.day)
        for row in session.scalars(
            select(ReconciliationDay).where(
                ReconciliationDay.day >= wanted[0], ReconciliationDay.import_id.is_not(None)
            )
        )
    }
    return [(channel, day) for day in wanted for channel in CHANNELS if (channel, day) not in known]


def differences(
    session: Session, *, day: date | None = None, channel: str | None = None, kind: str | None = None,
    status: str | None = None, limit: int = 200,
) -> Sequence[BillDifference]:  # fmt: skip
    """Differences by any of these, by day and kind."""
    query = select(BillDifference)
    wanted = {"day": day, "channel": channel, "kind": kind, "status": status}
    for name, value in wanted.items():
        if value is not None:
            query = query.where(getattr(BillDifference, name) == value)
    ordered = query.order_by(BillDifference.day.desc(), BillDifference.kind, BillDifference.key)
    return session.scalars(ordered.limit(limit)).all()


def difference(session: Session, difference_id: UUID) -> BillDifference | None:
    """One difference."""
    return session.get(BillDifference, difference_id)


def kinds_of_day(session: Session, day: date) -> dict[str, int]:
    """How many differences of each kind a day has."""
    rows = session.execute(
        select(BillDifference.kind, func.count())
        .where(BillDifference.day == day, BillDifference.status != "gone")
        .group_by(BillDifference.kind)
    )
    return {kind: int(count) for kind, count in rows}


def bill_line(session: Session, found: BillDifference) -> BillRow | None:
    """The line of the bill that counts, as it was read."""
    if found.line_no is None:
        return None
    import_id = session.scalar(
        select(ReconciliationDay.import_id).where(
            ReconciliationDay.channel == found.channel, ReconciliationDay.day == found.day
        )
    )
    return session.get(BillRow, (import_id, found.line_no)) if import_id else None


def imports_of_day(session: Session, day: date) -> Sequence[BillImport]:
    """Every issue of every bill of a day, newest first."""
    return session.scalars(
        select(BillImport).where(BillImport.day == day).order_by(BillImport.started_at.desc())
    ).all()


def all_differences(session: Session, day: date) -> Iterator[BillDifference]:
    """A day's differences for an export, read in portions."""
    query = select(BillDifference).where(BillDifference.day == day)
    return iter(
        session.scalars(query.order_by(BillDifference.channel, BillDifference.kind).execution_options(yield_per=1000))
    )


def proposals(session: Session, *, status: str | None = None, limit: int = 100) -> Sequence[MoneyProposal]:
    """The newest proposals."""
    query = select(MoneyProposal).order_by(MoneyProposal.id.desc()).limit(limit)
    return session.scalars(query.where(MoneyProposal.status == status) if status else query).all()


def proposal(session: Session, proposal_id: UUID) -> MoneyProposal | None:
    """One proposal."""
    return session.get(MoneyProposal, proposal_id)


def proposals_about(session: Session, subject_kind: str, keys: Sequence[str]) -> dict[str, list[MoneyProposal]]:
    """What was proposed about some things, newest first."""
    rows = session.scalars(
        select(MoneyProposal)
        .where(MoneyProposal.subject_kind == subject_kind, MoneyProposal.subject_key.in_(keys))
        .order_by(MoneyProposal.id.desc())
    )
    found: dict[str, list[MoneyProposal]] = {}
    for row in rows:
        found.setdefault(row.subject_key, []).append(row)
    return found


def newest_proposals(session: Session, subject_kind: str, limit: int = 20) -> Sequence[MoneyProposal]:
    """What was proposed about a kind of things, newest first."""
    query = select(MoneyProposal).where(MoneyProposal.subject_kind == subject_kind)
    return session.scalars(query.order_by(MoneyProposal.id.desc()).limit(limit)).all()


def _size() -> ColumnElement[int]:
    """How much money a difference is about."""
    return func.abs(func.coalesce(BillDifference.theirs_fen, 0) - func.coalesce(BillDifference.ours_fen, 0))


invariants.register(
    "I11",
    "whatever was done with money by hand was decided by another person than who proposed it",
    "SELECT id::text, kind FROM money_proposals WHERE decided_by = proposed_by"
    " OR (status = 'approved' AND decided_by IS NULL) UNION ALL"
    " SELECT r.id::text, 'refund' FROM refunds r WHERE r.source <> 'outside' AND NOT EXISTS"
    " (SELECT 1 FROM money_proposals p WHERE p.id = r.id AND p.kind = 'refund' AND p.status = 'approved')"
    " UNION ALL SELECT m.id::text, 'match' FROM suspense_matches m WHERE NOT EXISTS"
    " (SELECT 1 FROM money_proposals p WHERE p.id = m.id AND p.kind = 'match' AND p.status = 'approved')"
    " UNION ALL SELECT v.id::text, v.kind FROM repayment_reversals v WHERE v.actor LIKE 'staff:%' AND NOT EXISTS"
    " (SELECT 1 FROM money_proposals p WHERE p.id = v.id AND p.subject_kind = 'repayment' AND p.status = 'approved')"
    " UNION ALL SELECT c.id::text, c.kind FROM loan_changes c WHERE c.approved_by LIKE 'staff:%' AND NOT EXISTS"
    " (SELECT 1 FROM money_proposals p WHERE p.id = c.id AND p.kind = c.kind AND p.status = 'approved')"
    " UNION ALL SELECT f.id::text, f.kind FROM loan_reliefs f WHERE f.actor LIKE 'staff:%' AND NOT EXISTS"
    " (SELECT 1 FROM money_proposals p WHERE p.id = f.id AND p.kind = f.kind AND p.status = 'approved')",
)
invariants.register(
    "I11",
    "a day that counts as explained has no open difference",
    "SELECT d.channel, d.day::text FROM reconciliation_days d WHERE d.status = 'explained' AND EXISTS"
    " (SELECT 1 FROM bill_differences b WHERE b.channel = d.channel AND b.day = d.day AND b.status = 'open')",
)
