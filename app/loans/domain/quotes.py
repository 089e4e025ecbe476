"""What paying early costs on a day, and until when a payment waits for its money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.engine.errors import PrepaymentError
from app.engine.prepayment import Mode, Prepayment, payoff_quote, prepay
from app.engine.schedules import Schedule
from app.kernel.clock import CHINA
from app.loans.domain.states import DEBIT_TIME, PAYMENT_TIME


@dataclass(frozen=True)
class PayOff:
    """What settles the loan on a day. `interest_fen` is negative when interest paid ahead exceeds the days used.

    `remaining_interest_fen` is the interest that the schedule still asks for when nothing is paid early.
    """

    valid_on: date
    principal_fen: int
    interest_fen: int
    interest_saved_fen: int
    remaining_interest_fen: int
    penalty_fen: int = 0

    @property
    def total_fen(self) -> int:
        return self.principal_fen + self.interest_fen + self.penalty_fen

    @property
    def remaining_total_fen(self) -> int:
        """What staying with the schedule would still cost."""
        return self.principal_fen + self.remaining_interest_fen + self.penalty_fen


def pay_off(
    schedule: Schedule,
    *,
    on: date,
    paid_fen: int,
    outstanding_principal_fen: int,
    remaining_interest_fen: int,
    penalty_fen: int = 0,
    arrears_fen: int = 0,
) -> PayOff:
    """The pay-off quote of `engine.prepayment` expressed in what the book still shows as principal and interest, and
    the penalties of the day. `arrears_fen` is owed beside the schedule."""
    quote = payoff_quote(schedule, on, paid_fen)
    return PayOff(
        valid_on=on,
        principal_fen=outstanding_principal_fen,
        interest_fen=quote.total_fen + arrears_fen - outstanding_principal_fen,
        interest_saved_fen=quote.interest_saved_fen,
        remaining_interest_fen=remaining_interest_fen,
        penalty_fen=penalty_fen,
    )


@dataclass(frozen=True)
class EarlyRepayment:
    """What an amount paid early on a day would leave, in each way that was asked for; penalties are paid first."""

    valid_on: date
    amount_fen: int
    pay_off_fen: int
    outcomes: Mapping[Mode, Prepayment]
    penalty_fen: int = 0
    arrears_fen: int = 0


def early_repayment(
    schedule: Schedule, *, on: date, paid_fen: int, amount_fen: int, mode: Mode | None, penalty_fen: int = 0,
    arrears_fen: int = 0,
) -> EarlyRepayment:  # fmt: skip
    """Both outcomes of `engine.prepayment`, or the one of `mode`; raises what `prepay` refuses. `arrears_fen` is owed
    beside the schedule and paid first, as penalties are."""
    wanted = [mode] if mode else list(Mode)
    beside_fen = penalty_fen + arrears_fen
    pay_off_fen = payoff_quote(schedule, on, paid_fen).total_fen + beside_fen
    try:
        outcomes = {one: prepay(schedule, on, paid_fen, amount_fen - beside_fen, one) for one in wanted}
    except PrepaymentError as error:
        if "pay_off_fen" in error.context:
            error.context["pay_off_fen"] = pay_off_fen  # the engine knows nothing of penalties
        raise
    return EarlyRepayment(on, amount_fen, pay_off_fen, outcomes, penalty_fen, arrears_fen)


def payment_deadline(opened_at: datetime, *, by_account: bool = False) -> datetime:
    """A quarter of an hour, but never past the end of the day in China: a quote is a day's quote.

    A debit is asked for at once and counts for its day, whenever the core bank tells of it: three days are what it is
    expected to take, and nothing closes it then.
    """
    if by_account:
        return opened_at + DEBIT_TIME
    day_end = datetime.combine(opened_at.astimezone(CHINA).date() + timedelta(days=1), time.min, CHINA)
    return min(opened_at + PAYMENT_TIME, day_end)
