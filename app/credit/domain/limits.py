"""The limit: what the business's figures support, what it can pay a month, less what is owed already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.credit.domain.features import Features
from app.credit.domain.reasons import Wording
from app.engine.annuities import uniform_ratio
from app.engine.rounding import half_up
from app.engine.terms import Method

_COMBINED: Mapping[str, Callable[[Sequence[int]], int]] = {
    "min": min,
    "max": max,
    "sum": sum,
    "mean": lambda amounts: half_up(sum(amounts), len(amounts)),
}
_WHOLE = 10_000  # basis points


@dataclass(frozen=True)
class LimitRules:
    """Multiples of figures, how they are combined, and what is taken off. Source: domain formula
    min(product cap, afford cap, combined multiples × grade factor) − own exposure − x·other debt, floored."""

    multiples_bps: Mapping[str, int]
    combine: str
    other_debt_bps: int
    round_to_fen: int
    thin_file_cap_fen: int
    margin_bps: int
    pay_share_bps: int
    too_small: Wording
    cannot_pay: Wording
    too_much_owed: Wording

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> LimitRules:
        if raw["combine"] not in _COMBINED:
            raise KeyError(raw["combine"])
        return cls(
            multiples_bps={part["feature"]: part["multiple_bps"] for part in raw["parts"]},
            combine=raw["combine"],
            other_debt_bps=raw["other_debt_bps"],
            round_to_fen=raw["round_to_fen"],
            thin_file_cap_fen=raw["thin_file_cap_fen"],
            margin_bps=raw["afford"]["margin_bps"],
            pay_share_bps=raw["afford"]["pay_share_bps"],
            too_small=Wording.parse(raw["reasons"]["too_small"]),
            cannot_pay=Wording.parse(raw["reasons"]["cannot_pay"]),
            too_much_owed=Wording.parse(raw["reasons"]["too_much_owed"]),
        )


@dataclass(frozen=True)
class Limit:
    """The limit and every step to it. `total_fen` is before what is in use here already; `available_fen` after it."""

    total_fen: int
    available_fen: int
    monthly_capacity_fen: int
    steps: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {
            "total_fen": self.total_fen,
            "available_fen": self.available_fen,
            "monthly_capacity_fen": self.monthly_capacity_fen,
            "steps": dict(self.steps),
        }


def monthly_capacity(rules: LimitRules, features: Features) -> int:
    """What can go to loans each month: receipts × margin × share, less what other loans take; never below 0."""
    received = features["monthly_inflow_fen"].number
    usable = half_up(received * rules.margin_bps * rules.pay_share_bps, _WHOLE * _WHOLE)
    return max(0, usable - features["monthly_debt_service_fen"].number)


def affordable(capacity_fen: int, annual_rate: Decimal, term_months: int, method: str) -> int:
    """The largest principal whose highest instalment does not exceed the capacity, rounded down.

    Equal instalments: the inverse of the annuity; equal principal: capacity ÷ (1/n + monthly rate).
    """
    numerator, denominator = annual_rate.as_integer_ratio()
    denominator *= 12
    if method == Method.EQUAL_PRINCIPAL:
        return capacity_fen * term_months * denominator // (denominator + term_months * numerator)
    per_unit, units = uniform_ratio(numerator, denominator, term_months)
    return capacity_fen * units // per_unit


def limit(
    rules: LimitRules,
    features: Features,
    *,
    factor_bps: int,
    annual_rate: Decimal,
    longest_term_months: int,
    product_cap_fen: int,
) -> Limit:
    """Work the limit out, from the yearly rate of the longest term, in whole fen."""
    supported = {name: half_up(features[name].number * bps, _WHOLE) for name, bps in rules.multiples_bps.items()}
    combined = _COMBINED[rules.combine](list(supported.values()))
    graded = half_up(combined * factor_bps, _WHOLE)
    debt = half_up(features["other_debt_fen"].number * rules.other_debt_bps, _WHOLE)
    capacity = monthly_capacity(rules, features)
    caps = {
        "product": product_cap_fen,
        "afford": affordable(capacity, annual_rate, longest_term_months, Method.EQUAL_INSTALMENT),
    }
    if features["credit_file"].value != "full":
        caps["thin_file"] = rules.thin_file_cap_fen
    total = _floored(min(graded, *caps.values()) - debt, rules.round_to_fen)
    own = features["own_exposure_fen"].number
    steps = {
        "supported_fen": supported,
        "combine": rules.combine,
        "combined_fen": combined,
        "grade_factor_bps": factor_bps,
        "graded_fen": graded,
        "caps_fen": caps,
        "other_debt_deduction_fen": debt,
        "own_exposure_fen": own,
    }
    return Limit(total, max(0, total - own), capacity, steps)


def _floored(amount_fen: int, step_fen: int) -> int:
    return max(0, amount_fen // step_fen * step_fen)
