"""What a product says about the plans of its loans; what it leaves out is as it always was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from .checks import is_integer
from .errors import ScheduleError
from .rounding import Rounding
from .terms import MONTHLY, DayCount, Every, FirstPeriod, HolidayRule, Method, Terms, Unit

# Periods in a month of a loan's term: a year has 52 weeks of instalments, and 360 days.
IN_A_MONTH = {
    Unit.DAY: Fraction(30),
    Unit.WEEK: Fraction(52, 12),
    Unit.MONTH: Fraction(1),
    Unit.QUARTER: Fraction(1, 3),
    Unit.YEAR: Fraction(1, 12),
}
STEPS_FEN = (1, 10, 100)  # fen, jiao, yuan
CHOICES: dict[str, type[StrEnum]] = {
    "day_count": DayCount,
    "first_period": FirstPeriod,
    "holidays": HolidayRule,
    "rounding": Rounding,
}


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """How days are counted, how often and on which day instalments fall, and how amounts are rounded.

    `due_day` None: the day on which the loan is paid out. `smoothing` moves the level instalment so that the last one
    differs less. `principal_grace` and `interest_grace` are instalments without principal, and without interest, which
    is asked for with the first one after them.
    """

    day_count: DayCount = DayCount.THIRTY_360
    due_day: int | None = None
    first_period: FirstPeriod = FirstPeriod.SHORT
    smoothing: bool = False
    every: Every = MONTHLY
    holidays: HolidayRule = HolidayRule.SAME_DAY
    rounding: Rounding = Rounding.HALF_UP
    instalment_step_fen: int = 1
    principal_grace: int = 0
    interest_grace: int = 0

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> PlanOptions:
        """What `as_json` wrote, or a product's body says. Raises ValueError for what is no option."""
        if unknown := set(raw) - {field.name for field in fields(cls)}:
            raise ValueError(f"{', '.join(sorted(unknown))}, which no plan has")
        said: dict[str, Any] = {**raw, **{name: kind(raw[name]) for name, kind in CHOICES.items() if name in raw}}
        if "every" in raw:
            said["every"] = _every(raw["every"])
        options = cls(**said)
        options._check()
        return options

    def _check(self) -> None:
        if self.due_day is not None and not (is_integer(self.due_day) and 1 <= self.due_day <= 31):
            raise ValueError("due_day, a day of the month from 1 to 31")
        if not isinstance(self.smoothing, bool):
            raise ValueError("smoothing, true or false")
        if not is_integer(self.instalment_step_fen) or self.instalment_step_fen not in STEPS_FEN:
            raise ValueError("instalment_step_fen, which is 1, 10 or 100")
        if not all(is_integer(grace) and 0 <= grace <= 60 for grace in (self.principal_grace, self.interest_grace)):
            raise ValueError("principal_grace or interest_grace, a number of instalments up to 60")
        if not self.every.months and (self.due_day is not None or self.holidays is not HolidayRule.SAME_DAY):
            raise ValueError("every: weeks and days have no day of the month, and fall due also on holidays")

    def as_json(self) -> dict[str, Any]:
        """Only what is other than the default, so that nothing is written of a plain plan."""
        plain, said = asdict(PlanOptions()), asdict(self)
        return {name: value for name, value in said.items() if value != plain[name]}

    def instalments(self, term_months: int) -> int:
        """How many instalments repay a term. Raises `schedule.term_not_whole`."""
        exact = term_months * IN_A_MONTH[self.every.unit] / self.every.count
        if exact.denominator != 1 or exact < 1:
            raise ScheduleError("term_not_whole", "the term is not a whole number of periods", term_months=term_months)
        return exact.numerator

    def paying_months(self, term_months: int) -> int:
        """The months over which principal comes back: what a month has to carry is reckoned by them."""
        return _months(self.every, self.instalments(term_months) - self.principal_grace)

    def terms(
        self, *, principal_fen: int, annual_rate: Decimal, method: str, term_months: int, start_on: date
    ) -> Terms:
        """The terms of a loan that is repaid on these options, without fees. Raises `schedule.term_not_whole`."""
        return Terms(
            principal_fen=principal_fen,
            annual_rate=annual_rate,
            method=Method(method),
            instalments=self.instalments(term_months),
            start_on=start_on,
            every=self.every,
            day_count=self.day_count,
            rounding=self.rounding,
            smoothing=self.smoothing,
            anchor_day=self.due_day,
            first_period=self.first_period,
            holidays=self.holidays,
            principal_grace=self.principal_grace,
            interest_grace=self.interest_grace,
            instalment_step_fen=self.instalment_step_fen,
        )


def by_months(terms: Terms) -> Terms:
    """The same loan repaid by plain months over which its principal comes back: what a month's capacity is held
    against, whatever the days of its periods are."""
    return replace(
        terms,
        every=MONTHLY,
        instalments=_months(terms.every, terms.instalments - terms.principal_grace),
        anchor_day=None,
        day_count=DayCount.THIRTY_360,
        holidays=HolidayRule.SAME_DAY,
        instalment_step_fen=1,
        principal_grace=0,
        interest_grace=0,
    )


def _months(every: Every, periods: int) -> int:
    return max(1, int(periods * every.count / IN_A_MONTH[every.unit]))


def _every(raw: Any) -> Every:
    """`{"unit": "quarter", "count": 1}`; the count may be left out."""
    if not isinstance(raw, Mapping) or set(raw) - {"unit", "count"}:
        raise ValueError("every, which has a unit and a count")
    count = raw.get("count", 1)
    if not is_integer(count) or not 1 <= count <= 366:
        raise ValueError("every.count, an integer from 1 to 366")
    return Every(Unit(raw.get("unit", Unit.MONTH)), count)
