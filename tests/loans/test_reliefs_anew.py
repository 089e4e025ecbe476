"""Waivers and write-offs lived through anew: a payment that comes late, or goes, leaves what it would have in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine.prepayment import Mode
from app.kernel import clock, ids
from app.ledger.models import Entry
from app.loans import domain, queries
from app.loans.domain.reliefs import Waived
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan, LoanRelief, WriteOffRule
from app.loans.queries.reliefs import waivable
from app.loans.usecases.reliefs import Decision, waive, write_off
from app.loans.usecases.reversing import reverse_payment
from tests.factories import loans
from tests.loans.test_rebuilding import Calendar, broken, figures, pay, quote

Clock = Callable[[datetime], None]
STAFF = "system"
KINDS = ["part", "due", "instalment", "prepayment", "payoff", "waive", "waive", "write_off"]
steps = st.lists(
    st.tuples(st.integers(1, 45), st.sampled_from(KINDS), st.floats(0.05, 1), st.sampled_from(list(Mode))),
    min_size=2,
    max_size=5,
)


@pytest.fixture(scope="module")
def calendar() -> Iterator[Calendar]:
    yield Calendar(date(2026, 11, 5))


@given(story=steps, chosen=st.integers(0, 4), after=st.integers(0, 60))
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_given_up_in_any_order(
    client: FlaskClient, session: Session, clock_at: Clock, calendar: Calendar,
    story: list[tuple[int, str, float, Mode]], chosen: int, after: int,
) -> None:  # fmt: skip
    """Three twins with the same reliefs: one never gets a payment, one gets it in time, one late, then all lose it."""
    _begin(session, clock_at, calendar)
    twins = never, in_time, late = [loans.active_loan(session, loans.make_borrower(session)) for _ in range(3)]
    chosen, held, taken = chosen % len(story), None, None
    for number, (days, kind, share, mode) in enumerate(story):
        _go(session, clock_at, calendar, days)
        if kind in ("waive", "write_off"):
            _give_up(session, twins, kind, share)
            continue
        money = quote(session, in_time, kind, share, mode)
        if money is None:
            continue
        paid = pay(session, in_time, money)
        if number == chosen:
            held, taken = money, paid
        else:
            pay(session, never, money)
            pay(session, late, money)
    _go(session, clock_at, calendar, after)
    assert broken(session) == []
    if held is None or taken is None:
        return
    came_late = pay(session, late, held)
    assert all_of(session, late) == all_of(session, in_time)
    assert broken(session) == []
    expected = all_of(session, never)
    for paid in (taken, came_late):
        reverse_payment(session, repayment_id=paid.id, reason="the bank of the payer took it back")
        session.commit()
    assert all_of(session, in_time) == all_of(session, late) == expected
    _go(session, clock_at, calendar, 20)
    assert all_of(session, in_time) == all_of(session, late) == all_of(session, never)
    assert broken(session) == []


def _begin(session: Session, clock_at: Clock, calendar: Calendar) -> None:
    clock_at(calendar.instant())
    if session.scalar(select(WriteOffRule).where(WriteOffRule.min_class == 1)) is None:
        rule = {"min_class": 1, "overdue_above": 10, "keeps_accruing": True, "keeps_line": False}
        session.add(WriteOffRule(id=ids.new_id(), effective_from=calendar.on, source="a test's", **rule))
        session.commit()


def _go(session: Session, clock_at: Clock, calendar: Calendar, days: int) -> None:
    calendar.on += timedelta(days=days)
    clock_at(calendar.instant())
    close_through(None, Run())
    session.expire_all()


def _give_up(session: Session, twins: list[Loan], kind: str, share: float) -> None:
    """The same decision on each twin, where each can have it."""
    on = clock.today()
    if kind == "write_off":
        late = [domain.dpd(one.next_due_on, on, queries.late_terms(one)) for one in twins]
        if all(one.status == "overdue" and days > 10 for one, days in zip(twins, late, strict=True)):
            for one in twins:
                write_off(session, decision=Decision(ids.new_id(), one.id, "small", "金额过小", STAFF))
    else:
        owed = [waivable(session, one, on).parts() for one in twins]
        amounts_fen = {name: int(min(one[name] for one in owed) * share) for name in Waived().parts()}
        if any(amounts_fen.values()):
            for one in twins:
                decision = Decision(ids.new_id(), one.id, "agreement", "协商一致", STAFF)
                waive(session, decision=decision, amounts=amounts_fen)
    session.commit()


def all_of(session: Session, loan: Loan) -> dict[str, object]:
    """What the loan is, what was lost and given up, all to the fen; nothing of it below zero."""
    found: dict[str, object] = figures(session, loan)
    names = ("written_off_on", "booked_interest_fen", "booked_penalty_fen", "lost_principal_fen", "lost_interest_fen")
    found |= {name: getattr(loan, name) for name in (*names, "lost_penalty_fen")}
    given_up = session.scalars(select(LoanRelief).where(LoanRelief.loan_id == loan.id).order_by(LoanRelief.id))
    found["given_up"] = [(one.kind, one.principal_fen, one.interest_fen, one.penalty_fen) for one in given_up]
    amounts = [getattr(loan, name) for name in ("outstanding_principal_fen", "credit_fen", "lost_principal_fen")]
    assert all(fen >= 0 for fen in amounts)
    assert sum(session.scalars(select(Entry.amount_fen))) == 0
    return found
