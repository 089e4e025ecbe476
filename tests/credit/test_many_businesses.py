"""Invented businesses by the hundred: the same seed gives the same digest, and every way out is taken."""

from __future__ import annotations

from bench import businesses

# Over R-2026.11 and product 2026.1: another digest means that the same facts are decided otherwise than before.
PINNED = "89bcb6f39aa8a02f6478439890a1513175331c3d47289e83d8d4a3e420b5cc58"


def test_the_same_businesses_are_decided_the_same_way() -> None:
    first, again = (businesses.run(250, 7) for _ in range(2))
    assert first.digest == again.digest == PINNED
    assert businesses.run(250, 8).digest != first.digest


def test_outcomes_spread_over_verdicts_grades_and_reasons() -> None:
    shown = businesses.spread(businesses.run(400, 7).outcomes)
    assert 0.15 < shown["approved"] / 400 < 0.6
    assert set(shown["grades"]) == {"A", "B", "C", "D", "E"}
    assert len(shown["first_reasons"]) >= 9 and len(shown["rates"]) >= 10
    assert shown["score_tenths"] == sorted(shown["score_tenths"]) and shown["score_tenths"][0] < 520
