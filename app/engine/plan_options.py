"""What a product says about the plans of its loans; what it leaves out is as it always was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .checks import is_integer
from .terms import DayCount, FirstPeriod, Method, Terms


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """How days are counted, on which day of the month instalments fall, and what the days before the first one cost.

    `due_day` None: the day on which the loan is paid out. `smoothing` moves the level instalment so that the last one
    differs less.
    """

    day_count: DayCount = DayCount.THIRTY_360
    due_day: int | None = None
    first_period: FirstPeriod = FirstPeriod.SHORT
    smoothing: bool = False

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> PlanOptions:
        """What `as_json` wrote, or a product's body says. Raises ValueError for what is no option."""
        due_day, smoothing = raw.get("due_day"), raw.get("smoothing", False)
        if due_day is not None and not (is_integer(due_day) and 1 <= due_day <= 31):
            raise ValueError("due_day, a day of the month from 1 to 31")
        if not isinstance(smoothing, bool):
            raise ValueError("smoothing, true or false")
        if unknown := set(raw) - {"day_count", "due_day", "first_period", "smoothing"}:
            raise ValueError(f"{', '.join(sorted(unknown))}, which no plan has")
        return cls(
            DayCount(raw.get("day_count", DayCount.THIRTY_360)),
            due_day,
            FirstPeriod(raw.get("first_period", FirstPeriod.SHORT)),
            smoothing,
        )

    def as_json(self) -> dict[str, Any]:
        """Only what is other than the default, so that nothing is written of a plain plan."""
        plain = PlanOptions()
        names = ("day_count", "due_day", "first_period", "smoothing")
        return {name: getattr(self, name) for name in names if getattr(self, name) != getattr(plain, name)}

    def terms(
        self, *, principal_fen: int, annual_rate: Decimal, method: str, term_months: int, start_on: date
    ) -> Terms:
        """The terms of a loan that is repaid monthly on these options; half-up, no fees, due days as they fall."""
        return Terms(
            principal_fen=principal_fen,
            annual_rate=annual_rate,
            method=Method(method),
            instalments=term_months,
            start_on=start_on,
            day_count=self.day_count,
            smoothing=self.smoothing,
            anchor_day=self.due_day,
            first_period=self.first_period,
        )
