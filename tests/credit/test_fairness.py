"""Groups of applicants side by side: rates, the ratio to the best group, and no word where there are too few."""

from __future__ import annotations

from typing import Any

import pytest

from app.credit.domain.fairness import LEAST, TRAITS, views
from app.credit.domain.places import INDUSTRIES, PROVINCES, section_of


def decided(approved: int, declined: int, **features: Any) -> list[tuple[dict[str, Any], bool]]:
    return [(features, True)] * approved + [(features, False)] * declined


def by_trait(rows: list[tuple[dict[str, Any], bool]]) -> dict[str, dict[str, Any]]:
    return {view.trait: {group.name.en: group for group in view.groups} for view in views(rows)}


def test_each_group_is_held_against_the_one_that_fares_best() -> None:
    rows = decided(40, 10, legal_rep_age=35) + decided(15, 15, legal_rep_age=62) + decided(1, 3, legal_rep_age=20)
    groups = by_trait(rows)["legal_rep_age"]
    assert list(groups) == ["18–29", "30–39", "60 and above"]
    assert groups["30–39"].ratio == 1 and groups["60 and above"].ratio == pytest.approx(0.5 / 0.8)
    assert groups["18–29"].ratio is None, f"fewer than {LEAST}"


def test_one_group_alone_is_compared_with_nothing() -> None:
    assert by_trait(decided(40, 10, legal_rep_age=35))["legal_rep_age"]["30–39"].ratio is None
    nobody = decided(0, 40, legal_rep_age=35) + decided(0, 40, legal_rep_age=45)
    assert {group.ratio for group in by_trait(nobody)["legal_rep_age"].values()} == {None}


def test_places_and_trades_are_read_from_their_codes() -> None:
    found = by_trait(decided(1, 0, region_code="330106", industry_code="5137", business_age_months=36))
    assert list(found["region_code"]) == ["Zhejiang"] and list(found["industry_code"]) == ["Wholesale and retail"]
    assert list(found["business_age_months"]) == ["3–5 years"] and found["legal_rep_age"] == {}


@pytest.mark.parametrize("trait", TRAITS)
@pytest.mark.parametrize("value", [None, "", "x", -1, 999_999, "00", "９９", True])
def test_what_cannot_be_read_is_in_no_group(trait: str, value: Any) -> None:
    assert sum(len(groups) for groups in by_trait(decided(1, 0, **{trait: value})).values()) in (0, int(value is True))


def test_every_division_has_a_section() -> None:
    assert [section_of(f"{division:02d}11") for division in (1, 5, 6, 13, 43, 51, 52, 53, 62, 70, 97)] == list(
        "AABCCFFGHKT"
    )
    assert section_of("9811") is None and section_of("0011") is None
    assert {section_of(f"{division:02d}") for division in range(1, 98)} == set(INDUSTRIES)
    assert len(PROVINCES) == 34
