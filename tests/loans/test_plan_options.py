"""What a product says about the plan is what is decided on, shown, signed, booked, quoted and lived through anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.contracts.domain.papers import _when_paid_later
from app.contracts.queries import current_contract
from app.credit.domain.limit_reasons import largest_payment
from app.credit.domain.products import ProductMalformed, ProductTerms
from app.credit.usecases import catalogue
from app.engine.costs import CostBasis, all_in_cost
from app.engine.errors import CalendarError
from app.engine.plan_options import PlanOptions
from app.engine.schedules import schedule
from app.engine.terms import DayCount, FirstPeriod
from app.kernel import clock, invariants
from app.loans import queries
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan
from tests.factories import loans

BODY = json.loads(
    (Path(__file__).parents[2] / "migrations/seeds/product_order_instalments_2026_1.json").read_text(encoding="utf-8")
)
Clock = Callable[[datetime], None]
START = datetime(2026, 11, 5, 4, 0, tzinfo=UTC)


def say(session: Session, **plan: Any) -> None:
    """A new version of the product, proposed and approved by two people, says this about plans from today on."""
    body = {**BODY, "day_count": plan.pop("day_count", BODY["day_count"]), "plan": plan}
    made = catalogue.propose(
        session, kind="product", product_code="order_instalments", version="2026.9", body=body,
        effective_from=clock.today(), source="a test", proposed_by="staff:1",
    )  # fmt: skip
    catalogue.try_on_the_past(session, proposal_id=made)
    catalogue.approve(session, proposal_id=made, decided_by="staff:2", note="read")
    session.commit()


@pytest.mark.parametrize("method", ["equal_instalment", "equal_principal"])
def test_a_product_that_says_nothing_has_the_plan_it_always_had(session: Session, clock_at: Clock, method: str) -> None:
    clock_at(START)
    loan = loans.active_loan(session, loans.make_borrower(session), method=method)
    contract = current_contract(session, application_id=loan.application_id)
    assert contract is not None
    assert "plan_options" not in contract.agreement.as_json() and loan.plan_options is None
    terms = queries.terms(loan)
    assert (terms.day_count, terms.anchor_day, terms.smoothing) == (DayCount.THIRTY_360, None, False)
    days = [row.due_on for row in queries.instalments(session, loan.id)]
    assert len(days) == 12 and {day.day for day in days} == {5}
    assert schedule(terms).instalments == contract.agreement.plan().instalments
    assert "各期金额不变" in _when_paid_later(contract.agreement)


@pytest.mark.parametrize(
    ("plan", "due_on", "rows"),
    [
        ({"due_day": 20}, date(2026, 11, 20), 13),
        ({"due_day": 20, "first_period": "long"}, date(2026, 12, 20), 12),
        ({"due_day": 31, "day_count": "act/360"}, date(2026, 11, 30), 13),
        ({"due_day": 5}, date(2026, 12, 5), 12),
        ({"day_count": "act/365", "smoothing": True}, date(2026, 12, 5), 12),
        ({"every": {"unit": "quarter", "count": 1}, "instalment_step_fen": 100}, date(2027, 2, 5), 4),
        ({"every": {"unit": "week", "count": 1}, "rounding": "half_even"}, date(2026, 11, 12), 52),
    ],
    ids=str,
)
def test_from_the_decision_to_the_pay_off(
    session: Session, clock_at: Clock, plan: dict[str, Any], due_on: date, rows: int
) -> None:
    clock_at(START)
    say(session, **dict(plan))
    loan = loans.active_loan(session, loans.make_borrower(session))
    agreed = schedule(queries.terms(loan))
    contract = current_contract(session, application_id=loan.application_id)
    assert contract is not None and contract.agreement.plan().instalments == agreed.instalments
    assert loan.all_in_annual_rate == all_in_cost(agreed).on(CostBasis.NOMINAL)
    booked = queries.instalments(session, loan.id)
    assert [(row.due_on, row.principal_fen, row.interest_fen) for row in booked] == [
        (row.due_on, row.principal_fen, row.interest_fen) for row in agreed.instalments
    ]
    first = next(row for row in booked if row.principal_fen + row.interest_fen)
    assert (first.due_on, len(booked), loan.next_due_on) == (due_on, rows, due_on)
    later_on = max(date(2027, 1, 28), due_on + timedelta(days=7))
    for day in (min(date(2026, 11, 16), due_on), due_on, later_on):  # in the first period, at its end, and later
        clock_at(datetime(day.year, day.month, day.day, 4, tzinfo=UTC))
        close_through(None, Run())
        session.expire_all()
        if loan.next_due_on is not None and loan.next_due_on <= day:
            loans.repay(session, loan)
        quote = queries.pay_off_quote(session, loan, day)
        earned_fen = queries.interest_earned(loan, day) - loan.paid_interest_fen
        assert quote.total_fen == loan.outstanding_principal_fen + earned_fen + quote.penalty_fen
        assert [verdict for verdict in invariants.verify(session) if not verdict.holds] == []
    loans.repay(session, loan, "payoff")
    assert loan.status == "settled" and loan.paid_interest_fen == queries.interest_earned(loan, clock.today())


@pytest.mark.parametrize("holidays", ["next_working_day", "next_working_day_with_interest"])
def test_due_days_off_holidays_from_the_catalogue_to_the_loan(
    session: Session, clock_at: Clock, holidays: str
) -> None:
    """Three months from 3 August 2026: 3 October is a holiday until the 8th. What would reach into a year that has not
    been announced is refused when it is asked for, before anybody decides or pays."""
    clock_at(datetime(2026, 8, 3, 4, tzinfo=UTC))
    say(session, holidays=holidays)
    loan = loans.active_loan(session, loans.make_borrower(session), term_months=3)
    contract = current_contract(session, application_id=loan.application_id)
    assert contract is not None and contract.agreement.plan().instalments == schedule(queries.terms(loan)).instalments
    days = [row.due_on for row in queries.instalments(session, loan.id)]
    assert days == [date(2026, 9, 3), date(2026, 10, 8), date(2026, 11, 3)]
    assert "下一个工作日" in _when_paid_later(contract.agreement)
    with pytest.raises(CalendarError):
        loans.active_loan(session, loans.make_borrower(session), term_months=12)


def test_the_month_is_not_asked_to_carry_more_than_a_month() -> None:
    terms = PlanOptions().terms(
        principal_fen=1_000_000, annual_rate=Decimal("0.06"),
        method="equal_instalment", term_months=12, start_on=date(2026, 1, 15),
    )  # fmt: skip
    monthly = largest_payment(schedule(terms))
    anchored: dict[str, Any] = {"anchor_day": 10}
    for change in (anchored, {**anchored, "first_period": FirstPeriod.LONG}, {"day_count": DayCount.ACT_360}):
        assert largest_payment(schedule(replace(terms, **change))) == monthly


@pytest.mark.parametrize(
    "wrong",
    [
        *({"plan": {"due_day": day}} for day in (0, 32, "20", True, 1.5)),
        *({"plan": {"first_period": name}} for name in ("whole", "none", "merged")),
        *({"plan": {"every": every}} for every in (
            {"unit": "month", "count": 5}, {"unit": "week", "count": 2}, "month"
        )),
        *({"plan": {"every": {"unit": "week"}, **more}} for more in ({"due_day": 5}, {"holidays": "next_working_day"})),
        *({"plan": {"instalment_step_fen": step}} for step in (0, 3, True)),
        *({"plan": {name: grace}} for name in ("principal_grace", "interest_grace") for grace in (-1, 12, "1")),
        *({"plan": {"holidays": "skipped"}}, {"plan": {"rounding": "down"}}),
        {"plan": {"principal_grace": 1}, "methods": ["interest_only"]},
        *({"plan": {"smoothing": 1}}, {"plan": {"weekends": "same_day"}}, {"plan": 5}, {"day_count": "30/365"}),
    ],
    ids=str,
)
def test_what_is_no_option_is_refused_with_the_product(wrong: dict[str, Any]) -> None:
    with pytest.raises(ProductMalformed):
        ProductTerms.parse("order_instalments", "2026.2", {**BODY, **wrong})


def test_options_are_written_as_they_are_read() -> None:
    said = {
        "due_day": 20, "first_period": "long", "smoothing": True, "day_count": "act/act", "rounding": "half_even",
        "every": {"unit": "quarter", "count": 2}, "holidays": "next_working_day", "instalment_step_fen": 10,
        "principal_grace": 1, "interest_grace": 2,
    }  # fmt: skip
    assert PlanOptions.read(said).as_json() == said
    assert PlanOptions.read({}).as_json() == {}
    assert Loan.__table__.columns["plan_options"].nullable
