"""A loan from its events: the same whether an event was booked in time, late, or taken back.

The events are put in the order of their value dates, those that were reversed are left out, and the loan is lived
through from the start. Nothing is stored between days, so a back-dated payment needs no special case.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from ..errors import ReplayError
from ..schedules import schedule
from . import changes, payments
from .billing import advance
from .events import (
    Accelerated,
    CostCharged,
    Disbursed,
    DueDayChanged,
    Event,
    Extended,
    MisuseEnded,
    MisuseFound,
    Paid,
    PaidOff,
    PrepaidPart,
    RateChanged,
    Refunded,
    Renewed,
    Restructured,
    Reversed,
    Waived,
    WrittenOff,
)
from .state import LoanState

EFFECTS: dict[type[Event], Callable[[LoanState, Any], None]] = {
    Accelerated: payments.accelerated,
    CostCharged: changes.cost_charged,
    DueDayChanged: changes.due_day_changed,
    Extended: changes.extended,
    MisuseEnded: changes.misuse_ended,
    MisuseFound: changes.misuse_found,
    Paid: payments.paid,
    PaidOff: payments.paid_off,
    PrepaidPart: payments.prepaid_part,
    RateChanged: changes.rate_changed,
    Refunded: payments.refunded,
    Renewed: payments.paid_off,
    Restructured: changes.restructured,
    Waived: payments.waived,
    WrittenOff: payments.accelerated,
}


def replay(history: Iterable[Event], until: date) -> LoanState:
    """The loan at the end of a day. Later events are left out. Raises `loan.not_disbursed`, `loan.disbursed_twice`,
    `loan.before_disbursement`."""
    events = effective(history)
    start = disbursement(events)
    if until < start.on:
        raise ReplayError("before_disbursement", "the loan does not exist on that day yet")
    state = LoanState(
        on=start.on,
        rules=start.rules,
        plan=schedule(start.terms),
        disbursed_fen=start.terms.principal_fen,
        anchor_day=start.terms.anchor_day or start.terms.start_on.day,
    )
    for event in events:
        if event is not start and event.on <= until:
            advance(state, event.on)
            EFFECTS[type(event)](state, event)
    advance(state, until)
    return state


def effective(history: Iterable[Event]) -> list[Event]:
    """The events that stand, in the order in which they take effect: value date, kind, booking."""
    events = list(history)
    gone = {event.target for event in events if isinstance(event, Reversed)}
    standing = [event for event in events if event.sequence not in gone and not isinstance(event, Reversed)]
    return sorted(standing, key=lambda event: (event.on, event.rank, event.sequence))


def disbursement(events: Iterable[Event]) -> Disbursed:
    """The event with which the loan begins. Raises `loan.not_disbursed`, `loan.disbursed_twice`."""
    found = [event for event in events if isinstance(event, Disbursed)]
    if not found:
        raise ReplayError("not_disbursed", "the loan has not been paid out")
    if len(found) > 1:
        raise ReplayError("disbursed_twice", "a loan is paid out once; a second drawdown is another loan")
    return found[0]
