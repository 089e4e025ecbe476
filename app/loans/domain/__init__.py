"""The states of a drawdown, a loan and a repayment, and how a payment is divided; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.engine.allocation import Bucket, Owed, allocate
from app.engine.prepayment import Mode, Prepayment, payoff_quote, prepay
from app.engine.schedules import Schedule
from app.kernel.clock import CHINA
from app.kernel.errors import Conflict, Forbidden, NotFound, Unprocessable

DRAWDOWN_STATES = {("paying", "disbursed"): "disbursed", ("paying", "failed"): "failed"}
LOAN_STATES = {("active", "settled"): "settled"}
REPAYMENT_STATES = {
    ("opened", "payment_ready"): "paying",
    ("opened", "applied"): "applied",
    ("paying", "applied"): "applied",
    ("opened", "closed"): "closed",
    ("paying", "closed"): "closed",
}
LIVE_REPAYMENT = frozenset({"opened", "paying"})
PAYMENT_TIME = timedelta(minutes=15)


class LoanUnknown(NotFound):
    code = "loan.unknown"


class LoanNotPayable(Conflict):
    """The loan is settled."""

    code = "loan.not_payable"


class RepaymentOpen(Conflict):
    """Another repayment of this loan waits for its payment: continue or cancel that one."""

    code = "loan.repayment_open"


class RepaymentUnknown(NotFound):
    code = "repayment.unknown"


class RepaymentOver(Conflict):
    """The repayment is paid or closed."""

    code = "repayment.over"


class PayerUnknown(Forbidden):
    """WeChat Pay needs the payer's identity in the app that pays."""

    code = "repayment.payer_unknown"


class NoH5InWechat(Unprocessable):
    """WeChat's own browser does not open the H5 cashier: pay there as `jsapi`."""

    code = "repayment.h5_inside_wechat"


class NoReceipt(Conflict):
    """There is no receipt before the payment is booked."""

    code = "repayment.no_receipt"


class TermsMissing(Unprocessable):
    """The application has no agreed terms."""

    code = "drawdown.terms_missing"


@dataclass(frozen=True)
class Row:
    """What an instalment still owes, in fen."""

    number: int
    due_on: date
    principal_fen: int
    interest_fen: int

    @property
    def total_fen(self) -> int:
        return self.principal_fen + self.interest_fen


@dataclass(frozen=True)
class Parts:
    """How one payment is booked, in fen: cash = principal + interest + overpaid − interest_returned."""

    principal_fen: int
    interest_fen: int
    overpaid_fen: int = 0
    interest_returned_fen: int = 0

    @property
    def cash_fen(self) -> int:
        return self.principal_fen + self.interest_fen + self.overpaid_fen - self.interest_returned_fen


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

    @property
    def total_fen(self) -> int:
        return self.principal_fen + self.interest_fen

    @property
    def remaining_total_fen(self) -> int:
        """What staying with the schedule would still cost."""
        return self.principal_fen + self.remaining_interest_fen


def pay_off(
    schedule: Schedule, *, on: date, paid_fen: int, outstanding_principal_fen: int, remaining_interest_fen: int
) -> PayOff:
    """The pay-off quote of `engine.prepayment` expressed in what the book still shows as principal and interest."""
    quote = payoff_quote(schedule, on, paid_fen)
    return PayOff(
        valid_on=on,
        principal_fen=outstanding_principal_fen,
        interest_fen=quote.total_fen - outstanding_principal_fen,
        interest_saved_fen=quote.interest_saved_fen,
        remaining_interest_fen=remaining_interest_fen,
    )


@dataclass(frozen=True)
class EarlyRepayment:
    """What an amount paid early on a day would leave, in each way that was asked for."""

    valid_on: date
    amount_fen: int
    pay_off_fen: int
    outcomes: Mapping[Mode, Prepayment]


def early_repayment(
    schedule: Schedule, *, on: date, paid_fen: int, amount_fen: int, mode: Mode | None
) -> EarlyRepayment:
    """Both outcomes of `engine.prepayment`, or the one of `mode`; raises what `prepay` refuses."""
    wanted = [mode] if mode else list(Mode)
    return EarlyRepayment(
        valid_on=on,
        amount_fen=amount_fen,
        pay_off_fen=payoff_quote(schedule, on, paid_fen).total_fen,
        outcomes={one: prepay(schedule, on, paid_fen, amount_fen, one) for one in wanted},
    )


def divide_instalment(paid_fen: int, row: Row | None) -> Parts:
    """Interest before principal of the instalment it was paid for; the rest is the customer's credit.

    `row` None: another payment settled the instalment first, so all of it is credit.
    """
    if row is None or row.total_fen == 0:
        return Parts(0, 0, overpaid_fen=paid_fen)
    owed = Owed(row.number, interest_fen=row.interest_fen, principal_fen=row.principal_fen)
    found = allocate(paid_fen, [owed])
    return Parts(
        principal_fen=found.total_fen(Bucket.PRINCIPAL),
        interest_fen=found.total_fen(Bucket.INTEREST),
        overpaid_fen=found.overpaid_fen,
    )


def divide_pay_off(paid_fen: int, quote: PayOff) -> Parts:
    """All principal, the interest of the days used, and the rest as credit. The quote is never above the payment."""
    return Parts(
        principal_fen=quote.principal_fen,
        interest_fen=max(0, quote.interest_fen),
        interest_returned_fen=max(0, -quote.interest_fen),
        overpaid_fen=paid_fen - quote.total_fen,
    )


def next_row(rows: Sequence[Row]) -> Row | None:
    """The oldest instalment that still owes something."""
    return next((row for row in sorted(rows, key=lambda row: row.number) if row.total_fen), None)


def payment_deadline(opened_at: datetime) -> datetime:
    """A quarter of an hour, but never past the end of the day in China: a quote is a day's quote."""
    day_end = datetime.combine(opened_at.astimezone(CHINA).date() + timedelta(days=1), time.min, CHINA)
    return min(opened_at + PAYMENT_TIME, day_end)
