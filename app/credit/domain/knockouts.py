"""Knock-outs: one fact that ends an application whatever the score, each with its code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.credit.domain.features import Feature, Features, Text, written
from app.credit.domain.reasons import Reason, Wording, reason


def _below(value: Any, limit: Any) -> bool:
    return bool(value < limit)


def _above(value: Any, limit: Any) -> bool:
    return bool(value > limit)


def _starts_with(value: Any, prefixes: Any) -> bool:
    return str(value).startswith(tuple(prefixes))


OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "below": _below,
    "above": _above,
    "is": lambda value, wanted: value is wanted or value == wanted,
    "in": lambda value, wanted: value in wanted,
    "not_in": lambda value, wanted: value not in wanted,
    "starts_with": _starts_with,
    "not_starts_with": lambda value, prefixes: not _starts_with(value, prefixes),
}


@dataclass(frozen=True)
class Knockout:
    """Fires when `feature operator operand` holds; a value that is missing does not fire."""

    feature: str
    operator: str
    operand: Any
    wording: Wording

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Knockout:
        """Raises KeyError for what is missing or unknown."""
        if raw["operator"] not in OPERATORS:
            raise KeyError(raw["operator"])
        return cls(raw["feature"], raw["operator"], raw["operand"], Wording.parse(raw))

    def fires(self, feature: Feature) -> bool:
        return feature.value is not None and OPERATORS[self.operator](feature.value, self.operand)

    def reason(self, feature: Feature) -> Reason:
        limit = written(self.feature, self.operand) if isinstance(self.operand, int) else Text("", "")
        return reason("rule", self.wording, feature, limit=limit)


def knocked_out(rules: Sequence[Knockout], features: Features) -> tuple[Reason, ...]:
    """The reason of every knock-out that fires, each code once, in the order of the rules."""
    fired: dict[str, Reason] = {}
    for rule in rules:
        feature = features[rule.feature]
        if rule.fires(feature):
            fired.setdefault(rule.wording.code, rule.reason(feature))
    return tuple(fired.values())
