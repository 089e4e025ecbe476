"""Projecting a portfolio month by month, against bare numpy doing the same recurrence without exactness.

The yardstick is what one would write first: float64 arrays, interest rounded with rint, no bounds, no exact instalment.
Both run in the same process, in turns; a sample of the portfolio is compared with the scalar engine to the fen.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import numpy as np

from app.engine.projection import project
from app.engine.schedules import schedule
from app.engine.terms import Method, Terms

LOANS = 1_000_000
INSTALMENTS = 12
ROUNDS = 7
GOAL = 3.0
SCALE = 10_000


def bare(principal: np.ndarray, rate: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same columns by plain float arithmetic."""
    monthly = rate / SCALE / 12
    growth = (1 + monthly) ** INSTALMENTS
    balance = principal.astype(np.float64)
    amount = np.rint(balance * monthly * growth / (growth - 1))
    principals = np.empty((INSTALMENTS, len(principal)))
    interests = np.empty((INSTALMENTS, len(principal)))
    for row in range(INSTALMENTS):
        interest = np.rint(balance * monthly)
        part = amount - interest if row < INSTALMENTS - 1 else balance
        principals[row], interests[row] = part, interest
        balance = balance - part
    return principals, interests


def timed(run: Callable[[], object]) -> float:
    """Seconds of processor time for one run."""
    started = time.process_time()
    run()
    return time.process_time() - started


def verify(principal: np.ndarray, rate: np.ndarray) -> None:
    """Compare a sample with the scalar engine."""
    result = project(principal, rate, SCALE, INSTALMENTS)
    for place in random.Random(1).sample(range(LOANS), 2000):
        plan = schedule(
            Terms(
                int(principal[place]),
                Decimal(int(rate[place])) / SCALE,
                Method.EQUAL_INSTALMENT,
                INSTALMENTS,
                date(2026, 1, 15),
            )
        )
        same = result.principal_fen[:, place].tolist() == list(plan.principals_fen)
        if not same or result.interest_fen[:, place].tolist() != list(plan.interests_fen):
            sys.exit("a projected loan differs from its schedule")


def main() -> None:
    """Print our time over the yardstick's."""
    draw = np.random.default_rng(20260105)
    principal = draw.integers(1_000_000, 100_000_000, LOANS)
    rate = draw.choice(np.arange(300, 700, 5), LOANS)
    verify(principal, rate)
    ratios, seconds = [], []
    for _ in range(ROUNDS):
        yardstick = timed(lambda: bare(principal, rate))
        ours = timed(lambda: project(principal, rate, SCALE, INSTALMENTS))
        ratios.append(ours / yardstick)
        seconds.append(ours)
    print(
        f"{LOANS} loans x {INSTALMENTS} instalments: {statistics.median(ratios):.2f} times bare numpy "
        f"({min(ratios):.2f} to {max(ratios):.2f}, goal at most {GOAL}), {statistics.median(seconds):.2f} s"
    )


if __name__ == "__main__":
    main()
