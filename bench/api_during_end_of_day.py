"""What customers notice of the end of day: answers at a steady rate while days of many loans are closed, and without.

The bank runs as processes of its own (gunicorn with config/gunicorn.py, sandbox; no worker meanwhile). One customer's
loan, its repayments and its pay-off quote are read open loop, in turns with nothing else going on and while
`app.cli end-of-day` closes days. The figures mean something on a machine that does nothing else: where its cores are
taken already, answers queue and the ratio says more about the others than about the end of day.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import migrations
from app.kernel import clock
from bench.loopback import open_loop, percentile, request_bytes
from launcher.processes import ends_with_us
from tests.factories.loan_book import draw_loans, fill
from tests.sandbox_process import ROOT
from tests.servers import TestServers, start_servers
from tests.stack import Stack
from tests.story import Story

PER_SECOND, SECONDS, ROUNDS = 30, 8, 3
GOAL = 2.0
OPEN_DAYS = 3  # in each round so many days are closed: they last longer than the load


def reads(story: Story) -> list[bytes]:
    """One turn of what a customer looks at, as bytes to be sent."""
    loan = f"/customer/v1/loans/{story.facts['loan_id']}"
    headers = {"Authorization": f"Bearer {story.token}"}
    return [request_bytes("GET", f"{loan}{path}", headers) for path in ("", "/repayments", "/payoff-quote")]


def load(stack: Stack, turn: list[bytes]) -> list[float]:
    """Seconds of each answer, open loop."""
    count = PER_SECOND * SECONDS
    sent = (turn * (count // len(turn) + 1))[:count]
    return open_loop(stack.port, sent, per_second=PER_SECOND, connections=32, expect=200)


def during(stack: Stack, turn: list[bytes], through: str) -> tuple[list[float], bool]:
    """The same while days are closed; and whether the closing was still going on at the end."""
    command = [sys.executable, "-m", "app.cli", "end-of-day", "--through", through]
    with (stack.folder / "end_of_day.log").open("ab") as log:
        closing = subprocess.Popen(ends_with_us(command, "TERM"), cwd=ROOT, env=stack.env, stdout=log, stderr=log)
    stack.until(lambda: _chunks(stack), "the first chunk is done")
    found = load(stack, turn)
    lasted = closing.poll() is None
    assert closing.wait() == 0, (stack.folder / "end_of_day.log").read_text()[-2000:]
    return found, lasted


def _chunks(stack: Stack) -> bool:
    query = "SELECT count(*) FROM end_of_day_chunks c JOIN business_days d USING (day) WHERE d.state = 'closing'"
    return bool(stack.query(f"{query} AND c.done_at IS NOT NULL")[0][0])


def main() -> int:
    """Print every figure; exit code 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loans", type=int, default=100_000)
    loans = parser.parse_args().loans
    servers = start_servers()
    try:
        servers.make_template(migrations.migrate)
        with tempfile.TemporaryDirectory() as folder:
            return _in(Path(folder), servers, loans)
    finally:
        servers.stop()


def _in(folder: Path, servers: TestServers, loans: int) -> int:
    ours, owner = servers.copy_database("api")
    today = clock.today()
    first = today - timedelta(days=OPEN_DAYS * ROUNDS)
    fill(owner, draw_loans(loans, day=first, seed=1), day=first)
    quiet, busy, lasted = [], [], True
    with Stack(folder, servers, (ours, owner)) as stack:
        story = Story(stack)
        story.until_active()
        stack.kill("worker")  # what it does with the night's events is not the end of day
        turn = reads(story)
        load(stack, turn)  # warm
        for number in range(1, ROUNDS + 1):
            quiet.append(load(stack, turn))
            through = first + timedelta(days=OPEN_DAYS * number - 1)
            found, long_enough = during(stack, turn, str(through))
            busy.append(found)
            lasted = lasted and long_enough
    return report(quiet, busy, lasted)


def report(quiet: list[list[float]], busy: list[list[float]], lasted: bool) -> int:
    ratios = []
    for number, (without, with_) in enumerate(zip(quiet, busy, strict=True), 1):
        figures = [percentile(each, share) for each in (without, with_) for share in (0.5, 0.99)]
        ratios.append(figures[3] / figures[1])
        print(f"round {number}, ms: quiet p50 {figures[0]:.1f} p99 {figures[1]:.1f},", end=" ")
        print(f"end of day p50 {figures[2]:.1f} p99 {figures[3]:.1f}, p99 ratio {ratios[-1]:.2f}")
    if not lasted:
        print("  the days were closed before the load ended: take more loans")
    ratio = statistics.median(ratios)
    print(f"  p99 during the end of day ÷ quiet: {ratio:.2f} (goal ≤ 2.00) {'met' if ratio <= GOAL else 'MISSED'}")
    return 0 if ratio <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
