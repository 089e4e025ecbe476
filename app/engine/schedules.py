"""From the terms of a loan to its schedule, exact and in whole fen.

Every amount is one exact fraction of integers, rounded once. Source of the methods: the instalment formulas of any
textbook of financial mathematics; the last instalment takes what rounding has left over.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, count, pairwise, repeat
from operator import sub
from typing import NamedTuple

from .checks import check, check_rate
from .daycount import days_between, year_fraction
from .due_dates import due_days, period_fraction, stub_is_row, stub_period
from .errors import ScheduleError
from .period_interest import of_terms, scaled
from .plans import repay
from .rounding import Rounding, divide
from .terms import DayCount, HolidayRule, Instalment, Terms


class ScheduleColumns(NamedTuple):
    """What a schedule is made of; a named tuple, because it is built a million times a night."""

    terms: Terms
    principals_fen: Sequence[int]
    interests_fen: Sequence[int]
    lengths: Sequence[Fraction] | None = None
    """Years of each row's interest period, where a change during the loan's life made them other than the terms say."""
    carried: Fraction = Fraction(0)
    """Interest earned before the first row's period and due with it, exact."""


class Schedule(ScheduleColumns):
    """Principal and interest of each row; rows, days and totals are worked out when somebody asks."""

    @cached_property
    def due_on(self) -> tuple[date, ...]:
        """The day on which each row is to be paid."""
        return due_days(self.terms)

    @cached_property
    def instalments(self) -> tuple[Instalment, ...]:
        """The rows, first due first."""
        fee_fen = self.terms.instalment_fee_fen
        left = accumulate(self.principals_fen, sub, initial=self.terms.principal_fen)
        next(left)
        paid = (p + i + fee_fen for p, i in zip(self.principals_fen, self.interests_fen, strict=True))
        rows = zip(count(1), self.due_on, self.principals_fen, self.interests_fen, repeat(fee_fen), paid, left)
        return tuple(map(Instalment._make, rows))

    @cached_property
    def total_interest_fen(self) -> int:
        """Interest over the whole life."""
        return sum(self.interests_fen)

    @cached_property
    def total_fee_fen(self) -> int:
        """Fees over the whole life, those at the start included."""
        return self.terms.start_fee_fen + self.terms.instalment_fee_fen * len(self.principals_fen)


def schedule(terms: Terms) -> Schedule:
    """The schedule of a loan. Raises `ScheduleError` (see `checks.check`) and `CalendarError` for unknown years."""
    check(terms)
    principals, interests = repay(terms, of_terms(terms))
    stub = stub_period(terms)
    if stub is not None:
        numerator, denominator = scaled(terms.annual_rate, period_fraction(stub, terms))
        stub_fen = divide(terms.principal_fen * numerator, denominator, terms.rounding)
        if stub_is_row(terms):
            principals, interests = [0, *principals], [stub_fen, *interests]
        else:
            interests = [interests[0] + stub_fen, *interests[1:]]
    result = Schedule(terms, principals, interests)
    if terms.holidays is not HolidayRule.SAME_DAY:
        _ = result.due_on  # an unknown year must be refused here, not when somebody looks at the rows
    return result


def simple_interest(
    amount_fen: int,
    annual_rate: Decimal,
    start_on: date,
    end_on: date,
    day_count: DayCount = DayCount.ACT_360,
    rounding: Rounding = Rounding.HALF_UP,
) -> int:
    """Interest of actual days on one amount: amount × rate × days ÷ year, rounded once. The first day counts, the
    last does not. 30/360 has no meaning for single days and equals ACT/360. Raises `schedule.days_run_backwards`."""
    check_rate(annual_rate)
    if end_on < start_on:
        raise ScheduleError("days_run_backwards", "interest cannot end before it starts")
    numerator, denominator = scaled(annual_rate, year_fraction(start_on, end_on, day_count))
    return divide(amount_fen * numerator, denominator, rounding)


def revolving_interest(
    balances: Iterable[tuple[date, int]],
    annual_rate: Decimal,
    end_on: date,
    day_count: DayCount = DayCount.ACT_360,
    rounding: Rounding = Rounding.HALF_UP,
) -> int:
    """Interest of a revolving loan (随借随还) over a billing period, rounded once: R × Σ(balance × days) ÷ year.

    `balances` says from which day which balance in fen was owed, ascending; the last one holds until `end_on`.
    The sum of balance × days is the bank's interest-bearing product (积数). Raises `schedule.days_run_backwards`.
    """
    check_rate(annual_rate)
    numerator, denominator = 0, 1
    for (start_on, balance_fen), (until, _) in pairwise([*balances, (end_on, 0)]):
        if days_between(start_on, until) < 0:
            raise ScheduleError("days_run_backwards", "balances must be given in ascending order of days")
        part, denominator = year_fraction(start_on, until, day_count)
        numerator += balance_fen * part
    rate_numerator, rate_denominator = annual_rate.as_integer_ratio()
    return divide(numerator * rate_numerator, denominator * rate_denominator, rounding)
