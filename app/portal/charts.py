"""Charts as plain numbers for SVG: what a page draws and lists in the table behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.kernel import clock

DAYS = 14
HEIGHT, STEP = 96, 24
CODES = 12  # of errors in one chart
STAGES = ("offered", "applying", "financed", "failed", "cancelled")


@dataclass(frozen=True)
class DayBar:
    """One day: how many succeeded and failed, and where its two parts stand in a drawing of HEIGHT."""

    on: date
    good: int
    bad: int
    x: int
    good_height: int
    bad_height: int


@dataclass(frozen=True)
class Stage:
    """How many orders stand at a status; `width` in hundredths of the widest."""

    name: str
    count: int
    width: int


def days() -> list[date]:
    """The last two weeks in China, oldest first."""
    first = clock.today() - timedelta(days=DAYS - 1)
    return [first + timedelta(days=number) for number in range(DAYS)]


def by_day(counts: Mapping[date, tuple[int, int]]) -> list[DayBar]:
    """The last two weeks in China, oldest first, days without anything too."""
    shown = days()
    most = max([sum(counts.get(on, (0, 0))) for on in shown] + [1])
    bars = []
    for number, on in enumerate(shown):
        good, bad = counts.get(on, (0, 0))
        bars.append(DayBar(on, good, bad, number * STEP, _share(good, most, HEIGHT), _share(bad, most, HEIGHT)))
    return bars


def stages(counts: Mapping[str, int]) -> list[Stage]:
    """Orders by status, in the order of their way."""
    most = max([*counts.values(), 1])
    return [Stage(name, counts.get(name, 0), _share(counts.get(name, 0), most, 100)) for name in STAGES]


def codes(found: Iterable[str]) -> list[Stage]:
    """How often each code was answered, the most frequent first; at most CODES of them."""
    counted = Counter(code for code in found if code).most_common(CODES)
    most = max([count for _, count in counted] + [1])
    return [Stage(name, count, _share(count, most, 100)) for name, count in counted]


def _share(count: int, most: int, whole: int) -> int:
    """At least one where there is anything, so that it can be seen."""
    return max(1, count * whole // most) if count else 0
