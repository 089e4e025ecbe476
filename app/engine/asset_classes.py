"""The five classes of loans: what days past due and restructuring suggest, for staff to confirm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from .errors import OverdueError


class AssetClass(IntEnum):
    """The five classes, better before worse."""

    NORMAL = 1
    SPECIAL_MENTION = 2
    SUBSTANDARD = 3
    DOUBTFUL = 4
    LOSS = 5


@dataclass(frozen=True, slots=True)
class ClassRule:
    """Days past due above which a class is the best possible, in force from a day on; `source` names the rule."""

    effective_from: date
    source: str
    special_mention_above: int
    substandard_above: int
    doubtful_above: int
    loss_above: int
    restructured_months: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A class and why; a better class than today's needs a person's confirmation."""

    asset_class: AssetClass
    reason: str
    needs_confirmation: bool


def rule_on(rules: Sequence[ClassRule], day: date) -> ClassRule:
    """The rule in force on a day. Raises `overdue.class_rule_missing`."""
    found = [rule for rule in rules if rule.effective_from <= day]
    if not found:
        raise OverdueError("class_rule_missing", "no classification rule is in force on that day")
    return max(found, key=lambda rule: rule.effective_from)


def suggest(
    rule: ClassRule,
    on: date,
    dpd: int,
    *,
    today: AssetClass = AssetClass.NORMAL,
    restructured_on: date | None = None,
    written_off: bool = False,
) -> Suggestion:
    """The class that the facts suggest. A restructured loan stays at special mention or worse while it is observed;
    a renewal without principal that meets its conditions is not a restructuring and may stay normal."""
    found, reason = _by_days(rule, dpd)
    if written_off:
        found, reason = AssetClass.LOSS, "written_off"
    elif restructured_on is not None and _months_between(restructured_on, on) < rule.restructured_months:
        floor = max(AssetClass.SPECIAL_MENTION, found)
        found, reason = floor, reason if floor is found else "restructured"
    return Suggestion(found, reason, needs_confirmation=found < today)


def _by_days(rule: ClassRule, dpd: int) -> tuple[AssetClass, str]:
    limits = (
        (rule.loss_above, AssetClass.LOSS),
        (rule.doubtful_above, AssetClass.DOUBTFUL),
        (rule.substandard_above, AssetClass.SUBSTANDARD),
        (rule.special_mention_above, AssetClass.SPECIAL_MENTION),
    )
    for limit, found in limits:
        if dpd > limit:
            return found, "days_past_due"
    return AssetClass.NORMAL, "performing"


def _months_between(start_on: date, on: date) -> int:
    months = (on.year - start_on.year) * 12 + on.month - start_on.month
    return months - (on.day < start_on.day)
