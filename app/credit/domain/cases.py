"""What goes into a decision and what comes out of it, as values and as the record that is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.credit.domain.features import Features, read_features
from app.credit.domain.limits import Limit
from app.credit.domain.prices import Price
from app.credit.domain.reasons import Reason


@dataclass(frozen=True)
class Case:
    """What is decided: the wish, the features, and the regulated numbers of the day.

    `whole`: only the full amount is of use, because it pays one order.
    """

    amount_fen: int
    term_months: int
    method: str
    whole: bool
    features: Features
    lpr_1y: Decimal
    all_in_cap: Decimal
    decided_on: date

    def as_json(self) -> dict[str, Any]:
        return {
            "amount_fen": self.amount_fen,
            "term_months": self.term_months,
            "method": self.method,
            "whole": self.whole,
            "features": [self.features[name].as_json() for name in sorted(self.features)],
            "lpr_1y": str(self.lpr_1y),
            "all_in_cap": str(self.all_in_cap),
            "decided_on": self.decided_on.isoformat(),
        }

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Case:
        """What `as_json` wrote."""
        return cls(
            amount_fen=raw["amount_fen"],
            term_months=raw["term_months"],
            method=raw["method"],
            whole=raw["whole"],
            features=read_features(raw["features"]),
            lpr_1y=Decimal(raw["lpr_1y"]),
            all_in_cap=Decimal(raw["all_in_cap"]),
            decided_on=date.fromisoformat(raw["decided_on"]),
        )


@dataclass(frozen=True)
class Outcome:
    """What was decided and every figure on the way; `amount_fen` is 0 unless approved."""

    approved: bool
    amount_fen: int
    score: int
    grade: str
    score_lines: tuple[Mapping[str, Any], ...]
    limit: Limit
    price: Price
    all_in_annual_rate: Decimal
    reasons: tuple[Reason, ...]
    adverse: tuple[Reason, ...]

    @property
    def verdict(self) -> str:
        return "approved" if self.approved else "declined"

    def as_json(self) -> dict[str, Any]:
        return {
            "outcome": self.verdict,
            "amount_fen": self.amount_fen,
            "score": self.score,
            "grade": self.grade,
            "score_lines": [dict(line) for line in self.score_lines],
            "limit": self.limit.as_json(),
            "price": self.price.as_json(),
            "all_in_annual_rate": str(self.all_in_annual_rate),
            "reasons": [one.as_json() for one in self.reasons],
            "adverse": [one.as_json() for one in self.adverse],
        }


def canonical(value: Any) -> str:
    """One text for one value: sorted keys, no spaces."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(case_json: Mapping[str, Any], rule_version: str, product_version: str, outcome_json: Any) -> str:
    """The fingerprint of a decision: SHA-256 over inputs, versions and outcome."""
    whole = canonical([case_json, rule_version, product_version, outcome_json])
    return hashlib.sha256(whole.encode()).hexdigest()


def same_decision(stored: Any, again: Any) -> bool:
    """Whether two outcomes say the same in everything but words.

    What was told is sealed as it was told; a sentence that is put better later is no other decision.
    """
    return canonical(without_words(stored)) == canonical(without_words(again))


def without_words(value: Any) -> Any:
    """A body with nothing where a text in both languages stands: what was decided, not how it is told."""
    if isinstance(value, Mapping):
        return None if value.keys() == {"zh", "en"} else {name: without_words(one) for name, one in value.items()}
    return [without_words(one) for one in value] if isinstance(value, list | tuple) else value
