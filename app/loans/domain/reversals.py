"""What a payment that is taken back or comes late needs: reasons, steps of the loan, and what is refused; pure."""

from __future__ import annotations

from app.kernel.errors import Conflict, NotFound, Unprocessable

# bounced: the bank of the payer took a debit back · chargeback: the payer disputed it · wrong_loan: it was not for this
REVERSAL_KINDS = ("bounced", "chargeback", "wrong_loan")
# The one step by which a loan goes from where it stood to where it stands after its history was put right.
STEPS = {
    ("active", "overdue"): "missed",
    ("overdue", "active"): "cured",
    ("active", "settled"): "settled",
    ("overdue", "settled"): "settled",
    ("settled", "active"): "reopened",
    ("settled", "overdue"): "reopened_late",
    ("written_off", "settled"): "settled",
    ("settled", "written_off"): "reopened_written_off",
}


class PaymentNotBooked(Conflict):
    """Only money that is booked on a loan can be taken back; what is in suspense is refunded or matched instead."""

    code = "reversal.not_booked"


class AlreadyReversed(Conflict):
    """The payment was taken back before."""

    code = "reversal.already_reversed"


class ReversalOfReversal(Conflict):
    """What was taken back is not taken back again: the money, if it comes, is a new payment."""

    code = "reversal.of_reversal"


class PaymentOfAnotherLoan(NotFound):
    """The loan has no such payment."""

    code = "reversal.of_another_loan"


class ReasonUnknown(Unprocessable):
    """A reversal is one of the known kinds and says why."""

    code = "reversal.reason_unknown"


class CreditGone(Conflict):
    """What would no longer be overpaid has gone back to the customer already."""

    code = "reversal.credit_gone"


class HistoryNotRebuildable(Conflict):
    """The loan went through something that cannot be lived through anew yet; the context says what."""

    code = "loan.history_not_rebuildable"


class DayBeingClosed(Conflict):
    """A settled loan is not opened while a day is being closed: in a few minutes it can be."""

    code = "reversal.day_being_closed"
