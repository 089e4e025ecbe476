"""Loans whose rate follows the LPR: what is kept of it on the loan, and the rate of a repricing day; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.engine.repricing import Floating, contract_rate
from app.kernel.clock import day_begins

REASON = "按合同约定随 LPR 重新定价"
SYSTEM = "system"


@dataclass(frozen=True)
class Benchmark:
    """A benchmark's rate as it was published on a day."""

    name: str
    rate: Decimal
    published_on: date


def floating(repricing: Mapping[str, Any], start_on: date) -> dict[str, Any]:
    """The columns of a new loan, by what its contract says; nothing for a fixed rate."""
    if not repricing:
        return {}
    known = Floating.read(repricing)
    kept = {"benchmark": known.benchmark, "spread_bps": known.spread_bps, "on": str(known.on)}
    return {"repricing": kept, "reprices_on": known.next_day(start_on, start_on)}


def another_spread(repricing: Mapping[str, Any], change: Decimal) -> dict[str, Any]:
    """Both sides agreed on another rate: from now on that much more or less than the benchmark, in whole basis points
    (a part of one is the benchmark's to round)."""
    return {**repricing, "spread_bps": repricing["spread_bps"] + round(change * 10_000)}


def terms_of(
    repricing: Mapping[str, Any], found: Benchmark, *, day: date, cap: Decimal, fees_rate: Decimal
) -> dict[str, Any]:
    """The terms of a repricing: benchmark + spread, not below 0, and the yearly cost with fees not above the cap.

    `day` is the contract's repricing day, which may lie before the day on which the rate takes effect.
    """
    spread_bps, most = repricing["spread_bps"], cap - fees_rate
    rate = contract_rate(found.rate, spread_bps, ceiling=most)
    return {
        "annual_rate": str(rate.quantize(Decimal("0.000001"))),
        "benchmark": found.name,
        "benchmark_rate": str(found.rate),
        "published_on": found.published_on.isoformat(),
        "spread_bps": spread_bps,
        "repricing_day": day.isoformat(),
        "capped": found.rate + Decimal(spread_bps) / 10_000 > most,
    }


def next_after(repricing: Mapping[str, Any], start_on: date, day: date) -> date:
    """The repricing day that comes after a day."""
    return Floating.read(repricing).next_day(start_on, day)


def opens_at(day: date) -> datetime:
    """A repricing holds as its day opens, whenever it is booked: before all that happens on the day."""
    return day_begins(day)
