"""A day of a channel: the bill is fetched to a file, brought in by portions, compared; again is the same."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import BinaryIO, cast

import structlog

from app.adapters import channels
from app.adapters.core_bank import StatementEntry, StatementNotReady
from app.adapters.wechat_pay import BillBroken, BillKind, BillNotReady, NoBill, PayRefused
from app.kernel import clock, jobs
from app.kernel.db import transaction
from app.kernel.jobs import task
from app.reconciliation import queries, usecases
from app.reconciliation.domain.rows import CHANNELS, BillUnreadable, Channel, Row
from app.reconciliation.domain.wechat_bills import WechatBill, fund_flow_bill, trade_bill

PORTION = 20_000
BACK_DAYS = 7
READY_HOUR, AGAIN_HOUR, AGAIN_DAYS = 10, 15, 3  # of China; yesterday's bills are made from ten o'clock on
BILLS: dict[Channel, tuple[BillKind, Callable[[Iterable[bytes]], WechatBill]]] = {
    "wechat_trade": ("trade", trade_bill),
    "wechat_funds": ("fund_flow", fund_flow_bill),
}
log = structlog.get_logger(__name__)


@task("reconciliation.plan", cron="20 * * * *")
def plan() -> None:
    """Each hour from ten o'clock on: days without their bill; once a day also those that may be issued anew."""
    hour, today = clock.now().astimezone(clock.CHINA).hour, clock.today()
    if hour < READY_HOUR:
        return
    with transaction() as session:
        wanted = set(queries.missing_days(session, today=today, back_days=BACK_DAYS))
        if hour == AGAIN_HOUR:
            wanted |= {(name, today - timedelta(days=back)) for name in CHANNELS for back in range(1, AGAIN_DAYS + 1)}
        for channel, day in sorted(wanted):
            once = f"reconciliation.reconcile:{channel}:{day}"
            jobs.enqueue(session, "reconciliation.reconcile", once=once, channel=channel, day=day.isoformat())


@task("reconciliation.reconcile")
def reconcile(*, channel: str, day: str) -> None:
    """One channel's day. A bill that is not made yet is asked for again in an hour."""
    reconcile_day(cast("Channel", channel), date.fromisoformat(day))


def reconcile_day(channel: Channel, day: date) -> str:
    """Fetch, bring in, compare; answers waiting, explained or differences. Raises what the channel raises."""
    try:
        if channel == "core_bank":
            _take_statement(day)
        else:
            _take_bill(channel, day)
    except (BillNotReady, StatementNotReady, PayRefused) as early:
        log.warning("no bill yet", channel=channel, day=day.isoformat(), reason=early.code)
    except BillBroken:
        return _unreadable(channel, day, "truncated", "hash")
    except BillUnreadable as fault:
        return _unreadable(channel, day, "unknown", str(fault))
    merchant = channels().wechat_pay.mchid
    if channel == "core_bank":
        with transaction() as session:
            usecases.take_awaited(session, day=day)
    with transaction() as session:
        status = usecases.compare_day(session, channel=channel, day=day, merchant=merchant)
    log.info("day reconciled", channel=channel, day=day.isoformat(), status=status)
    return status


def _take_bill(channel: Channel, day: date) -> None:
    kind, read = BILLS[channel]
    with tempfile.TemporaryFile() as file:
        try:
            digest = channels().wechat_pay.fetch_bill(kind, day, cast("BinaryIO", file))
        except NoBill:
            take_in(channel, day, usecases.NOTHING, None)
            return
        file.seek(0)
        take_in(channel, day, digest, read(file))


def take_in(channel: Channel, day: date, digest: str, bill: WechatBill | None) -> int:
    """Bring one issue of a bill in, in portions; answers its rows, 0 when it was in before. Raises BillUnreadable."""
    with transaction() as session:
        import_id = usecases.open_import(session, channel=channel, day=day, digest=digest)
    if import_id is None:
        return 0
    rows = iter(bill) if bill else iter(())
    while portion := list(islice(rows, PORTION)):
        with transaction() as session:
            usecases.add_rows(session, import_id=import_id, rows=portion)
    count = bill.row_count if bill else 0
    with transaction() as session:
        usecases.close_import(
            session,
            import_id=import_id,
            row_count=count,
            complete=bill is None or bill.complete,
            totals_agree=bill is None or bill.totals_agree,
        )
    return count


def _take_statement(day: date) -> None:
    """Pages go to a file first: only the whole statement has a digest, and it may not fit into memory."""
    digest, count, sums, told = hashlib.sha256(), 0, {"in": 0, "out": 0}, None
    with tempfile.TemporaryFile() as file:
        after: str | None = None
        while True:
            told = channels().core_bank.statement_page(day, after)
            for entry in told.entries:
                count += 1
                sums[entry.direction] += entry.amount_fen
                line = json.dumps(_row(count, entry), ensure_ascii=False).encode() + b"\n"
                digest.update(line)
                file.write(line)
            after = told.next_after
            if after is None:
                break
        file.seek(0)
        agree = (told.count, told.in_fen, told.out_fen) == (count, sums["in"], sums["out"])
        digest.update(f"{told.count} {told.in_fen} {told.out_fen}".encode())
        _take_in_rows(day, digest.hexdigest(), (Row(*json.loads(line)) for line in file), agree)


def _take_in_rows(day: date, digest: str, rows: Iterator[Row], agree: bool) -> None:
    with transaction() as session:
        import_id = usecases.open_import(session, channel="core_bank", day=day, digest=digest)
    if import_id is None:
        return
    count = 0
    while portion := list(islice(rows, PORTION)):
        with transaction() as session:
            count += usecases.add_rows(session, import_id=import_id, rows=portion)
    with transaction() as session:
        usecases.close_import(session, import_id=import_id, row_count=count, totals_agree=agree)


def _row(number: int, entry: StatementEntry) -> Row:
    known = entry.transfer_no is not None and entry.state in ("booked", "reversed")
    return Row(
        line_no=number,
        kind="transfer" if known else "other",
        their_no=entry.bank_serial[:64],
        our_no=(entry.transfer_no or "")[:64],
        related_no=entry.direction,
        merchant="",
        amount_fen=entry.amount_fen,
        fee_milli=0,
        state=entry.state[:64],
        occurred_at=entry.booked_at.isoformat(),
    )


def _unreadable(channel: Channel, day: date, kind: str, note: str) -> str:
    log.error("a bill cannot be read", channel=channel, day=day.isoformat(), note=note)
    with transaction() as session:
        usecases.note_unreadable(session, channel=channel, day=day, kind=kind, note=note)
    return "differences"
