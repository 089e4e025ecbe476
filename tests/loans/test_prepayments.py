"""Paying a part early: what is executed is what was quoted, sums and the book stay right, whatever comes after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.engine.errors import PrepaymentError
from app.engine.prepayment import Mode
from app.engine.replay import replay
from app.engine.replay.events import Disbursed, Event, Paid, PrepaidPart
from app.kernel import clock, invariants
from app.ledger.models import Journal
from app.loans import queries, usecases
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan, LoanInstalment
from app.loans.queries.plans import plan_in_force
from tests.factories import loans
from tests.factories.customers import SignedInCustomer

START = datetime(2026, 11, 5, 4, 0, tzinfo=UTC)
MODES = [Mode.LOWER_INSTALMENT, Mode.SHORTER_TERM]
Clock = Callable[[datetime], None]


@pytest.fixture
def borrower(client: FlaskClient, session: Session, clock_at: Clock) -> SignedInCustomer:
    clock_at(START)
    return loans.make_borrower(session)


@pytest.fixture
def loan(session: Session, borrower: SignedInCustomer) -> Loan:
    return loans.active_loan(session, borrower)


def broken(session: Session) -> list[str]:
    found = [verdict for verdict in invariants.verify(session) if not verdict.holds]
    return [f"{verdict.invariant.statement}: {verdict.violations}" for verdict in found]


def left(session: Session, loan: Loan) -> list[tuple[date, int, int]]:
    """The rows that are still to be paid."""
    rows = queries.instalments(session, loan.id)
    return [(row.due_on, row.principal_fen, row.interest_fen) for row in rows if row.status == "due"]


def quoted(session: Session, loan: Loan, amount_fen: int, mode: Mode) -> list[tuple[date, int, int]]:
    quote = queries.early_repayment(session, loan, on=clock.today(), amount_fen=amount_fen, mode=mode)
    return [(row.due_on, row.principal_fen, row.interest_fen) for row in quote.outcomes[mode].plan.instalments]


def prepay(session: Session, loan: Loan, amount_fen: int, mode: Mode) -> Any:
    return loans.repay(session, loan, "prepayment", amount_fen=amount_fen, mode=mode)


@pytest.mark.parametrize("mode", MODES)
def test_what_was_quoted_is_executed(session: Session, loan: Loan, clock_at: Clock, mode: Mode) -> None:
    clock_at(START + timedelta(days=30))
    loans.repay(session, loan)
    clock_at(START + timedelta(days=40))
    expected = quoted(session, loan, 400_000, mode)
    owed_fen = loan.outstanding_principal_fen
    done = prepay(session, loan, 400_000, mode)
    assert (done.status, done.mode, done.overpaid_fen) == ("applied", mode, 0)
    assert (done.principal_fen or 0) + (done.interest_fen or 0) == 400_000
    assert left(session, loan) == expected
    assert loan.outstanding_principal_fen == owed_fen - (done.principal_fen or 0) == sum(row[1] for row in expected)
    assert broken(session) == []
    rows = queries.instalments(session, loan.id)
    assert {row.replaced_on for row in rows if row.status == "replaced"} == {clock.today()}
    assert sum(row.principal_fen for row in rows if row.status != "replaced") == loan.principal_fen


@given(
    days=st.integers(0, 300),
    share=st.floats(0.01, 0.97),
    mode=st.sampled_from(MODES),
    ahead=st.integers(0, 2),
    method=st.sampled_from(["equal_instalment", "equal_principal"]),
)
@settings(max_examples=16, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_amount_on_any_day(
    session: Session, clock_at: Clock, days: int, share: float, mode: Mode, ahead: int, method: str
) -> None:
    """Instalments paid ahead or late, then a part early: the same as quoted, and the book agrees."""
    clock_at(START)
    loan = loans.active_loan(session, loans.make_borrower(session), method=method)
    for _ in range(ahead):
        loans.repay(session, loan)
    clock_at(START + timedelta(days=days))
    pay_off_fen = queries.pay_off_quote(session, loan, clock.today()).total_fen
    amount_fen = max(1, int(pay_off_fen * share))
    try:
        expected = quoted(session, loan, amount_fen, mode)
    except PrepaymentError as error:
        assert error.reason == "amount_too_small"
        with pytest.raises(PrepaymentError):
            loans.open_repayment(session, loan, "prepayment", amount_fen=amount_fen, mode=mode)
    else:
        done = prepay(session, loan, amount_fen, mode)
        assert left(session, loan) == expected and done.overpaid_fen == 0
        assert loan.status == "active" and loan.next_due_on == expected[0][0]
        assert queries.pay_off_quote(session, loan, clock.today()).total_fen == loan.outstanding_principal_fen
    assert broken(session) == []


@pytest.mark.parametrize("mode", MODES)
def test_the_engines_replay_of_the_same_story_says_the_same(
    session: Session, loan: Loan, clock_at: Clock, mode: Mode
) -> None:
    """Due days paid on their day, two prepayments between them."""
    events: list[Event] = [Disbursed(on=loan.start_on, sequence=1, terms=queries.terms(loan))]

    def pay_due() -> None:
        clock_at(datetime.combine(loan.next_due_on or START, datetime.min.time(), UTC) + timedelta(hours=4))
        paid = loans.repay(session, loan, "due")
        events.append(Paid(on=clock.today(), sequence=len(events) + 1, amount_fen=paid.amount_fen))

    def pay_early(days: int, amount_fen: int) -> None:
        clock_at(clock.now() + timedelta(days=days))
        prepay(session, loan, amount_fen, mode)
        events.append(PrepaidPart(on=clock.today(), sequence=len(events) + 1, amount_fen=amount_fen, mode=mode))

    pay_due()
    pay_early(11, 300_000)
    pay_due()
    pay_due()
    pay_early(1, 200_000)
    pay_due()
    state = replay(events, clock.today())
    expected = [
        (row.due_on, row.principal_fen, row.interest_fen) for row in state.plan.instalments[state.rows_billed :]
    ]
    assert left(session, loan) == expected
    assert (state.principal_fen, state.credit_fen) == (loan.outstanding_principal_fen, loan.credit_fen)
    found = plan_in_force(session, loan, queries.instalments(session, loan.id))
    assert found.schedule == state.plan and found.paid_fen == state.billed_fen()
    on = clock.today() + timedelta(days=9)
    assert queries.pay_off_quote(session, loan, on).total_fen == replay(events, on).payoff().total_fen


def test_interest_goes_on_by_the_day_and_ends_as_planned(
    client: FlaskClient, session: Session, loan: Loan, clock_at: Clock
) -> None:
    clock_at(START + timedelta(days=10))
    prepay(session, loan, 1_050_000, Mode.SHORTER_TERM)  # three instalments are left
    for months in range(5):
        due_on = loan.next_due_on
        if due_on is None:
            break
        clock_at(datetime(due_on.year, due_on.month, due_on.day, 4, 0, tzinfo=UTC))
        close_through(None, Run())
        session.expire_all()
        assert broken(session) == [], months
        loans.repay(session, loan, "due")
        assert loan.accrued_interest_fen == loan.paid_interest_fen or loan.status == "settled"
    assert loan.status == "settled" and loan.outstanding_principal_fen == 0
    rows = [row for row in queries.instalments(session, loan.id) if row.status != "replaced"]
    assert loan.paid_interest_fen == sum(row.interest_fen for row in rows)
    assert broken(session) == []


def test_arrears_and_penalty_come_first(session: Session, loan: Loan, clock_at: Clock) -> None:
    clock_at(START + timedelta(days=75))  # two instalments are late
    quote = queries.early_repayment(session, loan, on=clock.today(), amount_fen=600_000, mode=Mode.LOWER_INSTALMENT)
    done = quote.outcomes[Mode.LOWER_INSTALMENT]
    assert quote.penalty_fen > 0 and done.arrears_fen > 0
    assert quote.penalty_fen + done.arrears_fen + done.interest_fen + done.principal_fen == 600_000
    paid = prepay(session, loan, 600_000, Mode.LOWER_INSTALMENT)
    assert paid.penalty_fen == quote.penalty_fen and loan.status == "active"
    assert left(session, loan)[0][0] > clock.today()
    assert broken(session) == []


def test_a_pay_off_after_a_prepayment(session: Session, loan: Loan, clock_at: Clock) -> None:
    clock_at(START + timedelta(days=10))
    prepay(session, loan, 500_000, Mode.LOWER_INSTALMENT)
    clock_at(START + timedelta(days=20))
    last = loans.repay(session, loan, "payoff")
    assert (loan.status, last.overpaid_fen) == ("settled", 0)
    assert broken(session) == []


def test_the_same_money_twice_is_booked_once(session: Session, loan: Loan) -> None:
    done = prepay(session, loan, 500_000, Mode.LOWER_INSTALMENT)
    before = loans.state_of(session, loan), session.scalar(select(func.count()).select_from(Journal))
    usecases.apply_payment(session, repayment_id=done.id, amount_fen=done.amount_fen, paid_at=clock.now())
    session.commit()
    assert (loans.state_of(session, loan), session.scalar(select(func.count()).select_from(Journal))) == before


def test_money_after_midnight_counts_for_the_day_of_its_quote(session: Session, loan: Loan, clock_at: Clock) -> None:
    clock_at(datetime(2026, 11, 20, 15, 58, tzinfo=UTC))
    waiting = loans.open_repayment(session, loan, "prepayment", amount_fen=500_000, mode=Mode.SHORTER_TERM)
    expected = quoted(session, loan, 500_000, Mode.SHORTER_TERM)
    clock_at(datetime(2026, 11, 20, 16, 10, tzinfo=UTC))
    close_through(None, Run())
    session.expire_all()
    usecases.apply_payment(session, repayment_id=waiting.id, amount_fen=500_000, paid_at=clock.now())
    session.commit()
    assert left(session, loan) == expected
    assert broken(session) == []


def test_more_money_than_was_left_settles_the_loan(session: Session, loan: Loan) -> None:
    """A prepayment was opened, then the rest was paid in another way before its money came."""
    waiting = loans.open_repayment(session, loan, "prepayment", amount_fen=900_000, mode=Mode.SHORTER_TERM)
    waiting.amount_fen = 1_400_000
    done = usecases.apply_payment(session, repayment_id=waiting.id, amount_fen=1_400_000, paid_at=clock.now())
    session.commit()
    assert loan.status == "settled" and (done.overpaid_fen or 0) > 0 and done.plan_amount_fen is None
    assert broken(session) == []


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({}, 422, "request.invalid"),
        ({"amount_fen": 400_000}, 422, "request.invalid"),
        ({"mode": "shorter_term"}, 422, "request.invalid"),
        ({"amount_fen": 400_000, "mode": "both"}, 422, "request.invalid"),
        ({"amount_fen": 0, "mode": "shorter_term"}, 422, "request.invalid"),
        ({"amount_fen": "400000", "mode": "shorter_term"}, 422, "request.invalid"),
        ({"amount_fen": 10**13, "mode": "shorter_term"}, 422, "request.invalid"),
        ({"amount_fen": 10**12, "mode": "shorter_term"}, 422, "prepayment.settles_loan"),
        ({"amount_fen": 1, "mode": "shorter_term"}, 422, "prepayment.amount_too_small"),
        ({"kind": "payoff", "amount_fen": 400_000}, 422, "request.invalid"),
        ({"kind": "instalment", "mode": "shorter_term"}, 422, "request.invalid"),
    ],
    ids=str,
)
def test_refused(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, loan: Loan, clock_at: Clock, changes: Any,
    status: int, code: str,
) -> None:  # fmt: skip
    clock_at(START + timedelta(days=20))
    who = loans.sign_in_again(session, borrower)
    body = {"kind": "prepayment", "app": "mini", **changes}
    answer = client.post(f"/customer/v1/loans/{loan.id}/repayments", json=body, headers=who.writing())
    assert (answer.status_code, answer.get_json()["code"]) == (status, code), answer.text
    rows = session.scalars(select(LoanInstalment.status).where(LoanInstalment.loan_id == loan.id))
    assert set(rows) == {"due"}
    if code == "prepayment.settles_loan":
        quote = client.get(f"/customer/v1/loans/{loan.id}/payoff-quote", headers=who.headers).get_json()
        assert answer.get_json()["context"]["pay_off_fen"] == quote["total_fen"]
