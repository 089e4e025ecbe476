"""Numbers that a regulator can change: each a dated row with its source; here only their names and reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

LPR_1Y = "lpr_1y"
LPR_5Y = "lpr_5y"
ALL_IN_CAP = "all_in_cap"
OVERDUE_UPLIFT_MIN = "overdue_uplift_min"
OVERDUE_UPLIFT_MAX = "overdue_uplift_max"
MISUSE_UPLIFT_MIN = "misuse_uplift_min"
MISUSE_UPLIFT_MAX = "misuse_uplift_max"
MIN_READING_S = "cost_sheet_min_reading_s"
REAPPLY_WINDOW_DAYS = "reapply_window_days"
REAPPLY_MOST_DECLINES = "reapply_most_declines"
REVIEW_DAYS = "review_days"
SECOND_LOOK_POINTS = "second_look_points"
SECOND_LOOK_DAYS = "second_look_days"
NAMES = (
    LPR_1Y, LPR_5Y, ALL_IN_CAP, OVERDUE_UPLIFT_MIN, OVERDUE_UPLIFT_MAX, MISUSE_UPLIFT_MIN, MISUSE_UPLIFT_MAX,
    MIN_READING_S,
    REAPPLY_WINDOW_DAYS, REAPPLY_MOST_DECLINES, REVIEW_DAYS, SECOND_LOOK_POINTS, SECOND_LOOK_DAYS,
)  # fmt: skip


class ParameterMissing(RuntimeError):
    """No row of a regulated number holds on a day: a fault of set-up, never guessed around."""


@dataclass(frozen=True)
class Parameter:
    """One regulated number as it holds on some day."""

    name: str
    value: Decimal
    source: str
    effective_from: date


@dataclass(frozen=True)
class Parameters:
    """All regulated numbers of one day."""

    rows: Mapping[str, Parameter]

    def __getitem__(self, name: str) -> Decimal:
        return self.row(name).value

    def row(self, name: str) -> Parameter:
        """Raises ParameterMissing."""
        if name not in self.rows:
            raise ParameterMissing(f"no value of {name} holds on this day")
        return self.rows[name]

    def rates(self) -> dict[str, Decimal]:
        """All of them by name."""
        return {name: row.value for name, row in self.rows.items()}

    def as_json(self) -> dict[str, str]:
        return {name: str(row.value) for name, row in sorted(self.rows.items())}
