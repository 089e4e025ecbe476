"""Loans whose product moves due days, counts weeks or puts payments off: paid, prepaid and changed, day for day as the
engine replays them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.engine.changing import due_days_from
from app.engine.overdue import PenaltyRule
from app.engine.prepayment import Mode
from app.engine.replay import replay
from app.engine.replay.events import (
    Disbursed,
    DueDayChanged,
    Event,
    Extended,
    LoanRules,
    Paid,
    PrepaidPart,
    RateChanged,
    Restructured,
)
from app.engine.terms import Method
from app.kernel import clock, ids, invariants
from app.loans import queries
from app.loans.domain import changed_terms as rules
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan
from app.loans.usecases.changing import Change, change_loan
from app.loans.usecases.reversing import reverse_payment
from tests.drills.conftest import LONG
from tests.factories import loans
from tests.loans.test_against_replay import by_the_book, by_the_engine
from tests.loans.test_rebuilding import Money, pay

Clock = Callable[[datetime], None]
START = date(2026, 8, 3)  # a Monday; 3 October is in the holidays that end on the 7th, 31 October is a Saturday
NEXT, TO_THE_DAY = {"holidays": "next_working_day"}, {"holidays": "next_working_day_with_interest"}
OPTIONS: dict[str, dict[str, Any]] = {
    "moved": NEXT,
    "moved with interest": {**TO_THE_DAY, "due_day": 31, "first_period": "merged", "rounding": "half_even"},
    "weeks": {"every": {"unit": "week", "count": 1}},
    "two months": {"every": {"unit": "month", "count": 2}, "instalment_step_fen": 100},
    "grace": {**NEXT, "principal_grace": 1, "interest_grace": 2},
}
RESTRUCTURED = {
    "annual_rate": "0.05", "method": "equal_principal", "first_due_on": "2026-10-31", "instalments": 2,
    "keep_arrears": False,
}  # fmt: skip
CHANGES: dict[str, dict[str, Any]] = {
    "rate_change": {"annual_rate": "0.048"},
    "due_day_change": {"anchor_day": 1},
    "extension": {"periods": 1},
    "restructuring": RESTRUCTURED,
}


def as_event(kind: str, terms: dict[str, Any], on: date) -> Event:
    place: dict[str, Any] = {"on": on, "sequence": 50}
    if kind == "rate_change":
        return RateChanged(**place, annual_rate=Decimal(terms["annual_rate"]))
    if kind == "due_day_change":
        return DueDayChanged(**place, anchor_day=terms["anchor_day"])
    if kind == "extension":
        return Extended(**place, periods=terms["periods"])
    first_on = date.fromisoformat(terms["first_due_on"])
    due_on = due_days_from(first_on, terms["instalments"], first_on.day)
    return Restructured(
        **place, annual_rate=Decimal(terms["annual_rate"]), method=Method(terms["method"]), due_on=due_on
    )


def go(session: Session, clock_at: Clock, day: date) -> None:
    clock_at(datetime(day.year, day.month, day.day, 4, tzinfo=UTC))
    close_through(None, Run())
    session.expire_all()


def begin(session: Session, clock_at: Clock, options: dict[str, Any]) -> tuple[Loan, list[Event]]:
    term_months = 4 if options == OPTIONS["two months"] else 3
    clock_at(datetime(2026, 8, 3, 4, tzinfo=UTC))
    model = loans.active_loan(session, loans.make_borrower(session))
    rule = PenaltyRule(grace_days=0, compound=False)
    loan = loans.another(
        session, model, principal_fen=10_000_000, annual_rate=Decimal("0.06"), penalty_rate=Decimal("0.09"),
        grace_days=0, compound_penalty=False, day_count="30/360", term_months=term_months, plan_options=options,
    )  # fmt: skip
    return loan, [
        Disbursed(on=START, sequence=1, terms=queries.terms(loan), rules=LoanRules(penalty=rule))
    ]


def stands(session: Session, loan: Loan, events: list[Event]) -> None:
    expected, found = by_the_engine(replay(events, clock.today())), by_the_book(session, loan)
    assert {name: (found[name], it) for name, it in expected.items() if found[name] != it} == {}, clock.today()


KINDS = (*CHANGES, "prepayment")
# In the short form each option meets one change and each change one option; all of them meet in the long one.
EACH_ONCE = range(max(len(OPTIONS), len(KINDS)))
SHORT = [([*OPTIONS][place % len(OPTIONS)], KINDS[place % len(KINDS)]) for place in EACH_ONCE]


@pytest.mark.drill
@pytest.mark.parametrize(("name", "kind"), list(product(OPTIONS, KINDS)) if LONG else SHORT)
def test_changed_and_paid_to_the_end_as_the_engine_says(
    client: FlaskClient, session: Session, clock_at: Clock, name: str, kind: str
) -> None:
    loan, events = begin(session, clock_at, OPTIONS[name])
    days = [START + timedelta(days=n) for n in (11, 31, 33, 60, 66, 69, 72, 84, 92, 93, 105, 122, 130)]
    for number, day in enumerate(days):
        go(session, clock_at, day)
        stands(session, loan, events)
        due_fen = sum(row.total_fen for row in queries.rows(session, loan, day) if row.due_on <= day)
        if due_fen:
            paid = pay(session, loan, Money("due", day, due_fen, None, None))
            events.append(Paid(on=day, sequence=10 + number, amount_fen=paid.amount_fen))
            stands(session, loan, events)
        if day != days[5]:
            continue
        if kind == "prepayment":
            pay(session, loan, Money("prepayment", day, 2_000_000, None, Mode.LOWER_INSTALMENT.value))
            events.append(PrepaidPart(on=day, sequence=50, amount_fen=2_000_000, mode=Mode.LOWER_INSTALMENT))
        elif (name, kind) == ("weeks", "due_day_change"):
            session.commit()
            with pytest.raises(rules.TermsWrong):
                change(session, loan, kind)
            session.rollback()
        else:
            change(session, loan, kind)
            events.append(as_event(kind, CHANGES[kind], day))
        stands(session, loan, events)
    assert [verdict for verdict in invariants.verify(session) if not verdict.holds] == []
    rows = [row for row in queries.instalments(session, loan.id) if row.status != "replaced"]
    assert sum(row.principal_fen for row in rows) == 10_000_000


def change(session: Session, loan: Loan, kind: str) -> None:
    terms = rules.read_terms(kind, CHANGES[kind])
    change_loan(
        session, Change(ids.new_id(), loan.id, kind, clock.today(), terms, "双方书面约定", "branch:a", "branch:b")
    )
    session.commit()


@pytest.mark.parametrize("name", OPTIONS)
def test_taken_back_it_is_as_if_it_had_never_been(
    client: FlaskClient, session: Session, clock_at: Clock, name: str
) -> None:
    """A part prepayment in the middle of grace, or before a moved due day, and its reversal after the next one."""
    loan, events = begin(session, clock_at, OPTIONS[name])
    go(session, clock_at, date(2026, 8, 28))
    paid = pay(session, loan, Money("prepayment", clock.today(), 3_000_000, None, Mode.SHORTER_TERM.value))
    go(session, clock_at, date(2026, 10, 20))
    reverse_payment(session, repayment_id=paid.id, reason="the bank of the payer took it back")
    session.commit()
    stands(session, loan, events)
    go(session, clock_at, date(2026, 11, 20))
    stands(session, loan, events)


def test_moved_days_by_hand(client: FlaskClient, session: Session, clock_at: Clock) -> None:
    """3 October 2026 is a holiday until the 8th: paid then, without interest for the five days, which belong to the
    third month as they always did; with interest to the day they are the second month's."""
    loan, _ = begin(session, clock_at, NEXT)
    _, second, third = queries.instalments(session, loan.id)
    assert (second.due_on, second.interest_fen) == (date(2026, 10, 8), 33_416)
    assert (third.interest_from_on, third.interest_fen) == (date(2026, 10, 3), 16_750)
    go(session, clock_at, date(2026, 9, 3))
    loans.repay(session, loan)
    go(session, clock_at, date(2026, 10, 8))
    assert loan.next_due_on == date(2026, 10, 8) and loan.status == "active"
    assert loan.accrued_interest_fen == 50_000 + 33_416 + 2_792  # 33,500.55 × 6 % × 5 ÷ 360
    go(session, clock_at, date(2026, 10, 9))
    assert loan.status == "overdue"


def test_moved_days_with_interest_by_hand(client: FlaskClient, session: Session, clock_at: Clock) -> None:
    loan, _ = begin(session, clock_at, TO_THE_DAY)
    first, second, third = queries.instalments(session, loan.id)
    assert (first.interest_fen, second.due_on, third.interest_from_on) == (50_000, date(2026, 10, 8), None)
    assert second.interest_fen == round((10_000_000 - first.principal_fen) * 0.06 * 35 / 360)
    assert third.interest_fen == round(third.principal_fen * 0.06 * 25 / 360)
