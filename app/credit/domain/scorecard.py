"""The scorecard: points for the bin of each characteristic, scaled so that they add up; the weakest are the reasons.

points of a bin = factor × (WOE + ln(odds of the book) ÷ n) + offset ÷ n, where factor = PDO ÷ ln 2 and
offset = base points − factor × ln(base odds): the usual scaling of a logistic scorecard.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.credit.domain.features import Feature, Features, Value
from app.credit.domain.reasons import Reason, Wording, reason

TOP_REASONS = 4


@dataclass(frozen=True)
class Bin:
    """Values below `below`, or among `among`, or (with neither) all the rest."""

    woe: Decimal
    points: int
    below: int | None = None
    among: tuple[str, ...] | None = None

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Bin:
        among = raw.get("among")
        return cls(Decimal(raw["woe"]), raw["points"], raw.get("below"), tuple(among) if among else None)

    def holds(self, value: Value) -> bool:
        if self.among is not None:
            return value in self.among
        return self.below is None or (isinstance(value, int) and value < self.below)

    @property
    def name(self) -> str:
        if self.among is not None:
            return ",".join(self.among)
        return "rest" if self.below is None else f"<{self.below}"


@dataclass(frozen=True)
class Characteristic:
    """One line of the scorecard; a missing value has a bin of its own."""

    feature: str
    bins: tuple[Bin, ...]
    missing: Bin
    wording: Wording

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Characteristic:
        bins = tuple(Bin.parse(one) for one in raw["bins"])
        return cls(raw["feature"], bins, Bin.parse(raw["missing"]), Wording.parse(raw))

    @property
    def best_points(self) -> int:
        return max(one.points for one in self.bins)

    def bin_of(self, feature: Feature) -> tuple[str, Bin]:
        """The first bin that holds the value, with its name."""
        if feature.value is None:
            return "missing", self.missing
        found = next((one for one in self.bins if one.holds(feature.value)), None)
        return (found.name, found) if found else ("missing", self.missing)


@dataclass(frozen=True)
class Score:
    """Where the points came from."""

    points: int
    lines: tuple[Mapping[str, Any], ...]
    adverse: tuple[Reason, ...]


@dataclass(frozen=True)
class Scorecard:
    """Scaling, cut-off and characteristics."""

    base_points: int
    base_odds: int
    points_to_double: int
    book_log_odds: Decimal
    cut_off: int
    characteristics: tuple[Characteristic, ...]

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Scorecard:
        return cls(
            base_points=raw["base_points"],
            base_odds=raw["base_odds"],
            points_to_double=raw["points_to_double"],
            book_log_odds=Decimal(raw["book_log_odds"]),
            cut_off=raw["cut_off"],
            characteristics=tuple(Characteristic.parse(one) for one in raw["characteristics"]),
        )

    def scaled(self, woe: Decimal) -> int:
        """The points a bin with this WOE must have; rules are refused when a stored figure differs."""
        count = len(self.characteristics)
        factor = self.points_to_double / Decimal(2).ln()
        offset = self.base_points - factor * Decimal(self.base_odds).ln()
        exact = factor * (woe + self.book_log_odds / count) + offset / count
        return int(exact.to_integral_value(ROUND_HALF_UP))

    def misprinted(self) -> Sequence[str]:
        """Names of bins whose stored points do not follow from their WOE."""
        return [
            f"{line.feature}:{one.name}"
            for line in self.characteristics
            for one in (*line.bins, line.missing)
            if one.points != self.scaled(one.woe)
        ]

    def score(self, features: Features) -> Score:
        """Add the points up; the reasons are the (at most four) lines that lost most against their best bin."""
        found = [(line, *line.bin_of(features[line.feature])) for line in self.characteristics]
        lines = tuple(
            {"feature": line.feature, "bin": name, "points": one.points, "best_points": line.best_points}
            for line, name, one in found
        )
        losses = [(line.best_points - one.points, place, line) for place, (line, _, one) in enumerate(found)]
        worst = sorted((loss for loss in losses if loss[0] > 0), key=lambda loss: (-loss[0], loss[1]))
        adverse = tuple(reason("score", line.wording, features[line.feature]) for _, _, line in worst[:TOP_REASONS])
        return Score(sum(one.points for _, _, one in found), lines, adverse)
