"""Which events may be booked: each refusal with its code, and no change."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.engine.allocation import Bucket
from app.engine.errors import EngineError
from app.engine.replay.admission import admit
from app.engine.replay.events import (
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
from app.engine.terms import Every, Method, Terms, Unit

START, TODAY = date(2026, 1, 15), date(2026, 6, 1)
TERMS = Terms(10_000_000, Decimal("0.06"), Method.EQUAL_INSTALMENT, 12, START)
LOAN = Disbursed(on=START, sequence=1, terms=TERMS)
PAID = Paid(on=date(2026, 2, 15), sequence=2, amount_fen=860_664)
SETTLED = (LOAN, PaidOff(on=date(2026, 2, 1), sequence=2, amount_fen=10_100_000))
DAY = date(2026, 5, 20)


def test_admitted_events_follow_one_another() -> None:
    history = admit((), LOAN, TODAY)
    history = admit(history, PAID, TODAY)
    history = admit(history, Reversed(on=TODAY, sequence=3, target=2), TODAY)
    assert len(admit(history, replace(PAID, sequence=4), TODAY)) == 4


@pytest.mark.parametrize(
    ("history", "event", "code"),
    [
        ((), PAID, "loan.not_disbursed"),
        ((LOAN,), replace(LOAN, sequence=2), "loan.disbursed_twice"),
        ((), replace(LOAN, on=date(2026, 1, 14)), "loan.disbursement_date"),
        ((), replace(LOAN, terms=replace(TERMS, method=Method.FLAT)), "loan.flat_not_serviced"),
        ((), replace(LOAN, terms=replace(TERMS, principal_fen=0)), "schedule.principal_out_of_range"),
        ((LOAN,), replace(PAID, on=date(2026, 6, 2)), "loan.event_in_future"),
        ((LOAN,), replace(PAID, on=datetime(2026, 2, 1, tzinfo=UTC)), "loan.event_malformed"),
        ((LOAN, PAID), replace(PAID, sequence=2), "loan.sequence_taken"),
        ((LOAN,), replace(PAID, on=date(2026, 1, 14)), "loan.before_disbursement"),
        ((LOAN,), replace(PAID, amount_fen=0), "loan.amount_out_of_range"),
        ((LOAN,), replace(PAID, amount_fen=True), "loan.amount_out_of_range"),
        ((LOAN,), replace(PAID, amount_fen=10**15), "loan.amount_out_of_range"),
        (SETTLED, Paid(on=DAY, sequence=3, amount_fen=1), "loan.settled"),
        (SETTLED, Refunded(on=DAY, sequence=3, amount_fen=10**6), "loan.no_credit"),
        ((LOAN, PAID), PaidOff(on=DAY, sequence=3, amount_fen=100), "loan.payoff_too_small"),
        ((LOAN, PAID), Reversed(on=DAY, sequence=3, target=9), "loan.event_unknown"),
        ((LOAN, PAID), Reversed(on=DAY, sequence=3, target=1), "loan.not_reversible"),
        ((LOAN, PAID), Reversed(on=START, sequence=3, target=2), "loan.reversal_before_event"),
        (
            (LOAN, PAID, Reversed(on=DAY, sequence=3, target=2)),
            Reversed(on=DAY, sequence=4, target=2),
            "loan.already_reversed",
        ),
        (
            (LOAN, PAID, Reversed(on=DAY, sequence=3, target=2)),
            Reversed(on=DAY, sequence=4, target=3),
            "loan.reversal_of_reversal",
        ),
        (
            (LOAN,),
            Waived(on=DAY, sequence=2, number=1, bucket=Bucket.FEE, amount_fen=1, approval="D"),
            "loan.nothing_to_waive",
        ),
        (
            (LOAN,),
            Waived(on=DAY, sequence=2, number=1, bucket=Bucket.INTEREST, amount_fen=1, approval=""),
            "loan.approval_missing",
        ),
        ((LOAN,), WrittenOff(on=DAY, sequence=2, approval=""), "loan.approval_missing"),
        ((LOAN,), RateChanged(on=DAY, sequence=2, annual_rate=Decimal("NaN")), "schedule.rate_not_decimal"),
        ((LOAN,), DueDayChanged(on=DAY, sequence=2, anchor_day=32), "schedule.anchor_day_out_of_range"),
        (
            (replace(LOAN, terms=replace(TERMS, every=Every(Unit.WEEK, 4))),),
            DueDayChanged(on=DAY, sequence=2, anchor_day=5),
            "loan.due_day_not_monthly",
        ),
        ((LOAN,), Extended(on=DAY, sequence=2, periods=0), "loan.extension_out_of_range"),
        (
            (replace(LOAN, terms=replace(TERMS, instalments=2)),),
            Extended(on=DAY, sequence=2, periods=1),
            "loan.after_maturity",
        ),
        (
            (LOAN,),
            Restructured(on=DAY, sequence=2, annual_rate=Decimal(0), method=Method.BULLET, due_on=(date(2026, 5, 1),)),
            "schedule.due_on_not_ascending",
        ),
        (
            (LOAN,),
            Restructured(on=DAY, sequence=2, annual_rate=Decimal(0), method=Method.FLAT, due_on=(date(2026, 7, 1),)),
            "loan.method_not_supported",
        ),
    ],
)
def test_refused(history: tuple[Event, ...], event: Event, code: str) -> None:
    with pytest.raises(EngineError) as refused:
        admit(history, event, TODAY)
    assert refused.value.code == code
