"""Where a loan stands on a day: what is due, what has been earned since, what is still lent."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .checks import is_integer
from .daycount import year_fraction
from .due_dates import Period, period_fraction, stub_is_row, stub_period, whole_periods
from .errors import PrepaymentError
from .rounding import to_fen
from .schedules import Schedule
from .terms import DayCount, Terms


@dataclass(frozen=True, slots=True)
class Position:
    """A loan on a day, for a customer who has paid `paid_fen` so far.

    `arrears_*` is what fell due up to and including the day and is unpaid; `credit_fen` was paid beyond that and waits
    for the next due day. `balance_fen` is the principal not yet due, `accrued_fen` its interest since the last due
    day, rounded; `period_left` is the part of the running period still to come, in years, on the loan's day count.
    """

    on: date
    rows_due: int
    arrears_principal_fen: int
    arrears_interest_fen: int
    arrears_fee_fen: int
    credit_fen: int
    balance_fen: int
    accrued_fen: int
    accrued_exact: Fraction
    period_left: Fraction

    @property
    def arrears_fen(self) -> int:
        """Everything due and unpaid."""
        return self.arrears_principal_fen + self.arrears_interest_fen + self.arrears_fee_fen

    @property
    def owed_fen(self) -> int:
        """What settles the loan before any fee for doing so: arrears, principal and interest to the day."""
        return self.arrears_fen + self.balance_fen + self.accrued_fen


def position(plan: Schedule, on: date, paid_fen: int) -> Position:
    """The loan on a day under its schedule, without penalty for arrears (`replay` knows that).

    What was paid settles the rows due by then, oldest first, each row's fee, interest and principal in this order; a
    payment before its due day waits for it. Interest of a running period is that of the actual days so far, never
    more than the whole period's. Raises `prepayment.before_start`, `prepayment.paid_out_of_range`.
    """
    terms = plan.terms
    if on < terms.start_on:
        raise PrepaymentError("before_start", "the day is before the loan starts")
    if not is_integer(paid_fen) or paid_fen < 0:
        raise PrepaymentError("paid_out_of_range", "what was paid must be an integer of at least 0 fen")
    due = bisect_right(plan.due_on, on)
    arrears, credit_fen = _settle(plan, due, paid_fen)
    balance_fen = terms.principal_fen - sum(plan.principals_fen[:due])
    exact, period_left = _accrued(plan, due, on, balance_fen)
    return Position(
        on=on,
        rows_due=due,
        arrears_fee_fen=arrears[0],
        arrears_interest_fen=arrears[1],
        arrears_principal_fen=arrears[2],
        credit_fen=credit_fen,
        balance_fen=balance_fen,
        accrued_exact=exact,
        accrued_fen=_at_most_planned(plan, due, to_fen(exact, terms.rounding)),
        period_left=period_left,
    )


def row_periods(terms: Terms) -> tuple[Period, ...]:
    """The interest period of each row of the schedule, the stub's own row included."""
    periods, stub = whole_periods(terms), stub_period(terms)
    return (stub, *periods) if stub and stub_is_row(terms) else periods


def row_lengths(plan: Schedule) -> tuple[Fraction, ...]:
    """The length of each row's interest period in years."""
    if plan.lengths is not None:
        return tuple(plan.lengths)
    return tuple(Fraction(*period_fraction(period, plan.terms)) for period in row_periods(plan.terms))


def broken_day_count(day_count: DayCount) -> DayCount:
    """How days inside a period are counted: as the loan counts, actual days over 360 where it counts whole months."""
    return DayCount.ACT_360 if day_count is DayCount.THIRTY_360 else day_count


def _settle(plan: Schedule, due: int, paid_fen: int) -> tuple[list[int], int]:
    """Unpaid fee, interest and principal of the rows due, and what was paid beyond them."""
    fee_fen = plan.terms.instalment_fee_fen
    unpaid, left = [0, 0, 0], paid_fen
    for principal, interest in zip(plan.principals_fen[:due], plan.interests_fen[:due], strict=True):
        for place, amount in enumerate((fee_fen, interest, principal)):
            settled = min(left, amount)
            unpaid[place] += amount - settled
            left -= settled
    return unpaid, left


def _accrued(plan: Schedule, due: int, on: date, balance_fen: int) -> tuple[Fraction, Fraction]:
    """Interest earned and not yet due, exact, and the part of the running period still to come in years."""
    terms, periods = plan.terms, row_periods(plan.terms)
    if due == len(periods):
        return Fraction(0), Fraction(0)
    whole = row_lengths(plan)[due]
    so_far = _passed(periods[due], whole, on, terms)
    stub = stub_period(terms) if due == 0 and not stub_is_row(terms) else None
    if stub:
        stub_whole = Fraction(*period_fraction(stub, terms))
        whole, so_far = whole + stub_whole, so_far + _passed(stub, stub_whole, on, terms)
    return balance_fen * Fraction(terms.annual_rate) * so_far + _put_off(plan, due), whole - so_far


def _at_most_planned(plan: Schedule, due: int, accrued_fen: int) -> int:
    """Days before the first whole period and the period itself are planned, and rounded, apart: together they may come
    to a fen more than their sum."""
    merged = due == 0 and stub_period(plan.terms) is not None and not stub_is_row(plan.terms)
    return min(accrued_fen, own_interests(plan)[0]) if merged else accrued_fen


def own_interests(plan: Schedule) -> list[int]:
    """What each row's own period earns: grace has some rows ask for nothing and one row ask for more than its own."""
    grace, own = plan.terms.interest_grace, list(plan.interests_fen)
    if not grace:
        return own
    terms, lengths, balance = plan.terms, row_lengths(plan), plan.terms.principal_fen
    first = len(lengths) - len(whole_periods(terms))
    for row in range(first, first + grace):
        earned = balance * Fraction(terms.annual_rate) * lengths[row] + (0 if row else plan.carried)
        put_off_fen = to_fen(earned, terms.rounding)
        own[row] += put_off_fen
        own[first + grace] -= put_off_fen
        balance -= plan.principals_fen[row]
    return own


def begins_on(plan: Schedule) -> list[date | None]:
    """Where a row's interest does not run from the due day before it: a holiday moved only the payment of that one."""
    periods, due_on = row_periods(plan.terms), plan.due_on
    pairs = zip(periods[1:], due_on, strict=False)
    return [None, *(period.start_on if period.start_on != before else None for period, before in pairs)]


def _passed(period: Period, whole: Fraction, on: date, terms: Terms) -> Fraction:
    """The part of a period that has passed, in years; never more than the whole."""
    until = min(max(on, period.start_on), period.end_on)
    return min(whole, Fraction(*year_fraction(period.start_on, until, broken_day_count(terms.day_count))))


def _put_off(plan: Schedule, due: int) -> Fraction | int:
    """Interest earned before the running period and not asked for yet: carried over, or put off by grace."""
    terms, lengths = plan.terms, row_lengths(plan)
    first = len(lengths) - len(whole_periods(terms))
    if due == 0:
        return plan.carried
    if not first < due <= first + terms.interest_grace:
        return 0
    balance, put_off = terms.principal_fen, 0
    for row in range(first, due):
        earned = balance * Fraction(terms.annual_rate) * lengths[row] + (0 if row else plan.carried)
        put_off += to_fen(earned, terms.rounding)
        balance -= plan.principals_fen[row]
    return put_off
