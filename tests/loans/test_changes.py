"""Changes of live loans, each worked by hand to the fen; what is refused; that nothing is left half done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import audit, clock, ids, invariants
from app.kernel.errors import Problem
from app.kernel.outbox import OutboxEvent
from app.loans import queries
from app.loans.domain import changed_terms as rules
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import ClassChange, Loan, LoanChange, LoanInstalment
from app.loans.usecases.changing import Change, change_loan
from tests.factories import loans
from tests.factories.customers import SignedInCustomer

START = datetime(2026, 11, 5, 4, 0, tzinfo=UTC)
At = Callable[[int], None]
NEW_TERMS: dict[str, Any] = {
    "annual_rate": "0.05", "method": "equal_principal", "first_due_on": "2027-01-20", "instalments": 24
}  # fmt: skip


@pytest.fixture
def borrower(client: FlaskClient, session: Session, clock_at: Callable[[datetime], None]) -> SignedInCustomer:
    clock_at(START)
    return loans.make_borrower(session)


@pytest.fixture
def loan(session: Session, borrower: SignedInCustomer) -> Loan:
    """100,000 yuan at the price of the product, twelve months, from 5 November 2026."""
    return loans.active_loan(session, borrower, amount_fen=10_000_000, term_months=12)


@pytest.fixture
def at(session: Session, clock_at: Callable[[datetime], None]) -> At:
    """Go to a day after the start, all days before it closed."""

    def go(days: int) -> None:
        clock_at(START + timedelta(days=days))
        close_through(None, Run())
        session.expire_all()

    return go


def change(session: Session, loan: Loan, kind: str, change_id: UUID | None = None, **terms: Any) -> LoanChange:
    asked = Change(
        change_id or ids.new_id(), loan.id, kind, clock.today(), rules.read_terms(kind, terms), "双方书面约定",
        "branch:a", "branch:b",
    )  # fmt: skip
    done = change_loan(session, asked)
    session.commit()
    return done


def broken(session: Session) -> list[str]:
    found = [verdict for verdict in invariants.verify(session) if not verdict.holds]
    return [f"{verdict.invariant.statement}: {verdict.violations}" for verdict in found]


def in_force(session: Session, loan: Loan) -> list[LoanInstalment]:
    return [row for row in queries.instalments(session, loan.id) if row.status != "replaced"]


def amounts(rows: list[LoanInstalment]) -> list[tuple[int, int]]:
    return [(row.principal_fen, row.interest_fen) for row in rows]


def test_another_rate_in_the_middle_of_a_period(session: Session, loan: Loan, at: At) -> None:
    """Ten days at 6 % are 166.67 yuan, the other twenty of the month at 4.8 % are 266.67: together 433.33 with the
    first instalment, A = 8,554.42 over a first share of 0.43333 % and eleven of 0.4 %."""
    at(10)
    assert loan.accrued_interest_fen == 16_667
    done = change(session, loan, "rate_change", annual_rate="0.0480")
    rows = in_force(session, loan)
    assert amounts(rows)[:3] == [(812_109, 43_333), (818_690, 36_752), (821_965, 33_477)]
    assert amounts(rows)[-1] == (852_040, 3_408)
    assert rows[0].due_on == date(2026, 12, 5) and rows[0].drawn_on == date(2026, 11, 15)
    assert loan.accrued_interest_fen == 16_667
    assert (str(loan.annual_rate), str(loan.penalty_rate)) == ("0.048000", "0.072000")
    assert (done.before["next_payment_fen"], done.after["next_payment_fen"]) == (860_664, 855_442)
    assert done.before["total_interest_fen"] == 327_973
    assert done.after["total_interest_fen"] == sum(row.interest_fen for row in rows)
    assert (done.before["asset_class"], done.after["asset_class"], done.journal_keys) == (1, 1, [])
    at(11)
    assert loan.accrued_interest_fen == 18_000  # 166.67 and a day of 13.33
    at(30)
    assert loan.accrued_interest_fen == 43_333
    loans.repay(session, loan)
    assert loan.outstanding_principal_fen == 10_000_000 - 812_109
    at(35)
    assert queries.pay_off_quote(session, loan, clock.today()).interest_fen == 6_125  # 91,878.91 × 4.8 % × 5 ÷ 360
    assert broken(session) == []


def test_another_due_day_shows_what_the_days_between_cost(session: Session, loan: Loan, at: At) -> None:
    """From the 5th to the 20th: fifteen days more before the first instalment are 250.00 yuan, by actual days."""
    at(10)
    done = change(session, loan, "due_day_change", anchor_day="20")
    rows = in_force(session, loan)
    assert [row.due_on for row in rows[:3]] == [date(2026, 12, 20), date(2027, 1, 20), date(2027, 2, 20)]
    assert amounts(rows)[:2] == [(787_805, 75_000), (816_744, 46_061)] and amounts(rows)[-1] == (858_515, 4_293)
    assert (done.before["due_day"], done.after["due_day"]) == (5, 20)
    at(45)
    assert (loan.status, loan.accrued_interest_fen, loan.next_due_on) == ("active", 75_000, date(2026, 12, 20))
    assert broken(session) == []


def test_an_extension_spreads_the_rest_and_is_watched(session: Session, loan: Loan, at: At) -> None:
    """Three months more: A = 6,936.44 fifteen times; special mention for half a year, then a person may say better."""
    at(10)
    done = change(session, loan, "extension", periods=3)
    rows = in_force(session, loan)
    assert (len(rows), rows[-1].due_on, loan.term_months) == (15, date(2028, 2, 5), 15)
    assert amounts(rows)[:2] == [(643_644, 50_000), (646_862, 46_782)] and amounts(rows)[-1] == (690_187, 3_451)
    assert (loan.asset_class, loan.class_floor, loan.observed_until) == (2, 2, date(2027, 5, 15))
    made = session.scalars(select(ClassChange).where(ClassChange.loan_id == loan.id)).one()
    assert (made.from_class, made.to_class, made.status) == (1, 2, "applied")
    assert done.after["observed_until"] == "2027-05-15"
    at(12)
    assert list(queries.open_proposals(session)) == []
    with pytest.raises(rules.ExtendedBefore):
        change(session, loan, "extension", periods=1)
    assert broken(session) == []


def test_a_restructuring_folds_principal_in_and_keeps_the_rest_owed(session: Session, loan: Loan, at: At) -> None:
    """Fifteen days late: 8,106.64 of principal goes back into the loan; interest of 500.00 with 30.40 of penalty and
    1.88 of compound interest stays owed. 91,893.36 has earned 229.73 since, due with the first of 24 new instalments
    beside a month of 5 % on 100,000.00."""
    at(45)
    assert (loan.status, loan.asset_class) == ("overdue", 2)
    done = change(session, loan, "restructuring", **NEW_TERMS)
    rows = in_force(session, loan)
    assert amounts(rows)[:3] == [(0, 50_000), (416_667, 64_640), (416_667, 39_931)]
    assert rows[0].moved_principal_fen == 810_664
    owed = queries.rows(session, loan, clock.today())[0]
    assert (owed.principal_fen, owed.interest_fen, owed.penalty_fen, owed.compound_fen) == (0, 50_000, 3_040, 188)
    assert (loan.status, loan.outstanding_principal_fen, loan.next_due_on) == ("overdue", 10_000_000, date(2026, 12, 5))
    assert (loan.class_floor, loan.observed_until, loan.method) == (2, date(2028, 1, 20), "equal_principal")
    assert (done.after["term_months"], done.after["annual_rate"]) == (26, "0.050000")
    assert broken(session) == []
    loans.repay(session, loan, "due")
    assert (loan.status, loan.paid_interest_fen, loan.paid_penalty_fen) == ("active", 50_000, 3_228)
    at(50)
    assert (loan.asset_class, loan.accruing, list(queries.open_proposals(session))) == (2, True, [])
    assert broken(session) == []


def test_arrears_can_be_kept_as_they_are(session: Session, loan: Loan, at: At) -> None:
    at(45)
    change(session, loan, "restructuring", keep_arrears=True, **NEW_TERMS)
    assert amounts(in_force(session, loan))[:2] == [(810_664, 50_000), (382_889, 61_262)]
    quote = queries.pay_off_quote(session, loan, clock.today())
    assert (quote.principal_fen, quote.interest_fen, quote.penalty_fen) == (10_000_000, 50_000 + 22_973, 3_228)
    loans.repay(session, loan, "payoff")
    assert loan.status == "settled" and broken(session) == []


def test_who_is_told_and_what_is_kept(session: Session, loan: Loan, at: At) -> None:
    at(10)
    done = change(session, loan, "rate_change", annual_rate="0.0480")
    event = session.scalars(select(OutboxEvent).where(OutboxEvent.name == "loan.changed")).one()
    assert event.subject_id == loan.id and event.payload["kind"] == "rate_change"
    entry = session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.action == "loan.changed")).one()
    assert entry.facts["proposed_by"] == "branch:a" and entry.facts["terms"] == {"annual_rate": "0.048000"}
    again = change(session, loan, "rate_change", change_id=done.id, annual_rate="0.0480")
    assert again.id == done.id and len(in_force(session, loan)) == 12


Case = tuple[type[Problem], str, dict[str, Any]]
REFUSED: list[Case] = [
    (rules.RateAboveCap, "rate_change", {"annual_rate": "0.2401"}),
    (rules.NothingChanges, "rate_change", {"annual_rate": "0.06"}),
    (rules.TermsWrong, "rate_change", {"annual_rate": "NaN"}),
    (rules.TermsWrong, "rate_change", {"annual_rate": "1.5"}),
    (rules.TermsWrong, "rate_change", {"annual_rate": "0.0480001"}),
    (rules.TermsWrong, "rate_change", {}),
    (rules.NothingChanges, "due_day_change", {"anchor_day": 5}),
    (rules.TermsWrong, "due_day_change", {"anchor_day": 32}),
    (rules.TermsWrong, "extension", {"periods": 0}),
    (rules.ExtensionTooLong, "extension", {"periods": 13}),
    (rules.TermsWrong, "renewal", {}),
    (
        rules.TermsWrong,
        "restructuring",
        {"annual_rate": "0.05", "method": "flat", "first_due_on": "2026-12-20", "instalments": 3},
    ),
    (
        rules.TermsWrong,
        "restructuring",
        {"annual_rate": "0.05", "method": "bullet", "first_due_on": "2026-11-15", "instalments": 3},
    ),
    (
        rules.TermsWrong,
        "restructuring",
        {"annual_rate": "0.05", "method": "bullet", "first_due_on": "2026-02-31", "instalments": 3},
    ),
]


def test_what_is_refused_changes_nothing(session: Session, loan: Loan, at: At) -> None:
    at(10)
    before = loans.state_of(session, loan), loan.annual_rate
    for expected, kind, terms in REFUSED:
        with pytest.raises(expected):
            change(session, loan, kind, **terms)
        session.rollback()
    for expected, on, people in (
        (rules.DayIsOver, clock.today() - timedelta(days=1), ("branch:a", "branch:b")),
        (rules.DayNotCome, clock.today() + timedelta(days=1), ("branch:a", "branch:b")),
        (rules.SamePerson, clock.today(), ("branch:a", "branch:a")),
    ):
        with pytest.raises(expected):
            asked = Change(ids.new_id(), loan.id, "rate_change", on, {"annual_rate": "0.05"}, "why", *people)
            change_loan(session, asked)
        session.rollback()
    assert (loans.state_of(session, loan), loan.annual_rate) == before
    assert session.scalars(select(LoanChange)).all() == []


def test_refused_by_where_the_loan_stands(session: Session, loan: Loan, at: At, clock_at: Any) -> None:
    """Days that are still open, instalments paid ahead, two on one day, what is late, what is over."""
    at(10)
    clock_at(START + timedelta(days=11))
    with pytest.raises(rules.DaysOpen):
        change(session, loan, "rate_change", annual_rate="0.05")
    session.rollback()
    at(11)
    change(session, loan, "rate_change", annual_rate="0.05")
    with pytest.raises(rules.ChangedToday):
        change(session, loan, "due_day_change", anchor_day=9)
    session.rollback()
    at(40)
    for kind, terms in (("rate_change", {"annual_rate": "0.04"}), ("extension", {"periods": 1})):
        with pytest.raises(rules.LoanLate):
            change(session, loan, kind, **terms)
        session.rollback()
    loans.repay(session, loan, "due")
    loans.repay(session, loan, "instalment")
    with pytest.raises(rules.PaidAhead):
        change(session, loan, "rate_change", annual_rate="0.04")
    session.rollback()
    loans.repay(session, loan, "payoff")
    with pytest.raises(rules.LoanOver):
        change(session, loan, "rate_change", annual_rate="0.04")
    session.rollback()
    assert broken(session) == []


def test_broken_off_before_the_end_it_never_began(session: Session, loan: Loan, at: At) -> None:
    """All of it is one transaction: what is undone leaves rows, figures, audit and outbox as they were."""
    at(10)
    before = loans.state_of(session, loan), amounts(queries.instalments(session, loan.id))
    asked = Change(ids.new_id(), loan.id, "extension", clock.today(), {"periods": 2}, "why", "branch:a", "branch:b")
    change_loan(session, asked)
    session.rollback()  # the process dies before the commit
    session.expire_all()
    assert (loans.state_of(session, loan), amounts(queries.instalments(session, loan.id))) == before
    assert session.scalars(select(LoanChange)).all() == []
    assert session.scalars(select(OutboxEvent).where(OutboxEvent.name == "loan.changed")).all() == []
    assert loan.asset_class == 1 and broken(session) == []
