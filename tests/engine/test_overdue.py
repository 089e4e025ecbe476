"""Penalties, grace, classes and the calendar of working days."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.engine.asset_classes import AssetClass, ClassRule, rule_on, suggest
from app.engine.calendar import is_working_day, last_known_year, next_working_day
from app.engine.errors import CalendarError, OverdueError
from app.engine.overdue import PenaltyRule, days_past_due, misuse_interest, multiple, penalty_interest
from app.engine.terms import DayCount

from .published import fen, vectors

RATE, DUE = Decimal("0.06"), date(2026, 3, 1)
LATER = DUE + timedelta(days=30)


def test_worked_penalties() -> None:
    sample = vectors()
    assert penalty_interest(800_000, RATE, DUE, LATER, PenaltyRule()) == fen(sample["penalty_30d"])
    assert penalty_interest(60_664, RATE, DUE, LATER, PenaltyRule()) == fen(sample["compound_30d"])
    assert misuse_interest(800_000, RATE, DUE, LATER, PenaltyRule()) == 8_000


def test_overdue_and_misused_pays_the_heavier_not_both() -> None:
    rule = PenaltyRule()
    assert multiple(rule, overdue=True, misused=True) == 2
    assert multiple(rule, overdue=True, misused=False) == Decimal("1.5")
    assert multiple(rule, overdue=False, misused=False) == 1
    assert penalty_interest(800_000, RATE, DUE, LATER, rule, misused=True) == 8_000


def test_grace_kept_or_missed() -> None:
    assert [days_past_due(DUE, DUE + timedelta(days=late), 3) for late in range(6)] == [0, 0, 0, 0, 4, 5]
    rule = PenaltyRule(grace_days=3)
    assert penalty_interest(800_000, RATE, DUE, DUE + timedelta(days=3), rule) == 0
    assert penalty_interest(800_000, RATE, DUE, DUE + timedelta(days=4), rule) == 800


def test_penalty_on_another_day_count() -> None:
    rule = PenaltyRule(day_count=DayCount.ACT_365)
    assert penalty_interest(800_000, RATE, DUE, LATER, rule) == 5_918


def test_refused_rules() -> None:
    with pytest.raises(OverdueError) as refused:
        PenaltyRule(overdue_multiple=Decimal("0.5"))
    assert refused.value.code == "overdue.multiple_out_of_range"
    with pytest.raises(OverdueError) as refused:
        PenaltyRule(grace_days=-1)
    assert refused.value.code == "overdue.grace_out_of_range"
    with pytest.raises(OverdueError) as refused:
        misuse_interest(1, RATE, LATER, DUE, PenaltyRule())
    assert refused.value.code == "overdue.days_run_backwards"


RULE = ClassRule(date(2023, 7, 1), "invented for this test", 0, 90, 270, 360, 12)
DAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("dpd", "found"),
    [(0, 1), (1, 2), (90, 2), (91, 3), (270, 3), (271, 4), (360, 4), (361, 5)],
)
def test_class_by_days(dpd: int, found: int) -> None:
    assert suggest(RULE, DAY, dpd).asset_class == found


def test_class_after_restructuring_and_upgrade() -> None:
    watched = suggest(RULE, DAY, 0, restructured_on=date(2025, 6, 2))
    assert (watched.asset_class, watched.reason) == (AssetClass.SPECIAL_MENTION, "restructured")
    assert suggest(RULE, DAY, 0, restructured_on=date(2025, 6, 1)).asset_class is AssetClass.NORMAL
    better = suggest(RULE, DAY, 0, today=AssetClass.SUBSTANDARD)
    assert better.needs_confirmation
    assert not suggest(RULE, DAY, 100, today=AssetClass.NORMAL).needs_confirmation
    assert suggest(RULE, DAY, 0, written_off=True).asset_class is AssetClass.LOSS


def test_rule_in_force() -> None:
    newer = ClassRule(date(2027, 1, 1), "invented", 0, 60, 180, 270, 12)
    assert rule_on([newer, RULE], DAY) is RULE
    assert rule_on([newer, RULE], date(2027, 1, 1)) is newer
    with pytest.raises(OverdueError) as refused:
        rule_on([RULE], date(2020, 1, 1))
    assert refused.value.code == "overdue.class_rule_missing"


def test_working_days() -> None:
    assert not is_working_day(date(2025, 10, 1))
    assert is_working_day(date(2025, 10, 11))  # a Saturday that is worked
    assert next_working_day(date(2025, 10, 1)) == date(2025, 10, 9)
    with pytest.raises(CalendarError):
        is_working_day(date(last_known_year() + 1, 1, 1))
