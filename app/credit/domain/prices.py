"""The price: LPR plus components in basis points, kept within the product's floor and cap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

BPS = Decimal(10_000)


@dataclass(frozen=True)
class PriceRules:
    """Components that belong to the rule set: by term, and for those who borrowed here before."""

    term_bps: Mapping[int, int]
    returning_bps: int

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> PriceRules:
        return cls({int(term): bps for term, bps in raw["term_bps"].items()}, raw["returning_bps"])


@dataclass(frozen=True)
class Price:
    """A yearly rate and what it is made of."""

    annual_rate: Decimal
    parts: tuple[Mapping[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        return {"annual_rate": str(self.annual_rate), "parts": list(self.parts)}


def price(
    rules: PriceRules,
    *,
    lpr: Decimal,
    spread_bps: int,
    floor_bps: int,
    cap_bps: int,
    grade_bps: int,
    term_months: int,
    returning: bool,
) -> Price:
    """LPR + product + grade + term − returning, clamped to [floor, cap]; the rate has four decimal places."""
    parts: list[Mapping[str, Any]] = [
        {"part": "lpr", "bps": int(lpr * BPS)},
        {"part": "product", "bps": spread_bps},
        {"part": "grade", "bps": grade_bps},
        {"part": "term", "bps": rules.term_bps[term_months]},
    ]
    if returning:
        parts.append({"part": "returning", "bps": -rules.returning_bps})
    total = sum(part["bps"] for part in parts)
    kept = max(floor_bps, min(cap_bps, total))
    if kept != total:
        parts.append({"part": "floor" if kept > total else "cap", "bps": kept - total})
    return Price((Decimal(kept) / BPS).quantize(Decimal("0.0001")), tuple(parts))
