"""The end of day against bare accrual on the same rows, in one run with interleaved rounds; and posting to the book.

The product's end of day does accrual, ends of periods, lateness, penalty, classes, history, events, the general ledger
and the digest, in leased chunks with a checkpoint each. The yardstick (`end_of_day_yardstick.sql`) only updates each
loan and adds up. Both run on databases with the same rows on the same server, in turns, each in a process of its own.
`--sizes 10000 100000 1000000` chooses other sizes than the first two.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import create_engine, text

import migrations
from tests.factories.loan_book import draw_loans, fill
from tests.servers import TestServers, start_servers

DAY = date(2026, 10, 20)
ROUNDS = 5
DRAWN = 100_000  # loans drawn up by the engine; of a larger book the others are their copies under further numbers
CHUNK, BARE_CHUNK = 5_000, 20_000
GOALS = {"ratio": 0.15, "growth": 0.8, "rss_mib": 150.0, "age": 1.2, "hot": 0.7}
YARDSTICK = Path(__file__).parent / "end_of_day_yardstick.sql"
TABLE = "CREATE TABLE yardstick_sums (day date, product_code varchar(32), amount_fen numeric)"


def product(url: str, day: date) -> tuple[float, float]:
    """Seconds for closing one day, the day before as warm-up, and the process's greatest memory in MiB."""
    from app.kernel import clock, db
    from app.loans.jobs.end_of_day import Run, close_through

    _quiet()
    db.connect(url)
    for today in (day - timedelta(days=1), day):
        clock.use(lambda today=today: datetime(today.year, today.month, today.day, 16, 30, tzinfo=UTC))
        started = time.perf_counter()
        assert close_through(today, Run(chunk=CHUNK)) in ([today], [])
    return time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bare(url: str, day: date) -> tuple[float, float]:
    """Seconds for one day by the yardstick, one transaction a range; the day before as warm-up."""
    engine = create_engine(url)
    ranges = (
        "SELECT (array_agg(id ORDER BY id))[1] AS first_id, (array_agg(id ORDER BY id DESC))[1] AS last_id FROM"
        f" (SELECT id, (row_number() OVER (ORDER BY id) - 1) / {BARE_CHUNK} AS n FROM loans) x GROUP BY n"
    )
    statement = text(YARDSTICK.read_text())
    for today in (day - timedelta(days=1), day):
        started = time.perf_counter()
        with engine.connect() as connection:
            for row in connection.execute(text(ranges)).all():
                connection.execute(statement, {"day": today, **row._mapping})
                connection.commit()
    return time.perf_counter() - started, 0.0


