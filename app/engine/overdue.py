"""What being late or using a loan against its purpose costs: grace, penalty interest, compound interest."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .daycount import days_between, year_fraction
from .errors import OverdueError
from .rounding import Rounding, to_fen
from .terms import DayCount


@dataclass(frozen=True, slots=True)
class PenaltyRule:
    """The contract's terms for breach. Multiples are of the contract rate: 1.5 means 50 % more.

    Source of the usual range: 银发〔2003〕251号, overdue +30 % to +50 %, misuse +50 % to +100 %, compound interest on
    unpaid interest at the penalty rate. Which range holds on a day is a dated rule of the caller.
    """

    overdue_multiple: Decimal = Decimal("1.5")
    misuse_multiple: Decimal = Decimal(2)
    compound: bool = True
    grace_days: int = 0
    day_count: DayCount = DayCount.ACT_360

    def __post_init__(self) -> None:
        if self.overdue_multiple < 1 or self.misuse_multiple < 1:
            raise OverdueError("multiple_out_of_range", "a penalty rate cannot be below the contract rate")
        if self.grace_days < 0:
            raise OverdueError("grace_out_of_range", "grace days cannot be negative")


def multiple(rule: PenaltyRule, *, overdue: bool, misused: bool) -> Decimal:
    """What the contract rate is multiplied by. Overdue and misused money pays the heavier penalty, not both."""
    return max(
        Decimal(1),
        rule.overdue_multiple if overdue else Decimal(1),
        rule.misuse_multiple if misused else Decimal(1),
    )


def days_past_due(due_on: date, on: date, grace_days: int = 0) -> int:
    """Days overdue: 0 while grace lasts (nothing is overdue or reported); once missed, counted from the due day."""
    late = days_between(due_on, on)
    return late if late > grace_days else 0


def penalty_factor(annual_rate: Decimal, times: Decimal, start_on: date, end_on: date, day_count: DayCount) -> Fraction:
    """Penalty per fen over some days, exact: rate × multiple × days ÷ year."""
    if end_on < start_on:
        raise OverdueError("days_run_backwards", "a penalty cannot end before it starts")
    return Fraction(annual_rate) * Fraction(times) * Fraction(*year_fraction(start_on, end_on, day_count))


def penalty_interest(
    overdue_fen: int,
    annual_rate: Decimal,
    due_on: date,
    on: date,
    rule: PenaltyRule,
    *,
    misused: bool = False,
    rounding: Rounding = Rounding.HALF_UP,
) -> int:
    """Penalty on overdue principal: principal × rate × multiple × days ÷ 360; 0 within grace, else from the due day.

    The same with unpaid interest instead of principal is the compound interest; there is none on penalty or compound
    interest itself.
    """
    if not days_past_due(due_on, on, rule.grace_days):
        return 0
    times = multiple(rule, overdue=True, misused=misused)
    return to_fen(overdue_fen * penalty_factor(annual_rate, times, due_on, on, rule.day_count), rounding)


def misuse_interest(
    misused_fen: int,
    annual_rate: Decimal,
    start_on: date,
    on: date,
    rule: PenaltyRule,
    rounding: Rounding = Rounding.HALF_UP,
) -> int:
    """Interest at the misuse rate on money used against its purpose, instead of these days' contract interest."""
    times = multiple(rule, overdue=False, misused=True)
    return to_fen(misused_fen * penalty_factor(annual_rate, times, start_on, on, rule.day_count), rounding)
