"""What money does to a loan: paid when due, paid early, paid back.

None of these fails on replay: an event that was right when it was booked may meet another past after a correction, and
then does the nearest thing to what was meant.
"""

from dataclasses import replace
from fractions import Fraction

from ..allocation import Bucket
from ..errors import PrepaymentError
from ..positions import position
from ..prepayment import prepay
from ..redrawing import redraw
from ..terms import Method
from .billing import bill_next_row, close_if_settled, loan_bill, receive
from .events import Accelerated, Paid, PaidOff, PrepaidPart, Refunded, Renewed, Waived, WrittenOff
from .state import EarlyPayment, LoanState, LoanStatus


def paid(state: LoanState, event: Paid) -> None:
    """Settle what is due; after a write-off it is a recovery, after the end a credit."""
    used_fen = receive(state, event.amount_fen, event.sequence)
    if state.status is LoanStatus.WRITTEN_OFF:
        state.recovered_fen += used_fen
    close_if_settled(state)


def prepaid_part(state: LoanState, event: PrepaidPart) -> None:
    """Settle what is due, then principal ahead of time. Too little is a credit, enough for all settles the loan."""
    due_fen = min(event.amount_fen, state.due_fen)
    if state.status is not LoanStatus.ACTIVE or due_fen == event.amount_fen:
        paid(state, event)
        return
    if due_fen:
        receive(state, due_fen, event.sequence)
    state.credit_fen += event.amount_fen - due_fen
    fee = state.rules.prepayment_fee
    try:
        done = prepay(state.plan, state.on, state.billed_fen(), state.credit_fen, event.mode, fee)
    except PrepaymentError as error:
        if error.reason == "settles_loan" and state.payoff().total_fen == 0:
            _settle_early(state, event.sequence)
        return
    state.credit_fen -= done.interest_fen + done.fee_fen + done.principal_fen
    state.early.append(
        EarlyPayment(event.sequence, state.on, done.principal_fen, done.interest_fen, done.fee_fen)
    )  # fmt: skip
    state.replace_plan(done.plan)


def paid_off(state: LoanState, event: PaidOff) -> None:
    """Settle the loan if the amount suffices; otherwise it is an ordinary payment."""
    if state.status is not LoanStatus.ACTIVE or event.amount_fen < state.payoff().total_fen:
        paid(state, event)
        return
    state.credit_fen += event.amount_fen
    _settle_early(state, event.sequence)
    if isinstance(event, Renewed):
        state.status = LoanStatus.RENEWED


def refunded(state: LoanState, event: Refunded) -> None:
    """Pay back a credit; what turns out not to have been one is owed by the customer."""
    from_credit_fen = min(event.amount_fen, state.credit_fen)
    state.credit_fen -= from_credit_fen
    state.refunded_fen += event.amount_fen
    if event.amount_fen > from_credit_fen:
        charge(state, event.amount_fen - from_credit_fen)


def charge(state: LoanState, amount_fen: int) -> None:
    """Something outside the schedule is owed from today."""
    asked = loan_bill(state).asked
    asked[Bucket.FEE] = asked.get(Bucket.FEE, 0) + amount_fen
    if state.status in (LoanStatus.SETTLED, LoanStatus.RENEWED):
        state.status, state.ended_on = LoanStatus.ACTIVE, None
    if state.credit_fen:
        credit_fen, state.credit_fen = state.credit_fen, 0
        receive(state, credit_fen, None)
    close_if_settled(state)


def waived(state: LoanState, event: Waived) -> None:
    """Give up a claim, at most what is owed."""
    for bill in state.bills:
        if bill.number == event.number:
            bill.settle(event.bucket, min(event.amount_fen, bill.owed(event.bucket)))
    close_if_settled(state)


def accelerated(state: LoanState, event: Accelerated | WrittenOff) -> None:
    """Everything falls due today."""
    fall_due(state)
    if isinstance(event, WrittenOff) and state.status is LoanStatus.ACTIVE:
        state.status, state.ended_on = LoanStatus.WRITTEN_OFF, state.on


def fall_due(state: LoanState, fee_fen: int = 0) -> None:
    """The principal not yet due and its interest to the day become one last row, due today."""
    if not state.not_due_fen:
        return
    now = position(state.plan, state.on, state.billed_fen())
    last = replace(
        state.plan.terms,
        principal_fen=state.not_due_fen,
        method=Method.BULLET,
        instalments=1,
        start_on=state.on,
        due_on=(state.on,),
        fees=(),
        principal_grace=0,
        interest_grace=0,
        principal_plan_fen=None,
    )
    state.replace_plan(redraw(last, (Fraction(0),), now.accrued_exact))
    bill_next_row(state)
    if fee_fen:
        state.bills[-1].asked[Bucket.FEE] += fee_fen


def _settle_early(state: LoanState, sequence: int) -> None:
    """Let all fall due, with the fee for paying early, and pay it from the credit."""
    fee_fen, credit_fen = state.payoff().fee_fen, state.credit_fen
    state.credit_fen = 0
    fall_due(state, fee_fen)
    if credit_fen:
        receive(state, credit_fen, sequence)
    close_if_settled(state)
