"""What a change of terms does to a loan that is replayed; the arithmetic is `engine.changing`."""

from fractions import Fraction

from .. import changing
from ..allocation import Bucket
from ..positions import Position, position
from ..rounding import to_fen
from .events import CostCharged, DueDayChanged, Extended, MisuseEnded, MisuseFound, RateChanged, Restructured
from .payments import charge
from .state import LoanState


def rate_changed(state: LoanState, event: RateChanged) -> None:
    """Interest to the day at the old rate, from the day at the new one (分段计息); the rest is drawn up anew."""
    plan = changing.at_rate(state.plan, _now(state), event.annual_rate)
    if state.not_due_fen:
        state.replace_plan(plan)
    else:
        state.plan = plan


def due_day_changed(state: LoanState, event: DueDayChanged) -> None:
    """Each remaining due day moves to the next new anchor day; the days in between bear interest."""
    if state.not_due_fen and state.plan.terms.every.months:
        old_anchor, state.anchor_day = state.anchor_day, event.anchor_day
        state.replace_plan(changing.on_due_day(state.plan, _now(state), event.anchor_day, old_anchor))


def extended(state: LoanState, event: Extended) -> None:
    """More periods after the last one; what is repaid in instalments is spread over all that remain."""
    if state.not_due_fen:
        state.extensions += 1
        state.replace_plan(changing.extended(state.plan, _now(state), event.periods, state.anchor_day))


def restructured(state: LoanState, event: Restructured) -> None:
    """Unpaid principal goes back into the loan, with what is capitalised, under new terms from today; with
    `keep_arrears` it stays due as it is."""
    now = _now(state)
    back_fen = 0 if event.keep_arrears else _take_out(state, (Bucket.PRINCIPAL,))
    added_fen, carried = 0, now.accrued_exact
    if event.capitalise:
        added_fen = _take_out(state, (Bucket.INTEREST, Bucket.COMPOUND_INTEREST, Bucket.PENALTY_INTEREST))
        added_fen, carried = added_fen + to_fen(carried), Fraction(0)
    principal_fen = state.not_due_fen + back_fen + added_fen
    if not principal_fen:
        return
    new = changing.NewTerms(event.annual_rate, event.method, event.due_on, event.every)
    state.capitalised_fen += added_fen
    state.restructured_on = state.on
    state.anchor_day = max(day.day for day in event.due_on)  # month ends hide the anchor in short months only
    state.replace_plan(changing.restructured(state.plan, now, principal_fen, new, carried))


def cost_charged(state: LoanState, event: CostCharged) -> None:
    """A cost outside the schedule is owed."""
    charge(state, event.amount_fen)


def misuse_found(state: LoanState, _event: MisuseFound) -> None:
    """The misuse rate holds from today."""
    state.misused = True


def misuse_ended(state: LoanState, _event: MisuseEnded) -> None:
    """The misuse rate holds no longer."""
    state.misused = False


def _now(state: LoanState) -> Position:
    return position(state.plan, state.on, state.billed_fen())


def _take_out(state: LoanState, buckets: tuple[Bucket, ...]) -> int:
    """Remove what is owed in some buckets from all bills."""
    taken_fen = 0
    for bill in state.bills:
        for bucket in buckets:
            owed_fen = bill.owed(bucket)
            taken_fen += owed_fen
            bill.settle(bucket, owed_fen)
    return taken_fen