def _quiet() -> None:
    import logging

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def apart(run: Callable[..., Any], *arguments: Any) -> Any:
    """In a fresh process, so that memory is its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(run, arguments)


def url_of(address: str) -> str:
    return address.replace("postgresql://", "postgresql+psycopg://")


def books(servers: TestServers, size: int, **how: Any) -> tuple[str, str]:
    """Two databases with the same loans, brought through one day already, as the application's addresses."""
    name = f"book_{size}_{how.get('age', ('x',))[0]}"
    ours, owner = servers.copy_database(name)
    drawn = min(size, DRAWN)
    fill(owner, draw_loans(drawn, day=DAY, seed=1, **how), day=DAY, copies=size // drawn)
    with psycopg.connect(owner) as connection:
        connection.execute(TABLE)
    apart(product, url_of(ours), DAY)  # the day before has no journal and closes nothing
    twin = f"{name}_bare"
    with psycopg.connect(servers.cluster.conninfo(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(twin), sql.Identifier(name)))
    return url_of(ours), url_of(ours).replace(f"/{name}?", f"/{twin}?")


def compared(servers: TestServers, size: int) -> tuple[list[float], list[float], float]:
    """Loans a second of product and yardstick in each round, and the product's greatest memory."""
    ours, theirs = books(servers, size)
    rates: tuple[list[float], list[float]] = ([], [])
    memory = 0.0
    for number in range(1, (ROUNDS if size <= DRAWN else 3) + 1):
        day = DAY + timedelta(days=2 * number)
        for rate, run, address in ((rates[0], product, ours), (rates[1], bare, theirs)):
            seconds, rss = apart(run, address, day)
            rate.append(size / seconds)
            memory = max(memory, rss)
    return *rates, memory


def aged(servers: TestServers, size: int) -> list[float]:
    """Time of a day for loans in their last month of 24 ÷ time for loans in their first, all paying on time, by round.

    The dates on which they began are spread over a month in both, so that as many are due on each day.
    """
    old, young = (books(servers, size, age=age, late_share=0.0)[0] for age in ((690, 719), (1, 30)))
    days = [DAY + timedelta(days=2 * number) for number in range(1, ROUNDS + 1)]
    return [apart(product, old, day)[0] / apart(product, young, day)[0] for day in days]


def posting(servers: TestServers, accounts: int, threads: int = 8, seconds: float = 3.0) -> float:
    """Journals a second when `threads` post between so many accounts at once, each in a transaction of its own."""
    ours, owner = servers.copy_database(f"posting_{accounts}_{uuid4().hex[:6]}")
    with psycopg.connect(owner) as connection:
        connection.execute(
            "INSERT INTO ledger_accounts SELECT 'a' || g, 'a', 'a', 'asset' FROM generate_series(1, %s) g", [accounts]
        )
    until, counts = time.perf_counter() + seconds, [0] * threads

    def work(place: int) -> None:
        draw = Random(place)
        with psycopg.connect(ours, autocommit=True) as connection:
            while time.perf_counter() < until:
                pair = [f"a{n}" for n in draw.sample(range(1, accounts + 1), 2)]
                connection.execute(
                    "SELECT post_journal(%s, %s, 'x', %s, 'p', NULL, %s, %s, %s, ARRAY[100, -100]::bigint[])",
                    [uuid4(), str(uuid4()), uuid4(), DAY, datetime.now(UTC), pair],
                )
                counts[place] += 1

    workers = [threading.Thread(target=work, args=(place,)) for place in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(counts) / seconds


def spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):,.0f} ({min(values):,.0f}–{max(values):,.0f})"


def verdict(name: str, value: float, goal: str, met: bool) -> bool:
    print(f"  {name}: {value:.2f} (goal {goal}) {'met' if met else 'MISSED'}")
    return met


def main() -> int:
    """Print every figure; exit code 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    sizes = parser.parse_args().sizes
    servers = start_servers()
    try:
        servers.make_template(migrations.migrate)
        results = [_one(servers, size) for size in sizes]
        met = [good for good, _ in results]
        for (_, small), (_, large), size in zip(results, results[1:], sizes[1:], strict=False):
            met.append(verdict(f"loans/s at {size:,} ÷ the size before", large / small, "≥ 0.80", large >= 0.8 * small))
        age = statistics.median(aged(servers, 20_000))
        met.append(verdict("day 700 of a loan's life ÷ day 1", age, "≤ 1.20", age <= GOALS["age"]))
        hot = statistics.median(posting(servers, 2) / posting(servers, 1_000) for _ in range(3))
        met.append(verdict("posting between 2 accounts ÷ between 1,000", hot, "≥ 0.70", hot >= GOALS["hot"]))
    finally:
        servers.stop()
    return 0 if all(met) else 1


def _one(servers: TestServers, size: int) -> tuple[bool, float]:
    ours, theirs, memory = compared(servers, size)
    print(f"{size:,} loans: product {spread(ours)} loans/s, yardstick {spread(theirs)} loans/s")
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    ratio = statistics.median(ratios)
    print(f"  ratio by round: {', '.join(f'{one:.2f}' for one in ratios)}")
    good = verdict("product ÷ yardstick", ratio, "≥ 0.15", ratio >= GOALS["ratio"])
    small = verdict("memory in MiB", memory, "≤ 150", memory <= GOALS["rss_mib"])
    return good and small, statistics.median(ours)


if __name__ == "__main__":
    sys.exit(main())
