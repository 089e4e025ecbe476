"""Notices of WeChat Pay: the product beside a bare complete program; copies beside new ones; p99 at 100 a second.

Both run under gunicorn with config/gunicorn.py (2 workers, 8 threads) as processes of their own on one PostgreSQL whose
commits wait for the disk, take notices signed beforehand with the platform's key, and are asked in turns. The product
counts its callers as in production, only with a limit that is never reached. No worker runs: jobs wait.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

import migrations
from bench.callbacks_yardstick import TABLES
from bench.loopback import closed_loop, open_loop, percentile, request_bytes
from launcher.processes import ends_with_us
from tests.attacks.forged import PATH, Forger, Order
from tests.drills.redis_faults import REDIS_FAULTS
from tests.sandbox_process import ROOT, free_port
from tests.servers import DURABLE, TestServers, start_servers
from tests.stack import Stack

ROUNDS, CONNECTIONS = 7, 16
GOALS = {"ratio": 0.6, "p99_ms": 100.0, "fault_p99_ms": 500.0}
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
ORDERS = """
INSERT INTO payment_orders (id, purpose, reference_id, customer_id, out_trade_no, appid, pay_by, description,
    amount_fen, status, expires_at, created_at)
SELECT gen_random_uuid(), 'loan_repayment', gen_random_uuid(), gen_random_uuid(), 'B' || lpad(n::text, 27, '0'),
    %(appid)s, 'native', 'bench', 110852, 'prepaid', now() + interval '1 hour', now()
FROM generate_series(%(first)s::integer, %(last)s::integer) AS n
"""


class Notices:
    """New notices of new orders, as bytes to be sent."""

    def __init__(self, stack: Stack, appid: str) -> None:
        self.stack, self.appid, self.made, self.forger = stack, appid, 0, Forger(stack)

    def draw(self, count: int) -> list[bytes]:
        first, self.made = self.made, self.made + count
        with psycopg.connect(self.stack.owner_url) as db:
            db.execute(ORDERS, {"appid": self.appid, "first": first, "last": self.made - 1})
        return [self._sent(Order(f"B{n:027d}", self.appid, 110_852, "o" + "p" * 27)) for n in range(first, self.made)]

    def _sent(self, order: Order) -> bytes:
        body = self.forger.envelope(self.forger.paid(order))
        return request_bytes("POST", PATH, self.forger.signed(body), body)


def start_yardstick(stack: Stack, folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """The bare program under the same gunicorn settings, on the product's database; answers it and its port."""
    with psycopg.connect(stack.owner_url) as db:
        db.execute(TABLES)  # type: ignore[call-overload]
    keys = folder / "yardstick.json"
    keys.write_text(json.dumps(stack.sandbox.world["wechat_pay"]))
    port = free_port()
    env = {**os.environ, "KEYS_FILE": str(keys), "DUKOU_PORT": str(port), "DATABASE_URL": stack.database_url}
    log = (folder / "yardstick.log").open("wb")
    command = [sys.executable, "-m", "gunicorn", "bench.callbacks_yardstick:app", "-c", "config/gunicorn.py"]
    started = subprocess.Popen(ends_with_us(command, "TERM"), cwd=ROOT, env=env, stdout=log, stderr=log)
    stack.until(lambda: b"Listening" in (folder / "yardstick.log").read_bytes(), "the yardstick listens")
    time.sleep(1)
    return started, port


def compared(notices: Notices, ports: tuple[int, int], count: int) -> tuple[list[float], list[float]]:
    """Notices a second of product and yardstick, by round; the first round of each warms up and does not count."""
    rates: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS + 1):
        for place in (0, 1) if number % 2 else (1, 0):
            rate = closed_loop(ports[place], notices.draw(count), connections=CONNECTIONS, expect=204)
            if number:
                rates[place].append(rate)
    return rates


def work_ms(stack: Stack, servers: TestServers) -> float:
    """CPU that web and database have used so far, in milliseconds, by /proc: their processes and all children."""
    parents: dict[int, int] = {}
    used: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(") ")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(folder.name)] = int(fields[1])
        used[int(folder.name)] = int(fields[11]) + int(fields[12])
    postmaster = (servers.cluster.data_folder / "postmaster.pid").read_text().split()[0]
    roots = {stack.processes["web"].pid, int(postmaster)}

    def ours(pid: int) -> bool:
        while pid and pid not in roots:
            pid = parents.get(pid, 0)
        return pid in roots

    return sum(ticks for pid, ticks in used.items() if ours(pid)) * 1000 / TICKS_A_SECOND


