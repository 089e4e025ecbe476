"""The rate at which what was received equals what is paid: IRR and XIRR, by Newton's method inside a bracket.

Rates are not money: they are solved in floating point to about 14 digits and handed on as Decimal of ten places.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from math import exp, expm1

from .errors import CostError

MAX_RATE = 1e6
PLACES = Decimal("0.0000000001")

Flow = tuple[float, float]
"""A time in periods (or years) and an amount; received and paid have opposite signs."""


def irr(amounts: Sequence[float]) -> Decimal:
    """Rate a period at which the amounts, one a period from now on, are worth nothing together.

    Σ c_k ÷ (1+i)^k = 0. Raises `cost.rate_undefined` unless the sign changes exactly once, `cost.rate_out_of_range`.
    """
    return as_decimal(solve(list(enumerate(amounts))))


def xirr(flows: Iterable[tuple[date, float]]) -> Decimal:
    """Yearly rate at which dated amounts are worth nothing together: Σ c_k ÷ (1+x)^(days ÷ 365) = 0.

    Days count from the earliest date, over 365 in every year. Raises as `irr`.
    """
    dated = sorted(flows, key=lambda flow: flow[0])
    if not dated:
        raise CostError("rate_undefined", "there is nothing to compare")
    first = dated[0][0].toordinal()
    return as_decimal(solve([((day.toordinal() - first) / 365, amount) for day, amount in dated]))


def as_decimal(rate: float) -> Decimal:
    """The rate as a Decimal of ten places. Raises `cost.rate_out_of_range` above 100,000,000 %."""
    if not -1 < rate <= MAX_RATE:
        raise CostError("rate_out_of_range", "the yearly cost is too large to be stated")
    return Decimal(rate).quantize(PLACES) + 0  # never minus zero


def solve(flows: Sequence[Flow]) -> float:
    """Rate per unit of time for flows in ascending order of time.

    With u = ln(1+i) the value is g(u) = Σ c·e^(−u·t), which has a single root if the sign changes once. Solving for u
    keeps small rates exact. Raises `cost.rate_undefined`, `cost.rate_out_of_range`.
    """
    signed = _first_negative([flow for flow in flows if flow[1]])
    low, high = _bracket(signed)
    guess = low
    for _ in range(200):
        value, slope = _value_and_slope(signed, guess)
        if value > 0:
            low = guess
        elif value < 0:
            high = guess
        else:
            break
        following = guess - value / slope if slope else high
        if not low <= following <= high:
            following = (low + high) / 2
        if abs(following - guess) <= 1e-16 + 1e-15 * abs(guess):
            break
        guess = following
    return expm1(guess)


def _first_negative(flows: list[Flow]) -> list[Flow]:
    """The same flows with the sign that makes the first negative, so that the value falls where it crosses zero."""
    changes = sum((before[1] < 0) != (after[1] < 0) for before, after in pairwise(flows))
    if changes != 1:
        raise CostError("rate_undefined", "amounts received and paid do not determine one rate")
    return flows if flows[0][1] < 0 else [(time, -amount) for time, amount in flows]


def _bracket(flows: list[Flow]) -> tuple[float, float]:
    """Two values of u between which the root lies."""
    start, step = 0.0, 1 / flows[-1][0]
    try:
        falling = _value_and_slope(flows, start)[0] > 0
        if not falling:
            step = -step
        while (_value_and_slope(flows, start + step)[0] > 0) is falling:
            start, step = start + step, 2 * step
    except OverflowError:
        raise CostError("rate_out_of_range", "the yearly cost is too large to be stated") from None
    return (start, start + step) if falling else (start + step, start)


def _value_and_slope(flows: list[Flow], u: float) -> tuple[float, float]:
    value = slope = 0.0
    for time, amount in flows:
        worth = amount * exp(-u * time)
        value += worth
        slope -= time * worth
    return value, slope
