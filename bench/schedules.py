"""Schedules per second on one core against the fastest Python peer, in one run with interleaved rounds.

The peer works in floats and yields number, amount, interest, principal and balance. Ours is timed in four forms:
`columns` (one checked call a loan: principal and interest of each period, exact fen), `rows` (named rows with due days
and balances as well), `book` (all loans in one call: principal, interest, payment and balance as columns), and `lists`
(the same, turned into lists of Python integers). Every schedule timed is first compared with a Decimal oracle.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from importlib.metadata import version

import numpy as np
from amortization import amortization_schedule

from app.engine.projection import project
from app.engine.schedules import schedule
from app.engine.terms import Method, Terms

LOANS = 1000
ROUNDS = 41
GOAL = 5.0
RATE_SCALE = 10_000


def loans(instalments: int) -> list[Terms]:
    """Different principals under the forty rates of a bank's price list."""
    draw = random.Random(20260105)
    rates = [Decimal(bp) / 10_000 for bp in range(300, 700, 10)]
    return [
        Terms(
            principal_fen=draw.randrange(1_000_000, 100_000_000),
            annual_rate=draw.choice(rates),
            method=Method.EQUAL_INSTALMENT,
            instalments=instalments,
            start_on=date(2026, 1, draw.randrange(1, 29)),
        )
        for _ in range(LOANS)
    ]


def oracle(terms: Terms) -> list[tuple[int, int]]:
    """Principal and interest by the textbook in 60-digit decimals, rounded half up once an item."""
    with localcontext() as context:
        context.prec = 60
        monthly, balance = terms.annual_rate / 12, Decimal(terms.principal_fen)
        growth = (1 + monthly) ** terms.instalments
        amount = (balance * monthly * growth / (growth - 1)).quantize(Decimal(1), ROUND_HALF_UP)
        rows = []
        for number in range(1, terms.instalments + 1):
            # dividing last keeps an exact half a half
            interest = (balance * terms.annual_rate / 12).quantize(Decimal(1), ROUND_HALF_UP)
            principal = balance if number == terms.instalments else amount - interest
            balance -= principal
            rows.append((int(principal), int(interest)))
    return rows


def peer(book: list[tuple[float, float, int]]) -> None:
    """The peer's rows for every loan."""
    for principal, rate, instalments in book:
        list(amortization_schedule(principal, rate, instalments))


def columns(book: list[Terms]) -> None:
    """Our principal and interest columns for every loan."""
    for terms in book:
        schedule(terms)


def rows(book: list[Terms]) -> None:
    """Our named rows, with due days and balances, for every loan."""
    for terms in book:
        _ = schedule(terms).instalments


def book(principals: list[int], rates: list[int], instalments: int) -> tuple[np.ndarray, ...]:
    """Our columns for all loans in one call."""
    result = project(np.array(principals), np.array(rates), RATE_SCALE, instalments)
    return result.principal_fen, result.interest_fen, result.payment_fen, result.balance_fen


def lists(principals: list[int], rates: list[int], instalments: int) -> list[list[list[int]]]:
    """The same as Python integers, loan by loan."""
    return [column.T.tolist() for column in book(principals, rates, instalments)]


def timed(run: Callable[[], object]) -> float:
    """Seconds of processor time for one run."""
    started = time.process_time()
    run()
    return time.process_time() - started


def spread(values: list[float]) -> str:
    """Median with the range that holds the middle eight tenths."""
    tenths = statistics.quantiles(values, n=10)
    return f"{statistics.median(values):8.2f}  ({tenths[0]:.2f} to {tenths[-1]:.2f})"


def measure(instalments: int) -> dict[str, list[float]]:
    """Peer's time over ours, round by round."""
    ours = loans(instalments)
    for terms in ours:
        plan = schedule(terms)
        if list(zip(plan.principals_fen, plan.interests_fen, strict=True)) != oracle(terms):
            sys.exit("a schedule differs from the oracle")
    theirs = [(terms.principal_fen / 100, float(terms.annual_rate), instalments) for terms in ours]
    principals = [terms.principal_fen for terms in ours]
    rates = [int(terms.annual_rate * RATE_SCALE) for terms in ours]
    together = lists(principals, rates, instalments)
    if [list(zip(*both, strict=True)) for both in zip(*together[:2], strict=True)] != [oracle(terms) for terms in ours]:
        sys.exit("a projected schedule differs from the oracle")
    forms: dict[str, Callable[[], object]] = {
        "columns": lambda: columns(ours),
        "rows": lambda: rows(ours),
        "book": lambda: book(principals, rates, instalments),
        "lists": lambda: lists(principals, rates, instalments),
    }
    ratios: dict[str, list[float]] = {name: [] for name in forms}
    for _ in range(ROUNDS):
        yardstick = timed(lambda: peer(theirs))
        for name, form in forms.items():
            ratios[name].append(yardstick / timed(form))
    return ratios


def main() -> None:
    """Print the ratios."""
    print(f"schedules, one core, against amortization {version('amortization')}; times the peer's speed, goal {GOAL}")
    for instalments in (12, 36):
        for name, ratios in measure(instalments).items():
            print(f"{instalments:4} instalments  {name:8} {spread(ratios)}")


if __name__ == "__main__":
    main()
