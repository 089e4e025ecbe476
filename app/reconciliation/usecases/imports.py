"""Bringing a bill in: rows by COPY in portions, each portion a transaction; begun anew when it was interrupted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel import clock, ids
from app.reconciliation.domain.rows import Channel, Row
from app.reconciliation.models import BillImport, BillRow

COPY = (
    "COPY bill_rows (import_id, line_no, kind, their_no, our_no, related_no, merchant, amount_fen, fee_milli, state,"
    " occurred_at) FROM STDIN"
)
NOTHING = "none"  # the digest of a day without a bill


def open_import(session: Session, *, channel: Channel, day: date, digest: str) -> UUID | None:
    """Begin to take in an issue of a bill; None when exactly this one was taken in before."""
    session.execute(
        insert(BillImport)
        .values(
            id=ids.new_id(),
            channel=channel,
            day=day,
            digest=digest,
            status="loading",
            row_count=0,
            complete=False,
            totals_agree=False,
            started_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )
    found = session.scalars(
        select(BillImport)
        .where(BillImport.channel == channel, BillImport.day == day, BillImport.digest == digest)
        .with_for_update()
    ).one()
    if found.status == "loaded":
        return None
    session.execute(delete(BillRow).where(BillRow.import_id == found.id))  # of a run that was interrupted
    return found.id


def add_rows(session: Session, *, import_id: UUID, rows: Iterable[Row]) -> int:
    """One portion of a bill; answers how many rows it had."""
    raw = session.connection().connection.driver_connection
    assert raw is not None
    count = 0
    with raw.cursor().copy(COPY) as copy:
        for row in rows:
            copy.write_row((import_id, *row))
            count += 1
    return count


def close_import(
    session: Session, *, import_id: UUID, row_count: int, complete: bool = True, totals_agree: bool = True
) -> None:
    """The whole bill is in: from now on it is the one that counts for its day."""
    found = session.get_one(BillImport, import_id, with_for_update=True)
    found.status, found.row_count, found.loaded_at = "loaded", row_count, clock.now()
    found.complete, found.totals_agree = complete, totals_agree


def counting_import(session: Session, *, channel: Channel, day: date) -> BillImport | None:
    """The issue of a bill that counts: the newest one that was taken in whole."""
    return session.scalars(
        select(BillImport)
        .where(BillImport.channel == channel, BillImport.day == day, BillImport.status == "loaded")
        .order_by(BillImport.loaded_at.desc(), BillImport.id.desc())
        .limit(1)
    ).first()