def copies(notices: Notices, servers: TestServers, count: int) -> list[tuple[float, float, float]]:
    """CPU of a new notice, of its copy, and of a request that is refused at the door: what every answer costs."""
    stack, found = notices.stack, []
    nothing = request_bytes("POST", PATH, {"Content-Encoding": "gzip"}, b"x")
    for _ in range(3):
        sent, costs = notices.draw(count), []
        for requests, expect in ((sent, 204), (sent, 204), ([nothing] * count, 415)):
            before = work_ms(stack, servers)
            closed_loop(stack.port, requests, connections=CONNECTIONS, expect=expect)
            costs.append((work_ms(stack, servers) - before) / count)
        found.append((costs[0], costs[1], costs[2]))
    return found


def under_faults(notices: Notices, servers: TestServers, seconds: int) -> dict[str, float]:
    """The 99th percentile in milliseconds at 50 a second under each fault of Redis."""
    found = {}
    for name, begin in REDIS_FAULTS.items():
        sent = notices.draw(seconds * 50)
        with begin(servers.valkey):
            taken = open_loop(notices.stack.port, sent, per_second=50, connections=64, expect=204)
        found[name] = percentile(taken, 0.99)
    return found


def spread(values: Sequence[float], digits: int = 0) -> str:
    return f"{statistics.median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def main() -> int:
    """Print every figure; exit code 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, default=400, help="in each round, for each program")
    parser.add_argument("--seconds", type=int, default=10, help="of the open loop at 100 a second, three times")
    chosen = parser.parse_args()
    servers = start_servers(settings=DURABLE)
    try:
        servers.make_template(migrations.migrate)
        with tempfile.TemporaryDirectory() as folder:
            return _in(Path(folder), servers, chosen)
    finally:
        servers.stop()


def _in(folder: Path, servers: TestServers, chosen: Any) -> int:
    bank = Stack(folder, servers, servers.copy_database("callbacks"))
    bank.extra["DUKOU_LIMIT_CALLBACKS"] = "1000000/minute"  # it is measured what could be taken
    with bank as stack:
        stack.kill("worker")
        appid = json.loads((folder / "channels.json").read_text())["wechat_login"]["mini"]["appid"]
        notices = Notices(stack, appid)
        bare, port = start_yardstick(stack, folder)
        try:
            ours, theirs = compared(notices, (stack.port, port), chosen.notices)
            tails = [_p99(notices, stack.port, chosen.seconds * 100) for _ in range(3)]
            costs = copies(notices, servers, chosen.notices)
            faults = under_faults(notices, servers, chosen.seconds)
        finally:
            bare.terminate()
            bare.wait(20)
        booked = stack.query("SELECT count(*) FROM payment_transactions WHERE disposition = 'credited'")[0][0]
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    print(f"notices/s: product {spread(ours)}, yardstick {spread(theirs)}; booked: {booked}")
    good = statistics.median(ratios) >= GOALS["ratio"]
    print(f"  product ÷ yardstick: {spread(ratios, 2)} (goal ≥ 0.60) {'met' if good else 'MISSED'}")
    fast = statistics.median(tails) < GOALS["p99_ms"]
    print(f"  p99 at 100/s in ms: {spread(tails, 1)} (goal < 100) {'met' if fast else 'MISSED'}")
    new, copy, door = (statistics.median(one) for one in zip(*costs, strict=True))
    print(f"  CPU of web and database: new {new:.2f} ms, copy {copy:.2f} ms, refused unread {door:.2f} ms")
    print(f"  copy ÷ new: {copy / new:.2f}; beyond what every answer costs: {(copy - door) / (new - door):.2f}")
    slow = max(faults.values())
    print("  p99 at 50/s in ms: " + ", ".join(f"{name} {ms:.0f}" for name, ms in faults.items()))
    steady = slow < GOALS["fault_p99_ms"]
    print(f"  the slowest of them: {slow:.0f} (goal < 500) {'met' if steady else 'MISSED'}")
    return 0 if good and fast and steady else 1


def _p99(notices: Notices, port: int, count: int) -> float:
    sent = notices.draw(count)
    return percentile(open_loop(port, sent, per_second=100, connections=64, expect=204), 0.99)


if __name__ == "__main__":
    sys.exit(main())
