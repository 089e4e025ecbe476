"""Holding a day's bill against the book: found once however often it runs, gone when later knowledge explains it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel import clock, ids
from app.ledger.usecases import post
from app.reconciliation.domain.rows import Channel
from app.reconciliation.models import BillDifference, BillImport, ChannelFeeRate, ReconciliationDay
from app.reconciliation.usecases import rules
from app.reconciliation.usecases.imports import counting_import

LONG_STATEMENT = text("SET LOCAL statement_timeout = '300s'")  # a million rows take a while, in a job and never online
FIELDS = (
    "kind", "key", "their_no", "our_no", "related_no", "line_no", "ours_fen", "theirs_fen", "fee_milli", "note",
)  # fmt: skip
UPSERT = """
INSERT INTO bill_differences (id, channel, day, {fields}, status, found_at)
SELECT gen_random_uuid(), :channel, :day, {cut}, 'open', :now FROM ({found}) AS f
ON CONFLICT (channel, day, kind, key) DO UPDATE SET status = 'open', closed_at = NULL, line_no = excluded.line_no,
    ours_fen = excluded.ours_fen, theirs_fen = excluded.theirs_fen, fee_milli = excluded.fee_milli, note = excluded.note
    WHERE bill_differences.status IN ('open', 'gone')
RETURNING id"""


def compare_day(session: Session, *, channel: Channel, day: date, merchant: str) -> str:
    """Compare the issue of the bill that counts; answers the day's status: waiting, explained or differences.

    Running it again changes nothing; a difference that is not found any more is gone. `merchant`: our number.
    """
    row = _locked_day(session, channel, day)
    found = counting_import(session, channel=channel, day=day)
    row.checked_at = clock.now()
    if found is None:
        return row.status
    row.import_id, row.row_count = found.id, found.row_count
    session.flush()
    session.execute(LONG_STATEMENT)
    kept = [*_file_differences(session, found)]
    if found.complete:
        if found.channel == "wechat_funds" and found.totals_agree:
            _book_withdrawals(session, row, found)
        kept += _row_differences(session, found, merchant)
        _forget(session, channel, day, kept)
        _sum_up(session, row, found)
    row.status = settle_status(session, channel=channel, day=day)
    return row.status


def note_unreadable(session: Session, *, channel: Channel, day: date, kind: str, note: str) -> None:
    """The file could not be taken in at all: the day waits, and says why."""
    row = _locked_day(session, channel, day)
    _upsert_file(session, channel, day, kind, "file", note)
    row.status, row.checked_at = "differences", clock.now()


def settle_status(session: Session, *, channel: str, day: date) -> str:
    """How the day stands by what is still open, written on it."""
    still_open = session.scalar(
        select(func.count()).where(
            BillDifference.channel == channel, BillDifference.day == day, BillDifference.status == "open"
        )
    )
    status = "differences" if still_open else "explained"
    session.execute(
        update(ReconciliationDay)
        .where(
            ReconciliationDay.channel == channel,
            ReconciliationDay.day == day,
            ReconciliationDay.import_id.is_not(None),
        )
        .values(status=status)
    )
    return status


def _locked_day(session: Session, channel: str, day: date) -> ReconciliationDay:
    fresh = {"status": "waiting", "row_count": 0, "in_fen": 0, "out_fen": 0, "fee_fen": 0, "checked_at": clock.now()}
    session.execute(
        insert(ReconciliationDay)
        .values(id=ids.new_id(), channel=channel, day=day, **fresh)
        .on_conflict_do_nothing()
    )
    query = select(ReconciliationDay).where(ReconciliationDay.channel == channel, ReconciliationDay.day == day)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def _file_differences(session: Session, found: BillImport) -> list[Any]:
    """What is wrong with the file itself; the digest of an issue is the name of its fault."""
    earlier = session.scalar(
        select(func.count()).where(
            BillImport.channel == found.channel,
            BillImport.day == found.day,
            BillImport.id != found.id,
            BillImport.status == "loaded",
            BillImport.complete.is_(True),
        )
    )
    faults = (
        ("truncated", not found.complete, "file"),
        ("wrong_totals", found.complete and not found.totals_agree, "file"),
        ("reissued", bool(earlier), f"file:{found.digest}"),
    )
    return [
        _upsert_file(session, found.channel, found.day, kind, key, f"{found.row_count} rows")
        for kind, wrong, key in faults
        if wrong
    ]


def _upsert_file(session: Session, channel: str, day: date, kind: str, key: str, note: str) -> Any:
    changed = {"status": "open", "closed_at": None, "note": note[:96]}
    return session.execute(
        insert(BillDifference)
        .values(id=ids.new_id(), channel=channel, day=day, kind=kind, key=key, found_at=clock.now(), **changed)
        .on_conflict_do_update(
            index_elements=["channel", "day", "kind", "key"],
            set_=changed,
            where=or_(BillDifference.status == "open", BillDifference.status == "gone"),
        )
        .returning(BillDifference.id)
    ).scalar()


def _row_differences(session: Session, found: BillImport, merchant: str) -> list[Any]:
    cut = {"note": "left(note, 96)", "key": "left(key, 96)"}
    statement = UPSERT.format(
        fields=", ".join(FIELDS),
        cut=", ".join(cut.get(name, name) for name in FIELDS),
        found=rules.RULES[found.channel],
    )
    begins = datetime.combine(found.day, time.min, clock.CHINA)
    values = {
        "import_id": found.id,
        "channel": found.channel,
        "day": found.day,
        "now": clock.now(),
        "merchant": merchant,
        "rate": fee_rate(session, found.day),
        "begins": begins.astimezone(UTC),
        "ends": (begins + timedelta(days=1)).astimezone(UTC),
    }
    return list(session.scalars(text(statement), values))


def _forget(session: Session, channel: str, day: date, kept: list[Any]) -> None:
    """Open differences that are not found any more explained themselves, such as a notice that came late."""
    statement = text(
        "UPDATE bill_differences SET status = 'gone', closed_at = :now WHERE channel = :channel AND day = :day"
        " AND status = 'open' AND id <> ALL(:kept)"
    ).bindparams(bindparam("kept", value=[one for one in kept if one]))
    session.execute(statement, {"now": clock.now(), "channel": channel, "day": day})


def _sum_up(session: Session, row: ReconciliationDay, found: BillImport) -> None:
    incoming, outgoing = rules.WAYS[found.channel]
    statement = text(rules.SUMS.format(incoming=incoming, outgoing=outgoing))
    _, row.in_fen, row.out_fen, fee_fen = session.execute(statement, {"import_id": found.id, "day": found.day}).one()
    if found.channel == "wechat_trade":
        _book_fees(session, row, int(fee_fen))


def _book_fees(session: Session, row: ReconciliationDay, fee_fen: int) -> None:
    """The agreed fees of the day, once; when a newer issue tells others, the difference."""
    change = fee_fen - row.fee_fen
    if change:
        post(
            session,
            key=f"channel_fee:{row.day}:{row.import_id}:{row.fee_fen}",
            template="channel_fee" if change > 0 else "channel_fee_returned",
            amounts_fen={"amount": abs(change)},
            subject_id=row.id,
            business_on=row.day,
        )
    row.fee_fen = fee_fen


def _book_withdrawals(session: Session, row: ReconciliationDay, found: BillImport) -> None:
    """What was moved from WeChat Pay's account to the bank's own, once by the channel's number: nobody else tells."""
    moved: dict[str, int] = {}
    for told in session.execute(text(rules.NOT_WITHDRAWN), {"import_id": found.id}):
        moved.setdefault(told.their_no, told.amount_fen)
    for their_no, amount_fen in moved.items():
        post(
            session,
            key=f"{rules.WITHDRAWAL}:{their_no}",
            template=rules.WITHDRAWAL,
            amounts_fen={"amount": amount_fen},
            subject_id=row.id,
            business_on=row.day,
        )


def fee_rate(session: Session, day: date) -> Decimal:
    """What WeChat Pay may charge on a day, by agreement."""
    found = session.scalar(
        select(ChannelFeeRate.rate).where(
            ChannelFeeRate.channel == "wechat_pay",
            ChannelFeeRate.effective_from <= day,
            or_(ChannelFeeRate.effective_to.is_(None), ChannelFeeRate.effective_to >= day),
        )
    )
    return found if found is not None else Decimal(0)


