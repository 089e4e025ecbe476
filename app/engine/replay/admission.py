"""Whether a new event may be booked on a loan; replay itself never refuses what was once admitted."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from ..checks import check_rate, is_day, is_integer
from ..errors import ReplayError, ScheduleError
from ..terms import Method
from . import disbursement, effective, replay
from .events import (
    CostCharged,
    Disbursed,
    DueDayChanged,
    Event,
    Extended,
    Paid,
    PaidOff,
    RateChanged,
    Refunded,
    Restructured,
    Reversed,
    Waived,
    WrittenOff,
)
from .state import LoanState, LoanStatus

REVERSIBLE = (Paid, CostCharged, Waived, Refunded)
OVER = (LoanStatus.SETTLED, LoanStatus.RENEWED)


def admit(history: Sequence[Event], event: Event, today: date) -> tuple[Event, ...]:
    """The history with the event, if it may be booked `today`; its value date may lie in the past, not in the future.

    Raises `loan.*`: event_in_future, sequence_taken, disbursed_twice, not_disbursed, before_disbursement, settled,
    amount_out_of_range, payoff_too_small, no_credit, nothing_to_waive, approval_missing, and those of a reversal:
    event_unknown, already_reversed, reversal_of_reversal, not_reversible.
    """
    if not is_day(event.on) or not is_integer(event.sequence):
        raise ReplayError("event_malformed", "an event needs a date without time and an integer sequence")
    if event.on > today:
        raise ReplayError("event_in_future", "nothing can be booked for a day that has not come")
    if any(event.sequence <= earlier.sequence for earlier in history):
        raise ReplayError("sequence_taken", "sequences grow with booking")
    if isinstance(event, Disbursed):
        _check_disbursement(history, event)
    elif isinstance(event, Reversed):
        _check_reversal(history, event)
    else:
        _check_against(replay(history, max(event.on, disbursement(effective(history)).on)), history, event)
    return (*history, event)


def _check_disbursement(history: Sequence[Event], event: Disbursed) -> None:
    if any(isinstance(earlier, Disbursed) for earlier in history):
        raise ReplayError("disbursed_twice", "a loan is paid out once; a second drawdown is another loan")
    if event.on != event.terms.start_on:
        raise ReplayError("disbursement_date", "interest starts on the day the money is paid out")
    if event.terms.method is Method.FLAT:
        raise ReplayError("flat_not_serviced", "a flat schedule is for comparison; no loan is kept on it")
    replay([event], event.on)


def _check_reversal(history: Sequence[Event], event: Reversed) -> None:
    target = next((earlier for earlier in history if earlier.sequence == event.target), None)
    if target is None:
        raise ReplayError("event_unknown", "there is no such event to reverse")
    if isinstance(target, Reversed):
        raise ReplayError("reversal_of_reversal", "a reversal cannot be reversed; book the event again")
    if any(isinstance(earlier, Reversed) and earlier.target == event.target for earlier in history):
        raise ReplayError("already_reversed", "the event has been reversed already")
    if not isinstance(target, REVERSIBLE):
        raise ReplayError("not_reversible", "only payments, refunds, costs and waivers can be reversed")
    if event.on < target.on:
        raise ReplayError("reversal_before_event", "a reversal cannot be dated before its event")


def _check_against(state: LoanState, history: Sequence[Event], event: Event) -> None:
    """Rules that depend on where the loan stands at the end of the event's day."""
    if event.on < disbursement(effective(history)).on:
        raise ReplayError("before_disbursement", "the loan does not exist on that day yet")
    if state.status in OVER and not isinstance(event, Refunded | CostCharged):
        raise ReplayError("settled", "the loan is settled; nothing more is owed on it")
    if isinstance(event, Paid | CostCharged | Waived | Refunded):
        _check_amount(event.amount_fen)
    if isinstance(event, PaidOff) and event.amount_fen < state.payoff().total_fen:
        raise ReplayError("payoff_too_small", "the amount does not settle the loan on that day")
    if isinstance(event, Refunded) and event.amount_fen > state.credit_fen:
        raise ReplayError("no_credit", "no more than the credit can be paid back")
    if isinstance(event, Waived):
        _check_waiver(state, event)
    if isinstance(event, WrittenOff) and not event.approval:
        raise ReplayError("approval_missing", "a write-off needs the decision it rests on")
    _check_change(state, event)


def _check_change(state: LoanState, event: Event) -> None:
    if isinstance(event, RateChanged | Restructured):
        check_rate(event.annual_rate)
    if isinstance(event, DueDayChanged | Extended) and not state.not_due_fen:
        raise ReplayError("after_maturity", "everything has fallen due; the term can no longer be changed")
    if isinstance(event, DueDayChanged):
        if not is_integer(event.anchor_day) or not 1 <= event.anchor_day <= 31:
            raise ScheduleError("anchor_day_out_of_range", "anchor_day must be between 1 and 31")
        if not state.plan.terms.every.months:
            raise ReplayError("due_day_not_monthly", "only instalments counted in months have a due day")
    if isinstance(event, Extended) and not (is_integer(event.periods) and 1 <= event.periods <= 600):
        raise ReplayError("extension_out_of_range", "a loan is extended by 1 to 600 periods")
    if isinstance(event, Restructured):
        days = (event.on, *event.due_on)
        if len(days) < 2 or any(later <= earlier for earlier, later in pairwise(days)):
            raise ScheduleError("due_on_not_ascending", "due days must come after the day and after one another")
        if event.method in (Method.FLAT, Method.CUSTOM):
            raise ReplayError("method_not_supported", "a restructured loan is repaid by a method without own plan")


def _check_waiver(state: LoanState, event: Waived) -> None:
    if not event.approval:
        raise ReplayError("approval_missing", "a waiver needs the decision it rests on")
    owed = [bill.owed(event.bucket) for bill in state.bills if bill.number == event.number]
    if not owed or event.amount_fen > owed[0]:
        raise ReplayError("nothing_to_waive", "no more than what is due can be waived")


def _check_amount(amount_fen: int) -> None:
    if not is_integer(amount_fen) or not 1 <= amount_fen <= 10**14:
        raise ReplayError("amount_out_of_range", "an amount must be an integer between 1 and 10^14 fen")
