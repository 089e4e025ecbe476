"""What a large bill costs: a handful of statements for any number of rows, and no memory that grows with it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

from app.kernel import db
from app.reconciliation import usecases
from app.reconciliation.domain.wechat_bills import trade_bill
from app.reconciliation.jobs.fetching import take_in
from tests.cost import counting
from tests.reconciliation.generator import DAY, MERCHANT, Day, trade_row

ROWS = 20_000


def lines(session, count: int) -> Iterator[bytes]:
    """A bill of `count` payments that nobody knows, made as it is read."""
    empty = list(Day(session, payments=0).lines())
    yield empty[0]
    told = {"at": Day(session, payments=0)._moment(), "amount_fen": 12_345}
    for number in range(count):
        row = trade_row(told | {"transaction_id": f"42{number:026d}", "out_trade_no": f"DK{number:026d}"})
        yield (",".join(f"`{value}" for value in row.values()) + "\r\n").encode()
    yield empty[1]
    total = f"{count * 12345 // 100}.{count * 12345 % 100:02d}"
    yield f"`{count},`{total},`0.00,`0.00,`{count * 74 / 100:.5f},`{total},`0.00\r\n".encode()


def test_twenty_thousand_rows_take_a_handful_of_statements(committed):
    with db.transaction() as session, counting(committed.kw["bind"]) as cost:
        bill = trade_bill(lines(session, ROWS))
        assert take_in("wechat_trade", DAY, "a", bill) == ROWS
        with db.transaction() as own:
            status = usecases.compare_day(own, channel="wechat_trade", day=DAY, merchant=MERCHANT)
    assert (status, bill.complete, bill.totals_agree) == ("differences", True, True)
    print(f"{ROWS} rows: {cost}")
    assert len(cost.statements) <= 25 and cost.commits <= 6


def test_reading_needs_no_memory_for_rows(session):
    peaks = []
    for count in (1_000, ROWS):
        bill = trade_bill(lines(session, count))
        tracemalloc.start()
        assert sum(1 for _ in bill) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000, peaks
