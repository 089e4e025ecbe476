"""Late loans: penalty and part payments to the fen, days past due, income that stops, classes, the right day."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine.overdue import PenaltyRule, penalty_interest
from app.engine.replay import replay
from app.engine.replay.events import Disbursed, Event, LoanRules, Paid
from app.kernel import clock, ids, invariants
from app.kernel.outbox import OutboxEvent
from app.ledger import queries as ledger
from app.ledger.models import Journal
from app.loans import domain, queries, usecases
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan, LoanInstalment, Repayment
from tests.factories import loans

START = datetime(2026, 8, 15, 4, 0, tzinfo=UTC)
DUE = date(2026, 9, 15)
TERMS = domain.LateTerms(Decimal("0.09"), 0, compound=True)


def test_the_worked_numbers_of_lateness():
    """8,000.00 at 6 % × 1.5 for 30 days: 60.00; compound on 606.64 of interest: 4.55."""
    row = domain.Row(1, DUE, 800_000, 60_664)
    product = domain.late_product(domain.Product(), row, DUE + timedelta(days=30), TERMS)
    assert domain.penalty_fen(product.principal_days, TERMS) == 6_000
    assert domain.penalty_fen(product.interest_days, TERMS) == 455


@given(st.integers(1, 10**9), st.integers(0, 400), st.integers(0, 5), st.integers(1, 9999))
def test_lateness_is_the_engines(principal_fen: int, days: int, grace_days: int, rate: int):
    terms = domain.LateTerms(Decimal(rate) / 10_000, grace_days, compound=False)
    on = DUE + timedelta(days=days)
    product = domain.late_product(domain.Product(), domain.Row(1, DUE, principal_fen, 0), on, terms)
    rule = PenaltyRule(overdue_multiple=Decimal(1), grace_days=grace_days)
    expected = penalty_interest(principal_fen, terms.penalty_rate, DUE, on, rule)
    assert domain.penalty_fen(product.principal_days, terms) == expected


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), max_size=6), st.integers(0, 3))
def test_counting_in_between_changes_nothing(steps: list[int], grace_days: int):
    terms = domain.LateTerms(Decimal("0.0675"), grace_days, compound=True)
    row, product, on = domain.Row(1, DUE, 733_313, 41_117), domain.Product(), DUE
    for days in steps:
        on += timedelta(days=days)
        product = domain.late_product(product, row, on, terms)
    assert product == domain.late_product(domain.Product(), row, on, terms)


# -- over real loans -----------------------------------------------------------------------------------------------


@pytest.fixture
def borrower(channels: None, session: Session, clock_at: Any) -> Any:
    clock_at(START)
    return loans.make_borrower(session)


@pytest.fixture
def loan(session: Session, borrower: Any) -> Loan:
    return loans.active_loan(session, borrower, amount_fen=10_000_000)


@pytest.fixture
def at(session: Session, clock_at: Any) -> Any:
    """`at(day)`: noon of a day in China, all days before it closed."""

    def go(day: date) -> None:
        clock_at(datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC))
        session.commit()
        close_through(None, Run())
        session.expire_all()

    return go


def pay_due(session: Session, loan: Loan, amount_fen: int | None = None, paid_at: datetime | None = None) -> Repayment:
    way = usecases.inside_wechat(session, customer_id=loan.customer_id, app="mini")
    whose = {"customer_id": loan.customer_id, "loan_id": loan.id, "kind": "due", "way": way}
    repayment, _ = usecases.open_repayment(session, repayment_id=ids.new_id(), amount_fen=amount_fen, **whose)
    found = usecases.apply_payment(
        session, repayment_id=repayment.id, amount_fen=repayment.amount_fen, paid_at=paid_at or clock.now()
    )
    session.commit()
    return found


def due_now(session: Session, loan: Loan) -> int:
    return sum(row.total_fen for row in domain.due_rows(queries.rows(session, loan, clock.today()), clock.today()))


def late_fen(loan: Loan, row: LoanInstalment, days: int) -> int:
    """As the contract says: penalty on the late principal, compound at the same rate on the unpaid interest."""
    rate = loan.penalty_rate / 360
    return round(row.principal_fen * rate * days) + round(row.interest_fen * rate * days)


def balances(session: Session) -> dict[str, int]:
    return {row.code: row.balance_fen for row in ledger.trial_balance(session)}


def check(session: Session) -> None:
    found = [verdict for verdict in invariants.verify(session) if not verdict.holds]
    assert [f"{verdict.invariant.statement}: {verdict.violations}" for verdict in found] == []


def test_paid_in_parts_penalty_comes_first_and_ends_with_the_principal(session: Session, loan: Loan, at: Any) -> None:
    first = queries.instalments(session, loan.id)[0]
    at(DUE + timedelta(days=10))
    assert (loan.status, loan.next_due_on) == ("overdue", DUE)
    rate = loan.penalty_rate / 360
    ten_days = late_fen(loan, first, 10)
    assert loan.accrued_penalty_fen == ten_days == balances(session)["penalty_receivable"]
    part = pay_due(session, loan, 100_000)
    assert (part.penalty_fen, part.interest_fen) == (ten_days, first.interest_fen)
    assert part.principal_fen == 100_000 - ten_days - first.interest_fen
    check(session)
    at(DUE + timedelta(days=20))
    left = first.principal_fen - (part.principal_fen or 0)
    compound_fen = ten_days - round(first.principal_fen * rate * 10)  # ended when the interest was paid
    assert loan.accrued_penalty_fen == round((first.principal_fen * 10 + left * 10) * rate) + compound_fen
    rest = pay_due(session, loan)
    assert rest.penalty_fen == loan.accrued_penalty_fen - ten_days
    assert (rest.principal_fen, rest.interest_fen, rest.overpaid_fen) == (left, 0, 0)
    assert (loan.status, loan.next_due_on, due_now(session, loan)) == ("active", date(2026, 10, 15), 0)
    assert (balances(session)["penalty_receivable"], first.status) == (0, "paid")
    check(session)
    at(DUE + timedelta(days=25))
    assert (loan.status, loan.accrued_penalty_fen) == ("active", loan.paid_penalty_fen)
    check(session)


def test_a_payment_of_a_day_that_is_closed_counts_for_it_and_stands_on_the_next(
    session: Session, loan: Loan, at: Any, clock_at: Any
) -> None:
    """Quoted and paid at noon, heard of after midnight, when the day is closed already and penalty has grown."""
    paid_on = DUE + timedelta(days=4)
    at(paid_on)
    due_fen = due_now(session, loan)
    way = usecases.inside_wechat(session, customer_id=loan.customer_id, app="mini")
    repayment, _ = usecases.open_repayment(
        session, repayment_id=ids.new_id(), customer_id=loan.customer_id, loan_id=loan.id, kind="due", way=way
    )
    paid_at = clock.now()
    at(paid_on + timedelta(days=1))
    grown = loan.accrued_penalty_fen
    usecases.apply_payment(session, repayment_id=repayment.id, amount_fen=due_fen, paid_at=paid_at)
    session.commit()
    assert (repayment.overpaid_fen, due_now(session, loan), loan.status) == (0, 0, "active")
    assert loan.accrued_penalty_fen == loan.paid_penalty_fen < grown
    journal = session.scalars(select(Journal).where(Journal.key == f"repayment:{repayment.id}")).one()
    assert (journal.value_on, journal.business_on) == (paid_on, paid_on + timedelta(days=1))
    check(session)


def test_a_payment_on_missed_days_is_right_when_they_are_closed_later(session: Session, loan: Loan, at: Any) -> None:
    clock.use(lambda: datetime(2026, 9, 25, 4, 0, tzinfo=UTC))  # nobody closed a day for six weeks
    first = queries.instalments(session, loan.id)[0]
    paid = pay_due(session, loan)
    assert paid.penalty_fen == late_fen(loan, first, 10)
    check(session)
    at(date(2026, 9, 26))
    assert (loan.status, loan.accrued_penalty_fen) == ("active", paid.penalty_fen)
    check(session)


def test_above_ninety_days_interest_is_no_income_and_principal_is_settled_first(
    session: Session, loan: Loan, at: Any
) -> None:
    at(DUE + timedelta(days=90))
    income = balances(session)["interest_income"]
    assert (loan.accruing, loan.asset_class, balances(session)["off_balance_interest"]) == (True, 2, 0)
    assert income == -loan.accrued_interest_fen
    at(DUE + timedelta(days=91))
    assert (loan.accruing, loan.asset_class) == (False, 3)
    owed = loan.accrued_interest_fen + loan.accrued_penalty_fen
    found = balances(session)
    assert (found["interest_income"], found["penalty_income"]) == (0, 0)
    assert (found["interest_receivable"], found["penalty_receivable"]) == (0, 0)
    assert (found["off_balance_interest"], found["off_balance_contra"]) == (owed, -owed)
    check(session)
    part = pay_due(session, loan, 100_000)
    assert (part.principal_fen, part.interest_fen, part.penalty_fen) == (100_000, 0, 0)
    check(session)
    pay_due(session, loan)
    found = balances(session)
    assert (loan.accruing, loan.status, found["off_balance_interest"]) == (True, "active", 0)
    assert found["interest_income"] == -loan.accrued_interest_fen
    check(session)


def test_a_better_class_waits_for_a_person(session: Session, loan: Loan, at: Any) -> None:
    at(DUE + timedelta(days=91))
    pay_due(session, loan)
    assert loan.asset_class == 3
    at(DUE + timedelta(days=93))
    [proposal] = queries.open_proposals(session)
    assert (proposal.from_class, proposal.to_class, loan.asset_class) == (3, 1, 3)
    usecases.reject_class(session, change_id=proposal.id, actor="staff:1", reason="too early")
    with pytest.raises(domain.ProposalOver):
        usecases.confirm_class(session, change_id=proposal.id, actor="staff:1")
    at(DUE + timedelta(days=96))
    assert queries.open_proposals(session) == []
    loans.repay(session, loan)
    at(DUE + timedelta(days=125))
    [proposal] = queries.open_proposals(session)
    usecases.confirm_class(session, change_id=proposal.id, actor="staff:1")
    session.commit()
    assert loan.asset_class == 1
    assert [change.status for change in queries.class_changes(session, loan.id)] == [
        "applied",
        "applied",
        "rejected",
        "confirmed",
    ]
    with pytest.raises(domain.ProposalUnknown):
        usecases.confirm_class(session, change_id=ids.new_id(), actor="staff:1")


def test_classes_follow_the_days(session: Session, loan: Loan, at: Any) -> None:
    for days, asset_class in ((1, 2), (91, 3), (271, 4), (361, 5)):
        at(DUE + timedelta(days=days))
        assert loan.asset_class == asset_class
        assert domain.dpd(loan.next_due_on, clock.today(), queries.late_terms(loan)) == days
    overdue = session.scalars(select(OutboxEvent).where(OutboxEvent.name == "loan.overdue")).all()
    assert len(overdue) == 1
    check(session)
    pay_off = loans.repay(session, loan, "payoff")
    assert (loan.status, pay_off.overpaid_fen, pay_off.penalty_fen) == ("settled", 0, loan.paid_penalty_fen)
    assert pay_off.penalty_fen and pay_off.penalty_fen > 0
    found = {code: fen for code, fen in balances(session).items() if fen}
    assert found.keys() == {"bank_settlement", "interest_income", "penalty_income", "wechat_pay_clearing"}
    check(session)


@pytest.mark.parametrize("seed", range(3))
def test_a_late_life_is_the_one_the_engine_replays(session: Session, loan: Loan, at: Any, seed: int) -> None:
    """Due days are missed, payments come in parts, compound interest and days of grace as agreed."""
    draw = random.Random(seed)
    loan.compound_penalty, loan.grace_days = True, draw.choice((0, 2))
    rule = PenaltyRule(overdue_multiple=loan.penalty_rate / loan.annual_rate, grace_days=loan.grace_days)
    events: list[Event] = [Disbursed(on=START.date(), sequence=0, terms=queries.terms(loan), rules=LoanRules(rule))]
    day = DUE
    for sequence in range(1, 9):
        day += timedelta(days=draw.randrange(1, 35))
        at(day)
        owed = due_now(session, loan)
        if owed:
            amount = owed if draw.random() < 0.3 else draw.randrange(1, owed + 1)
            pay_due(session, loan, amount)
            events.append(Paid(on=day, sequence=sequence, amount_fen=amount))
        expected = replay(events, day)
        assert due_now(session, loan) == expected.due_fen
        assert loan.outstanding_principal_fen == expected.principal_fen
        assert domain.dpd(loan.next_due_on, day, queries.late_terms(loan)) == expected.days_past_due
        check(session)


# -- over HTTP -----------------------------------------------------------------------------------------------------


def ask(client: FlaskClient, borrower: Any, loan: Loan, **body: Any) -> Any:
    sent = {"kind": "due", "app": "mini", **body}
    return client.post(f"/customer/v1/loans/{loan.id}/repayments", json=sent, headers=borrower.writing())


def test_the_customer_sees_what_is_due_and_pays_a_part(
    client: FlaskClient, session: Session, borrower: Any, loan: Loan, at: Any
) -> None:
    assert ask(client, borrower, loan).get_json()["code"] == "repayment.nothing_due"
    at(DUE + timedelta(days=10))
    borrower = loans.sign_in_again(session, borrower)
    shown = client.get(f"/customer/v1/loans/{loan.id}", headers=borrower.headers).get_json()
    first = shown["instalments"][0]
    assert (shown["status"], shown["overdue_days"], first["overdue_days"]) == ("overdue", 10, 10)
    assert shown["penalty_fen"] == first["penalty_fen"] == loan.accrued_penalty_fen
    assert shown["due_now_fen"] == first["payment_fen"] + first["penalty_fen"] == shown["next_payment_fen"]
    too_much = ask(client, borrower, loan, amount_fen=shown["due_now_fen"] + 1)
    assert (too_much.status_code, too_much.get_json()["code"]) == (422, "repayment.amount_out_of_range")
    assert too_much.get_json()["context"]["due_now_fen"] == shown["due_now_fen"]
    for body in ({"amount_fen": 0}, {"amount_fen": "5"}, {"kind": "instalment", "amount_fen": 5}):
        assert ask(client, borrower, loan, **body).get_json()["code"] == "request.invalid"
    quote = client.get(f"/customer/v1/loans/{loan.id}/payoff-quote", headers=borrower.headers).get_json()
    assert quote["penalty_fen"] == shown["penalty_fen"]
    assert quote["total_fen"] == quote["principal_fen"] + quote["interest_fen"] + quote["penalty_fen"]
    paid = pay_due(session, loan, 100_000)
    receipt = client.get(f"/customer/v1/repayments/{paid.id}/receipt", headers=borrower.headers).get_json()
    assert receipt["penalty_fen"] == shown["penalty_fen"]
    assert receipt["principal_fen"] + receipt["interest_fen"] + receipt["penalty_fen"] == 100_000
