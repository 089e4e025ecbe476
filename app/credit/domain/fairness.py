"""Approval rates side by side: does one group of applicants fare much worse than another?

The measure is the ratio of a group's approval rate to that of the group that fares best; below four fifths (29 CFR
1607.4(D), the rule of thumb of adverse impact) somebody must look for the reason. It proves nothing by itself: groups
differ in what decisions rest on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.credit.domain.features import Text
from app.credit.domain.places import INDUSTRIES, PROVINCES, section_of

LEAST = 30  # decisions of a group: with fewer, chance alone moves its rate
FOUR_FIFTHS = 0.8
AGES = ((18, 30), (30, 40), (40, 50), (50, 60), (60, 120))
BUSINESS_MONTHS = ((0, 12), (12, 36), (36, 60), (60, 12_000))


@dataclass(frozen=True)
class Group:
    """One group of applicants. `ratio` to the best group's rate; None while the group is too small for one."""

    name: Text
    approved: int
    declined: int
    ratio: float | None

    @property
    def rate(self) -> float:
        """The share that was approved."""
        return self.approved / (self.approved + self.declined)


@dataclass(frozen=True)
class View:
    """The groups by one trait."""

    trait: str
    groups: Sequence[Group]


def _age(value: object) -> tuple[int, Text] | None:
    for place, (low, high) in enumerate(AGES):
        if isinstance(value, int) and low <= value < high:
            last = high == AGES[-1][1]
            zh = f"{low} 岁及以上" if last else f"{low}–{high - 1} 岁"
            return place, Text(zh, f"{low} and above" if last else f"{low}–{high - 1}")
    return None


def _business(value: object) -> tuple[int, Text] | None:
    names = (
        Text("不到 1 年", "below 1 year"),
        Text("1–3 年", "1–3 years"),
        Text("3–5 年", "3–5 years"),
        Text("5 年及以上", "5 years and more"),
    )
    for place, (low, high) in enumerate(BUSINESS_MONTHS):
        if isinstance(value, int) and low <= value < high:
            return place, names[place]
    return None


def _region(value: object) -> tuple[int, Text] | None:
    code = str(value)[:2]
    return (int(code), Text(*PROVINCES[code])) if code in PROVINCES else None


def _industry(value: object) -> tuple[int, Text] | None:
    section = section_of(str(value))
    return (ord(section), Text(*INDUSTRIES[section])) if section else None


TRAITS: Mapping[str, Callable[[object], tuple[int, Text] | None]] = {
    "legal_rep_age": _age,
    "business_age_months": _business,
    "region_code": _region,
    "industry_code": _industry,
}


def views(decisions: Iterable[tuple[Mapping[str, object], bool]]) -> Sequence[View]:
    """From each decision's features and whether it was approved; decisions that lack a trait are not in its view."""
    counts: dict[str, dict[tuple[int, Text], list[int]]] = {trait: {} for trait in TRAITS}
    for features, approved in decisions:
        for trait, read in TRAITS.items():
            found = read(features.get(trait))
            if found:
                counts[trait].setdefault(found, [0, 0])[not approved] += 1
    return [View(trait, _groups(found)) for trait, found in counts.items()]


def _groups(counts: Mapping[tuple[int, Text], list[int]]) -> Sequence[Group]:
    rates = {key: yes / (yes + no) for key, (yes, no) in counts.items() if yes + no >= LEAST}
    best = max(rates.values(), default=0.0)
    compared = len(rates) > 1 and best > 0
    return [
        Group(key[1], yes, no, rates[key] / best if compared and key in rates else None)
        for key, (yes, no) in sorted(counts.items(), key=lambda one: one[0][0])
    ]
