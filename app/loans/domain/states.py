"""The states of a drawdown, a loan and a repayment, and what is refused; pure."""

from __future__ import annotations

from datetime import timedelta

from app.kernel.errors import Conflict, Forbidden, NotFound, Unprocessable

DRAWDOWN_STATES = {("paying", "disbursed"): "disbursed", ("paying", "failed"): "failed"}
LOAN_STATES = {
    ("active", "settled"): "settled",
    ("active", "missed"): "overdue",
    ("overdue", "cured"): "active",
    ("overdue", "settled"): "settled",
    # a payment was taken back: what it had ended is owed again
    ("settled", "reopened"): "active",
    ("settled", "reopened_late"): "overdue",
    # a loss in the bank's book; the customer owes as before. The first of them only where a past is put right.
    ("active", "written_off"): "written_off",
    ("overdue", "written_off"): "written_off",
    ("written_off", "settled"): "settled",
    ("settled", "reopened_written_off"): "written_off",
}
OPEN_LOAN = frozenset({"active", "overdue"})
OWING = OPEN_LOAN | {"written_off"}  # what the customer still owes, whatever the bank's book makes of it


def shown_status(status: str, overdue_days: int) -> str:
    """A loan's status outside the bank: one written off is late, or not, like any other; that it is written off is its
    customer's to know, by a field of its own, and nobody else's."""
    if status != "written_off":
        return status
    return "overdue" if overdue_days else "active"


REPAYMENT_STATES = {
    ("opened", "payment_ready"): "paying",
    ("opened", "applied"): "applied",
    ("matched", "applied"): "applied",  # money from suspense that people found to be for this loan
    ("paying", "applied"): "applied",
    ("applied", "reversed"): "reversed",
    ("opened", "closed"): "closed",
    ("paying", "closed"): "closed",
}
LIVE_REPAYMENT = frozenset({"opened", "paying"})
PAYMENT_TIME, DEBIT_TIME = timedelta(minutes=15), timedelta(days=3)


class LoanUnknown(NotFound):
    code = "loan.unknown"


class PaidByAccount(Conflict):
    """A debit is under way for this repayment: nobody pays it otherwise."""

    code = "repayment.paid_by_account"


class LoanNotPayable(Conflict):
    """The loan is settled."""

    code = "loan.not_payable"


class RepaymentOpen(Conflict):
    """Another repayment of this loan waits for its payment: continue or cancel that one."""

    code = "loan.repayment_open"


class CreditTooSmall(Conflict):
    """The customer has less credit than what should go back."""

    code = "loan.credit_too_small"


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


class NothingDue(Conflict):
    """Nothing is due today: the next instalment can be paid ahead, or the loan paid off."""

    code = "repayment.nothing_due"


class AmountOutOfRange(Unprocessable):
    """The amount is more than what is due today; the context holds that."""

    code = "repayment.amount_out_of_range"


class ServicingRuleMissing(RuntimeError):
    """No rule of servicing holds on a day: a fault of set-up, never guessed around."""


class ChunksLeft(Conflict):
    """A day cannot be closed while loans are not through it."""

    code = "end_of_day.chunks_left"


class EndOfDayRunning(Conflict):
    """Another process closes a day right now."""

    code = "end_of_day.running"


class ProposalUnknown(NotFound):
    code = "loan_class.proposal_unknown"


class ProposalOver(Conflict):
    """The proposal is decided or withdrawn."""

    code = "loan_class.proposal_over"
