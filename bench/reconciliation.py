"""Reconciling a day of a million payments: memory, rows a second beside bare `csv`, and how the time grows.

The yardstick is what one would write first: `csv.reader` over the same file, looking at nothing. The file is parsed by
header name, checked against its totals, brought into PostgreSQL by COPY and held against as many rows of the book.
"""

import csv
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import text

import migrations
from app import process
from app.kernel import crypto, db
from app.reconciliation import usecases
from app.reconciliation.domain.wechat_bills import trade_bill
from app.reconciliation.jobs.fetching import take_in
from sandbox.wechat.pay.bill_rows import TRADE_COLUMNS, fee
from tests.servers import start_servers
from tests.settings import bank_secrets

SIZES = (100_000, 1_000_000)
MOST_MIB = 300
DAY = date(2026, 11, 22)
MERCHANT = "1900000001"
BOOK = """
INSERT INTO payment_transactions (transaction_id, out_trade_no, amount_fen, disposition, reason, paid_at, recorded_at)
SELECT '4200' || lpad(n::text, 24, '0'), 'DK' || lpad(n::text, 26, '0'), 100 + n % 900000, 'credited', 'matched', at, at
FROM generate_series(0, :last) AS n, LATERAL (SELECT TIMESTAMPTZ '2026-11-22 00:00:00+08'
    + (n % 86400) * INTERVAL '1 second' AS at) AS moment"""


def lines(count: int) -> Iterator[str]:
    """The trade bill of a day, made as it is written."""
    yield ",".join(TRADE_COLUMNS) + "\r\n"
    names = {name: place for place, name in enumerate(TRADE_COLUMNS)}
    values = dict.fromkeys(TRADE_COLUMNS, "") | {"商户号": MERCHANT, "交易状态": "SUCCESS", "申请退款金额": "0.00"}
    values |= {"微信退款单号": "0", "商户退款单号": "0", "费率": "0.60%", "商品名称": "还款,第1期"}
    values |= {"用户标识": "o" * 28}
    fees = {fen: fee(fen) for fen in range(100, 900_100)}
    paid = charged = 0
    row = [values[name] for name in names]
    for n in range(count):
        fen = 100 + n % 900_000
        second = n % 86_400
        row[names["交易时间"]] = f"2026-11-22 {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
        row[names["微信订单号"]], row[names["商户订单号"]] = f"4200{n:024d}", f"DK{n:026d}"
        row[names["订单金额"]] = row[names["应结订单金额"]] = f"{fen // 100}.{fen % 100:02d}"
        row[names["手续费"]] = fees[fen]
        paid += fen
        charged += int(fees[fen].replace(".", ""))
        yield "`" + ",`".join(row) + "\r\n"
    yield "总交易单数,订单总金额,申请退款总金额,手续费总金额\r\n"
    yield f"`{count},`{paid // 100}.{paid % 100:02d},`0.00,`{charged // 100000}.{charged % 100000:05d}\r\n"


def measured(path: Path, count: int) -> dict[str, float]:
    """Seconds of each step for a file of `count` rows; the whole is 'reconciled'."""
    started = time.perf_counter()
    with path.open(newline="", encoding="utf-8") as file:
        assert sum(1 for _ in csv.reader(file)) == count + 3
    bare = time.perf_counter() - started
    started = time.perf_counter()
    with path.open("rb") as file:
        assert sum(1 for _ in trade_bill(file)) == count
    parsed = time.perf_counter() - started
    started = time.perf_counter()
    with path.open("rb") as file:
        assert take_in("wechat_trade", DAY, str(count), trade_bill(file)) == count
    loaded = time.perf_counter() - started
    with db.transaction() as session:
        status = usecases.compare_day(session, channel="wechat_trade", day=DAY, merchant=MERCHANT)
        assert status == "explained", session.execute(text("SELECT kind, key FROM bill_differences LIMIT 3")).all()
    whole = time.perf_counter() - started
    return {"bare csv": bare, "parsed": parsed, "brought in": loaded, "compared": whole - loaded, "reconciled": whole}


def run(database_url: str, path: Path, count: int) -> None:
    """One size; prints its figures. A process of its own, so that its memory is its own."""
    crypto.use(bank_secrets())
    process.import_modules("models")
    db.connect(database_url, pool_size=1)
    seconds = measured(path, count)
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    steps = ", ".join(f"{name} {value:.1f} s" for name, value in seconds.items())
    ratio = seconds["parsed"] / seconds["bare csv"]
    print(f"{count:>9,} rows: {steps}")
    print(f"           {count / seconds['reconciled']:,.0f} rows/s; parsing ÷ bare csv {ratio:.1f}; peak {mib:.0f} MiB")
    if mib >= MOST_MIB:
        sys.exit(f"{mib:.0f} MiB: the limit is {MOST_MIB}")


def make(path: Path, count: int) -> None:
    """The file of a size."""
    with path.open("w", newline="", encoding="utf-8") as file:
        file.writelines(lines(count))


def main(sizes: tuple[int, ...]) -> None:
    """Every size on a PostgreSQL of its own."""
    servers = start_servers()
    try:
        servers.make_template(migrations.migrate)
        for count in sizes:
            url, owner_url = servers.copy_database(f"bench_{count}")
            with db.make_engine(owner_url).begin() as owner:
                owner.execute(text("SET statement_timeout = 0"))
                owner.execute(text(BOOK), {"last": count - 1})
            with tempfile.TemporaryDirectory() as folder:
                path = str(Path(folder) / "bill.csv")
                subprocess.run([sys.executable, __file__, "make", path, str(count)], check=True)
                subprocess.run([sys.executable, __file__, "run", url, path, str(count)], check=True)
    finally:
        servers.stop()


if __name__ == "__main__":
    given = sys.argv[1:]
    if given[:1] == ["make"]:
        make(Path(given[1]), int(given[2]))
    elif given[:1] == ["run"]:
        run(given[1], Path(given[2]), int(given[3]))
    else:
        main(tuple(int(size) for size in given) or SIZES)
