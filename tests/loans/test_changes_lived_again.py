"""A loan whose terms were changed, lived through anew: payments taken back or late, before and after the changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.engine.prepayment import Mode
from app.kernel import clock, ids
from app.kernel.errors import Problem
from app.loans.domain import changed_terms as rules
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan
from app.loans.usecases.changing import Change, change_loan
from app.loans.usecases.reversing import reverse_payment
from tests.drills.conftest import LONG
from tests.factories import loans
from tests.loans.test_rebuilding import KINDS, MODES, Calendar, Money, broken, figures, pay, quote

Clock = Callable[[datetime], None]
TERMS = ("annual_rate", "penalty_rate", "all_in_annual_rate", "method", "term_months", "observed_until", "class_floor")


@pytest.fixture(scope="module")
def calendar() -> Iterator[Calendar]:
    yield Calendar(date(2026, 11, 5))


def live(session: Session, clock_at: Clock, calendar: Calendar, days: int) -> None:
    """Some days pass, each of them closed."""
    calendar.on += timedelta(days=days)
    clock_at(calendar.instant())
    close_through(None, Run())
    session.expire_all()


def quoted(session: Session, loan: Loan, kind: str) -> Money:
    """What is to be paid today, for a payment that comes to light later."""
    money = quote(session, loan, kind, 1, MODES[0])
    session.commit()
    assert money
    return money


def all_of(session: Session, loan: Loan) -> dict[str, Any]:
    """Figures and terms, and the class; rows that a change has replaced count as well."""
    known = figures(session, loan)
    return known | {name: getattr(loan, name) for name in (*TERMS, "asset_class")}


def changed(session: Session, loan: Loan, kind: str, terms: dict[str, Any]) -> None:
    on, agreed = clock.today(), rules.read_terms(kind, terms)
    asked = Change(ids.new_id(), loan.id, kind, on, agreed, "双方书面约定", "branch:a", "branch:b")
    change_loan(session, asked)


def change_all(session: Session, twins: tuple[Loan, ...], kind: str, terms: dict[str, Any]) -> bool:
    """The same change of every twin, or of none where one of them may not be changed so."""
    try:
        for twin in twins:
            changed(session, twin, kind, terms)
    except Problem:
        session.rollback()
        return False
    session.commit()
    return True


rates = st.decimals(min_value="0.02", max_value="0.12", places=4).map(str)
changes = st.one_of(
    st.tuples(st.just("rate_change"), st.fixed_dictionaries({"annual_rate": rates})),
    st.tuples(st.just("due_day_change"), st.fixed_dictionaries({"anchor_day": st.integers(1, 31)})),
    st.tuples(st.just("extension"), st.fixed_dictionaries({"periods": st.integers(1, 6)})),
    st.tuples(
        st.just("restructuring"),
        st.fixed_dictionaries({
            "annual_rate": rates,
            "method": st.sampled_from([method.value for method in rules.METHODS]),
            "first_in_days": st.integers(1, 60),
            "instalments": st.integers(1, 24),
            "keep_arrears": st.booleans(),
        }),
    ),
)  # fmt: skip
one_payment = st.tuples(st.integers(1, 40), st.sampled_from(KINDS), st.floats(0.05, 0.9), st.sampled_from(MODES))
payments = st.lists(one_payment, max_size=2)
Paying = list[tuple[int, str, float, Mode]]
Changing = tuple[str, dict[str, Any]]


@given(
    before=st.lists(one_payment, min_size=1, max_size=2), first=changes, between=payments, second=changes,
    later=payments,
    chosen=st.integers(0, 5), method=st.sampled_from(["equal_instalment", "equal_principal", "interest_only"]),
    options=st.sampled_from([None, {"due_day": 8, "first_period": "short"}, {"due_day": 20, "first_period": "long"}]),
)  # fmt: skip
@settings(
    max_examples=20 if LONG else 5, derandomize=not LONG, deadline=None,
    suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)  # fmt: skip
def test_never_came_and_came_in_time_across_changes(
    client: FlaskClient, session: Session, clock_at: Clock, calendar: Calendar,
    before: Paying, first: Changing, between: Paying, second: Changing, later: Paying, chosen: int, method: str,
    options: dict[str, Any] | None,
) -> None:  # fmt: skip
    """Three twins, all changed alike: one never gets a payment, one gets it in time, one late."""
    clock_at(calendar.instant())
    model = loans.active_loan(session, loans.make_borrower(session))
    twins = never, in_time, late = tuple(
        loans.another(session, model, method=method, plan_options=options) for _ in range(3)
    )  # fmt: skip
    chosen, number = chosen % (len(before) + len(between) + len(later)), 0
    held: tuple[Money, Any] | None = None
    for paying, change in ((before, first), (between, second), (later, None)):
        for days, kind, share, mode in paying:
            live(session, clock_at, calendar, days)
            money = quote(session, in_time, kind, share, mode)
            if money and number == chosen:
                held = money, pay(session, in_time, money)
            elif money:
                for twin in twins:
                    pay(session, twin, money)
            number += 1
        if change:
            live(session, clock_at, calendar, 3)
            kind, terms = change[0], dict(change[1])
            if kind == "restructuring":
                terms["first_due_on"] = (calendar.on + timedelta(days=terms.pop("first_in_days"))).isoformat()
            change_all(session, twins, kind, terms)
    live(session, clock_at, calendar, 10)
    if held is None:
        return
    money, taken = held
    came_late = pay(session, late, money)
    assert all_of(session, late) == all_of(session, in_time) | {"asset_class": late.asset_class}
    assert broken(session) == []
    expected = all_of(session, never)
    for paid in (taken, came_late):
        reverse_payment(session, repayment_id=paid.id, reason="the bank of the payer took it back")
        session.commit()
    for twin in (in_time, late):
        assert all_of(session, twin) == expected
    live(session, clock_at, calendar, 25)
    assert all_of(session, in_time) == all_of(session, late) == all_of(session, never)
    assert broken(session) == []


@pytest.fixture
def loan(client: FlaskClient, session: Session, clock_at: Clock, calendar: Calendar) -> Loan:
    clock_at(calendar.instant())
    return loans.active_loan(session, loans.make_borrower(session), amount_fen=10_000_000, term_months=12)


def test_a_change_after_the_loan_was_over_is_passed_by(
    session: Session, loan: Loan, clock_at: Clock, calendar: Calendar
) -> None:
    """A pay-off that comes to light after a change, of a day before it: the loan was over, the change meant nothing."""
    live(session, clock_at, calendar, 10)
    money = quoted(session, loan, "payoff")
    live(session, clock_at, calendar, 5)
    changed(session, loan, "rate_change", {"annual_rate": "0.048"})
    session.commit()
    paid = pay(session, loan, money)
    assert (loan.status, str(loan.annual_rate), loan.outstanding_principal_fen) == ("settled", "0.060000", 0)
    reverse_payment(session, repayment_id=paid.id, reason="the bank of the payer took it back")
    session.commit()
    assert (loan.status, str(loan.annual_rate)) == ("active", "0.048000") and broken(session) == []


def test_a_late_payment_that_would_stand_in_a_changed_plan_is_the_customers_credit(
    session: Session, loan: Loan, clock_at: Clock, calendar: Calendar
) -> None:
    """Paid ahead before a change that has happened since: no terms are known under which that could have been, so the
    loan is not lived through anew; its instalment is gone, and the money is there to be used or given back."""
    live(session, clock_at, calendar, 31)
    pay(session, loan, quoted(session, loan, "due"))
    ahead = quoted(session, loan, "instalment")
    live(session, clock_at, calendar, 5)
    changed(session, loan, "rate_change", {"annual_rate": "0.048"})
    session.commit()
    before = all_of(session, loan)
    pay(session, loan, ahead)
    assert all_of(session, loan) == before | {"credit_fen": ahead.amount_fen}
    assert broken(session) == []
