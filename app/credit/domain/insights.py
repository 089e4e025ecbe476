"""What many decisions look like together: steps of a funnel, a histogram of scores, and how far it has moved."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BIN_POINTS = 20
LEAST_FOR_PSI = 100  # decisions on either side: with fewer, chance alone moves the index
PSI_WATCH, PSI_ACT = 0.1, 0.25  # the usual rule of thumb of scorecard monitoring
SIGNED = ("effective", "drawn", "closed")


@dataclass(frozen=True)
class Bin:
    """How many decisions have a score from `from_score` on, below the next bin."""

    from_score: int
    approved: int
    declined: int


@dataclass(frozen=True)
class Funnel:
    """How many applications of a period have come how far, whatever became of them after."""

    submitted: int
    decided: int
    approved: int
    signed: int
    drawn: int


def funnel(rows: Iterable[tuple[str, str | None]]) -> Funnel:
    """From (status, verdict) of each application; no verdict: not decided."""
    counts: Counter[str] = Counter()
    for status, verdict in rows:
        counts["submitted"] += 1
        counts["decided"] += verdict is not None
        counts["approved"] += verdict == "approved"
        counts["signed"] += status in SIGNED
        counts["drawn"] += status == "drawn"
    return Funnel(*(counts[name] for name in ("submitted", "decided", "approved", "signed", "drawn")))


def histogram(scores: Iterable[tuple[int, bool]], cut_off: int) -> Sequence[Bin]:
    """Bins of 20 points over all scores and the cut-off, empty ones between them included; none without scores."""
    counts: Counter[tuple[int, bool]] = Counter((score // BIN_POINTS, approved) for score, approved in scores)
    places = [place for place, _ in counts]
    if not places:
        return []
    places.append(cut_off // BIN_POINTS)
    span = range(min(places) - 1, max(places) + 2)
    return [Bin(place * BIN_POINTS, counts[place, True], counts[place, False]) for place in span]


def stability_index(before: Sequence[int], lately: Sequence[int]) -> float | None:
    """The population stability index Σ (a − e) · ln(a ÷ e) of scores lately (a) against before (e); None for too few.

    Ten bins with the same number of earlier scores in each; half a score stands in an empty bin, so that none is
    divided by.
    """
    if min(len(before), len(lately)) < LEAST_FOR_PSI:
        return None
    ordered = sorted(before)
    edges = sorted({ordered[len(ordered) * part // 10] for part in range(1, 10)})
    shares = [_shares(scores, edges) for scores in (before, lately)]
    return math.fsum((a - e) * math.log(a / e) for e, a in zip(*shares, strict=True))


def _shares(scores: Sequence[int], edges: Sequence[int]) -> Sequence[float]:
    counts = [0.0] * (len(edges) + 1)
    for score in scores:
        counts[sum(score >= edge for edge in edges)] += 1
    filled = [count or 0.5 for count in counts]
    return [count / sum(filled) for count in filled]
