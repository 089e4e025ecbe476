"""A loan lived through from its events: the ordinary life, corrections, and what must hold for any history."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.allocation import Bucket
from app.engine.overdue import PenaltyRule
from app.engine.prepayment import Mode
from app.engine.replay import replay
from app.engine.replay.events import (
    Accelerated,
    CostCharged,
    Disbursed,
    DueDayChanged,
    Event,
    Extended,
    LoanRules,
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
from app.engine.replay.state import LoanState, LoanStatus
from app.engine.terms import DayCount, Method, Terms

START = date(2026, 1, 15)
TERMS = Terms(10_000_000, Decimal("0.06"), Method.EQUAL_INSTALMENT, 12, START)
LOAN = Disbursed(on=START, sequence=1, terms=TERMS)
A = 860_664


def on(month: int, day: int = 15) -> date:
    return date(2026 + (month - 1) // 12, (month - 1) % 12 + 1, day)


def life(*events: Event, until: date) -> LoanState:
    return replay([LOAN, *events], until)


def in_time(count: int) -> list[Paid]:
    return [Paid(on=on(1 + number), sequence=100 + number, amount_fen=A) for number in range(1, count + 1)]


def test_paid_in_time_it_ends_settled() -> None:
    state = life(*in_time(11), Paid(on=on(13), sequence=200, amount_fen=860_669), until=on(14))
    assert (state.status, state.ended_on, state.principal_fen) == (LoanStatus.SETTLED, on(13), 0)
    assert (state.credit_fen, state.payoff().total_fen, state.days_past_due) == (0, 0, 0)


def test_money_before_the_due_day_waits_for_it() -> None:
    early = life(Paid(on=on(2, 10), sequence=2, amount_fen=A + 7), until=on(2, 14))
    assert (early.credit_fen, early.bills) == (A + 7, [])
    due = life(Paid(on=on(2, 10), sequence=2, amount_fen=A + 7), until=on(2))
    assert (due.credit_fen, due.bills[0].is_settled) == (7, True)


def test_penalty_and_compound_interest_after_thirty_days() -> None:
    state = life(until=on(2) + timedelta(days=27))
    bill = state.bills[0]
    assert state.days_past_due == 27
    assert bill.owed(Bucket.PENALTY_INTEREST) == 5_472  # 810,664 x 9 % x 27 / 360
    assert bill.owed(Bucket.COMPOUND_INTEREST) == 338  # 50,000 x 9 % x 27 / 360
    assert state.payoff().total_fen == state.due_fen + state.payoff().principal_fen + state.payoff().interest_fen


def test_grace_kept_costs_nothing_and_grace_missed_counts_from_the_due_day() -> None:
    loan = replace(LOAN, rules=LoanRules(penalty=PenaltyRule(grace_days=3)))
    kept = replay([loan, Paid(on=on(2, 18), sequence=2, amount_fen=A)], on(2, 20))
    assert (kept.bills[0].is_settled, kept.days_past_due) == (True, 0)
    assert replay([loan], on(2, 18)).due_fen == A
    missed = replay([loan], on(2, 19))
    assert (missed.days_past_due, missed.bills[0].owed(Bucket.PENALTY_INTEREST)) == (4, 811)
    partly = replay([loan, Paid(on=on(2, 17), sequence=2, amount_fen=50_000 + 400_000)], on(2, 19))
    assert partly.bills[0].owed(Bucket.PENALTY_INTEREST) == 411  # only on what missed the grace


def test_order_flips_after_ninety_days() -> None:
    state = life(Paid(on=on(2) + timedelta(days=91), sequence=2, amount_fen=500_000), until=on(6))
    parts = state.applied[0].allocation.parts
    assert [(part.number, part.bucket) for part in parts] == [(1, Bucket.PRINCIPAL)]


def test_back_dated_payment_and_reversal() -> None:
    late = [LOAN, *in_time(2)]
    forgotten = Paid(on=on(4), sequence=900, amount_fen=A)
    as_booked = replay([*late, forgotten], on(6))
    assert as_booked.due_fen < replay(late, on(6)).due_fen
    assert replay([LOAN, forgotten, *in_time(2)], on(6)) == as_booked
    undone = [*late, forgotten, Reversed(on=on(6), sequence=901, target=900)]
    assert replay(undone, on(6)) == replay(late, on(6))


def test_part_paid_early_then_settled() -> None:
    part = PrepaidPart(on=on(7), sequence=300, amount_fen=2_000_000, mode=Mode.SHORTER_TERM)
    state = life(*in_time(6), part, until=on(7))
    assert [row.payment_fen for row in state.plan.instalments] == [A, A, A, 528_871]
    assert (state.early[0].principal_fen, state.principal_fen) == (2_000_000, 3_074_810)
    end = life(*in_time(6), part, PaidOff(on=on(7, 25), sequence=301, amount_fen=3_080_000), until=on(8))
    assert (end.status, end.credit_fen) == (LoanStatus.SETTLED, 3_080_000 - 3_074_810 - 5_125)
    refund = Refunded(on=on(7, 26), sequence=302, amount_fen=65)
    done = life(*in_time(6), part, PaidOff(on=on(7, 25), sequence=301, amount_fen=3_080_000), refund, until=on(8))
    assert (done.credit_fen, done.refunded_fen) == (0, 65)


def test_enough_for_everything_settles_even_as_a_part_payment() -> None:
    part = PrepaidPart(on=on(7), sequence=300, amount_fen=6_000_000, mode=Mode.SHORTER_TERM)
    state = life(*in_time(6), part, until=on(9))
    assert (state.status, state.credit_fen) == (LoanStatus.SETTLED, 6_000_000 - 5_074_810)


def test_pay_off_that_a_reversal_made_too_small_counts_as_payment() -> None:
    events = [*in_time(6), PaidOff(on=on(7), sequence=300, amount_fen=5_074_810)]
    assert life(*events, until=on(8)).status is LoanStatus.SETTLED
    state = life(*events, Reversed(on=on(8), sequence=301, target=106), until=on(7))
    assert state.status is LoanStatus.ACTIVE
    assert state.credit_fen == 5_074_810 - A


def test_new_rate_splits_the_running_period() -> None:
    state = life(RateChanged(on=on(2, 5), sequence=2, annual_rate=Decimal("0.03")), until=on(2))
    # 21 of 30 days at 6 %, 9 at 3 %
    assert state.bills[0].asked[Bucket.INTEREST] == 35_000 + 7_500
    assert state.plan.terms.annual_rate == Decimal("0.03")
    payments = {row.payment_fen for row in state.plan.instalments[:-1]}
    assert len(payments) == 1
    on_due_day = life(RateChanged(on=on(2), sequence=2, annual_rate=Decimal("0.03")), until=on(2))
    assert on_due_day.bills[0].asked[Bucket.INTEREST] == 50_000
    assert on_due_day.plan.instalments[0].interest_fen == 22_973


def test_same_rate_again_changes_nothing_but_rounding() -> None:
    again = life(RateChanged(on=on(2, 5), sequence=2, annual_rate=Decimal("0.06")), until=on(2))
    assert again.bills[0].asked == life(until=on(2)).bills[0].asked


def test_other_due_day_is_never_earlier() -> None:
    later = life(DueDayChanged(on=on(1, 20), sequence=2, anchor_day=20), until=on(1, 20))
    assert [row.due_on for row in later.plan.instalments[:2]] == [on(2, 20), on(3, 20)]
    assert later.plan.instalments[0].interest_fen == 50_000 + 8_333
    earlier = life(DueDayChanged(on=on(1, 20), sequence=2, anchor_day=10), until=on(1, 20))
    assert earlier.plan.instalments[0].due_on == on(3, 10)
    assert len(earlier.plan.instalments) == 12


def test_extension_spreads_what_is_left() -> None:
    state = life(*in_time(6), Extended(on=on(7), sequence=300, periods=6), until=on(7))
    assert (len(state.plan.instalments), state.extensions) == (12, 1)
    assert state.plan.instalments[-1].due_on == on(19)
    bullet = replace(LOAN, terms=replace(TERMS, method=Method.BULLET))
    longer = replay([bullet, Extended(on=on(4), sequence=2, periods=6)], on(4))
    assert [(row.due_on, row.interest_fen) for row in longer.plan.instalments] == [(on(19), 900_000)]


def test_restructuring_makes_overdue_principal_current() -> None:
    days = tuple(on(month) for month in range(7, 31))
    change = Restructured(
        on=on(6), sequence=2, annual_rate=Decimal("0.05"), method=Method.EQUAL_INSTALMENT, due_on=days
    )  # fmt: skip
    state = life(change, until=on(6))
    assert (state.not_due_fen, state.days_past_due > 0, state.restructured_on) == (10_000_000, True, on(6))
    assert sum(bill.owed(Bucket.INTEREST) for bill in state.bills) == state.due_fen - sum(
        bill.owed(Bucket.PENALTY_INTEREST) + bill.owed(Bucket.COMPOUND_INTEREST) for bill in state.bills
    )
    whole = life(replace(change, capitalise=True), until=on(6))
    assert (whole.due_fen, whole.days_past_due) == (0, 0)
    assert whole.principal_fen == 10_000_000 + whole.capitalised_fen
    assert whole.plan.instalments[-1].balance_fen == 0


def test_waiver_cost_misuse_acceleration_and_write_off() -> None:
    waiver = Waived(
        on=on(4), sequence=3, number=1, bucket=Bucket.PENALTY_INTEREST, amount_fen=5_000, approval="D-1"
    )  # fmt: skip
    before = life(until=on(4))
    after = life(waiver, until=on(4))
    assert before.due_fen - after.due_fen == 5_000
    cost = life(CostCharged(on=on(4), sequence=4, amount_fen=30_000), until=on(4))
    assert cost.due_fen - before.due_fen == 30_000
    misused = life(MisuseFound(on=on(1, 20), sequence=2), until=on(1, 30))
    assert misused.bills[0].owed(Bucket.PENALTY_INTEREST) == 16_667  # another 6 % for ten days
    called = life(Accelerated(on=on(1, 25), sequence=2), until=on(1, 25))
    assert (called.not_due_fen, called.due_fen) == (0, 10_016_667)
    off = life(
        WrittenOff(on=on(8), sequence=2, approval="D-2"), Paid(on=on(9), sequence=3, amount_fen=77), until=on(9)
    )  # fmt: skip
    assert (off.status, off.recovered_fen) == (LoanStatus.WRITTEN_OFF, 77)


def test_renewal_settles_the_old_loan() -> None:
    state = life(*in_time(6), Renewed(on=on(7), sequence=300, amount_fen=5_074_810), until=on(7))
    assert (state.status, state.principal_fen) == (LoanStatus.RENEWED, 0)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    method = draw(st.sampled_from([Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY]))
    terms = replace(
        TERMS, method=method, day_count=draw(st.sampled_from(DayCount)), instalments=draw(st.integers(1, 12))
    )
    rules = LoanRules(penalty=PenaltyRule(grace_days=draw(st.integers(0, 3))))
    events: list[Event] = [Disbursed(on=START, sequence=1, terms=terms, rules=rules)]
    for sequence in range(2, 2 + draw(st.integers(0, 8))):
        events.append(draw(one_event(START + timedelta(days=draw(st.integers(0, 500))), sequence)))
    return events


@st.composite
def one_event(draw: st.DrawFn, day: date, sequence: int) -> Event:
    place: dict[str, Any] = {"on": day, "sequence": sequence}
    amount = draw(st.integers(1, 4_000_000))
    kind = draw(st.integers(0, 9))
    if kind < 4:
        return Paid(**place, amount_fen=amount)
    if kind == 4:
        return PrepaidPart(**place, amount_fen=amount, mode=draw(st.sampled_from(Mode)))
    if kind == 5:
        return PaidOff(**place, amount_fen=amount * 4)
    if kind == 6:
        return RateChanged(**place, annual_rate=Decimal(draw(st.integers(0, 2400))) / 10_000)
    if kind == 7:
        return DueDayChanged(**place, anchor_day=draw(st.integers(1, 31)))
    if kind == 8:
        return Extended(**place, periods=draw(st.integers(1, 6)))
    return CostCharged(**place, amount_fen=amount)


END = START + timedelta(days=700)


def principal_paid(state: LoanState) -> int:
    billed = sum(bill.settled.get(Bucket.PRINCIPAL, 0) for bill in state.bills)
    return billed + sum(early.principal_fen for early in state.early)


@settings(max_examples=120, deadline=None)
@given(histories(), st.integers(0, 700))
def test_money_is_neither_lost_nor_made(history: list[Event], day: int) -> None:
    until = START + timedelta(days=day)
    state = replay(history, until)
    assert principal_paid(state) + state.principal_fen == state.disbursed_fen
    assert all(bill.owed(bucket) >= 0 for bill in state.bills for bucket in Bucket)
    assert all(row.balance_fen >= 0 for row in state.plan.instalments)
    received = sum(event.amount_fen for event in history if isinstance(event, Paid) and event.on <= until)
    used = sum(sum(bill.settled.values()) for bill in state.bills)
    early = sum(paid.principal_fen + paid.interest_fen + paid.fee_fen for paid in state.early)
    assert received == used + early + state.credit_fen


@settings(max_examples=80, deadline=None)
@given(histories(), st.integers(0, 700))
def test_looking_in_between_changes_nothing(history: list[Event], day: int) -> None:
    """A waiver of nothing that exists stops the clock on a day, and must leave no trace."""
    look = Waived(
        on=START + timedelta(days=day), sequence=99, number=999, bucket=Bucket.FEE, amount_fen=1, approval="D"
    )
    assert replay([*history, look], END) == replay(history, END)


@settings(max_examples=80, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_booking_order_does_not_matter(history: list[Event], random: Any) -> None:
    if len({event.on for event in history}) < len(history):
        return
    shuffled = list(history)
    random.shuffle(shuffled)
    assert without_sequences(replay(shuffled, END)) == without_sequences(replay(history, END))
    late = [replace(event, sequence=1000 - event.sequence) for event in history]
    assert without_sequences(replay(late, END)) == without_sequences(replay(history, END))


@settings(max_examples=80, deadline=None)
@given(histories(), st.integers(0, 600), st.lists(st.integers(1, 3_000_000), min_size=2, max_size=4))
def test_payments_of_one_day_in_any_order(history: list[Event], day: int, amounts: list[int]) -> None:
    def with_payments(in_order: Sequence[int]) -> LoanState:
        paid = [
            Paid(on=START + timedelta(days=day), sequence=50 + place, amount_fen=amount)
            for place, amount in enumerate(in_order)
        ]
        return replay([*history, *paid], END)

    first, second = with_payments(amounts), with_payments(amounts[::-1])
    assert (first.bills, first.credit_fen, first.plan) == (second.bills, second.credit_fen, second.plan)


@settings(max_examples=60, deadline=None)
@given(histories(), st.integers(0, 7))
def test_reversal_is_as_if_it_had_never_been(history: list[Event], place: int) -> None:
    if place + 1 >= len(history):
        return
    target = history[place + 1]
    gone = [event for event in history if event is not target]
    assert replay([*history, Reversed(on=END, sequence=500, target=target.sequence)], END) == replay(gone, END)


def without_sequences(state: LoanState) -> tuple[object, ...]:
    used = [(item.on, item.allocation) for item in state.applied]
    early = [(item.on, item.principal_fen, item.interest_fen) for item in state.early]
    return state.bills, state.credit_fen, state.status, state.plan, used, early
