"""The public calculator: a schedule with its yearly cost, and what repaying early would do. Values in, values out.

The HTTP contract is one to one with these dataclasses; rates are stated to six places.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .checks import MAX_PRINCIPAL_FEN, is_day, is_integer
from .costs import CostBasis, all_in_cost
from .errors import PrepaymentError
from .prepayment import Mode, payoff_quote, prepay
from .schedules import Schedule, schedule
from .terms import Instalment, Terms

MAX_PAYMENTS = 1000


@dataclass(frozen=True, slots=True)
class ScheduleResult:
    """What `POST /public/v1/schedules` answers."""

    instalments: tuple[Instalment, ...]
    total_interest_fen: int
    total_fee_fen: int
    all_in_annual_rate: Decimal
    effective_annual_rate: Decimal


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that was paid on a day."""

    on: date
    amount_fen: int


@dataclass(frozen=True, slots=True)
class RemainingSchedule:
    """What is left after a part payment, and the interest that it saves."""

    schedule: ScheduleResult
    interest_saved_fen: int


@dataclass(frozen=True, slots=True)
class EarlyRepaymentResult:
    """What `POST /public/v1/early-repayments` answers: `pay_off_fen` settles the loan on the day."""

    pay_off_fen: int
    lower_instalment: RemainingSchedule
    shorter_term: RemainingSchedule


def calculate(terms: Terms) -> ScheduleResult:
    """The schedule of the terms with totals and yearly cost. Raises `ScheduleError`, `CostError`, `CalendarError`."""
    return described(schedule(terms))


def early_repayment(terms: Terms, payments: Sequence[Payment], on: date, amount_fen: int) -> EarlyRepaymentResult:
    """What an amount paid early on a day would do to a loan on which the payments were made.

    The payments settle what was due, oldest first; more than that waits for the next due day. Interest for the
    running period is that of the actual days. No fee, as the law has it where nothing was agreed. Raises
    `ScheduleError`, `prepayment.payment_after_day`, `prepayment.payment_before_start`, `prepayment.too_many_payments`,
    `prepayment.amount_out_of_range`, `prepayment.settles_loan` (its context has `pay_off_fen`),
    `prepayment.amount_too_small`, `prepayment.flat_not_supported`.
    """
    plan = schedule(terms)
    paid_fen = _paid(payments, terms.start_on, on)
    if not is_integer(amount_fen) or not 1 <= amount_fen <= MAX_PRINCIPAL_FEN:
        raise PrepaymentError("amount_out_of_range", "amount_fen must be an integer between 1 and 10^12")
    return EarlyRepaymentResult(
        pay_off_fen=payoff_quote(plan, on, paid_fen).total_fen,
        lower_instalment=_remaining(plan, on, paid_fen, amount_fen, Mode.LOWER_INSTALMENT),
        shorter_term=_remaining(plan, on, paid_fen, amount_fen, Mode.SHORTER_TERM),
    )


def described(plan: Schedule) -> ScheduleResult:
    """A schedule with its totals and its yearly cost as stated to customers."""
    cost = all_in_cost(plan)
    return ScheduleResult(
        instalments=plan.instalments,
        total_interest_fen=plan.total_interest_fen,
        total_fee_fen=plan.total_fee_fen,
        all_in_annual_rate=cost.on(CostBasis.NOMINAL),
        effective_annual_rate=cost.on(CostBasis.EFFECTIVE),
    )


def _paid(payments: Sequence[Payment], start_on: date, on: date) -> int:
    """All money paid up to the day; when within the day, or in which order, makes no difference."""
    if not is_day(on):
        raise PrepaymentError("day_not_a_date", "on must be a date without time")
    if len(payments) > MAX_PAYMENTS:
        raise PrepaymentError("too_many_payments", "at most 1000 payments can be considered")
    for payment in payments:
        if not is_day(payment.on):
            raise PrepaymentError("day_not_a_date", "a payment's day must be a date without time")
        if payment.on < start_on:
            raise PrepaymentError("payment_before_start", "a payment is before the loan starts")
        if payment.on > on:
            raise PrepaymentError("payment_after_day", "a payment is after the day that is asked for")
        if not is_integer(payment.amount_fen) or not 1 <= payment.amount_fen <= MAX_PRINCIPAL_FEN:
            raise PrepaymentError("payment_out_of_range", "a payment must be an integer between 1 and 10^12 fen")
    return sum(payment.amount_fen for payment in payments)


def _remaining(plan: Schedule, on: date, paid_fen: int, amount_fen: int, mode: Mode) -> RemainingSchedule:
    done = prepay(plan, on, paid_fen, amount_fen, mode)
    return RemainingSchedule(described(done.plan), done.interest_saved_fen)
