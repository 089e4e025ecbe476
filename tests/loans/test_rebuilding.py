"""Lived through anew is lived: a payment taken back never came, a payment that comes late came in time, to the fen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.engine.errors import PrepaymentError
from app.engine.prepayment import Mode
from app.kernel import clock, ids, invariants
from app.kernel.errors import Problem
from app.loans import domain, queries, usecases
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan, Repayment
from app.loans.usecases.reversing import reverse_payment
from tests.factories import loans

Clock = Callable[[datetime], None]
MODES = [Mode.LOWER_INSTALMENT, Mode.SHORTER_TERM]
KINDS = ["instalment", "due", "part", "prepayment", "prepayment", "payoff"]


@dataclass
class Calendar:
    """Examples follow one another in time: closed days stay closed."""

    on: date

    def instant(self) -> datetime:
        return datetime(self.on.year, self.on.month, self.on.day, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def calendar() -> Iterator[Calendar]:
    yield Calendar(date(2026, 11, 5))


@dataclass(frozen=True)
class Money:
    """One payment as every twin gets it."""

    kind: str
    on: date
    amount_fen: int
    number: int | None
    mode: str | None


def quote(session: Session, loan: Loan, kind: str, share: float, mode: Mode) -> Money | None:
    """What the customer would pay on this loan today; None where nothing of the kind can be paid."""
    on = clock.today()
    name = "due" if kind == "part" else kind
    try:
        if kind == "prepayment":
            amount_fen = max(1, int(queries.pay_off_quote(session, loan, on).total_fen * share))
            queries.early_repayment(session, loan, on=on, amount_fen=amount_fen, mode=mode)
            return Money(name, on, amount_fen, None, mode.value)
        repayment = loans.open_repayment(session, loan, name)
    except (Problem, PrepaymentError):
        return None
    usecases.close_repayment(session, repayment_id=repayment.id)
    part_fen = max(1, int(repayment.amount_fen * share)) if kind == "part" else repayment.amount_fen
    return Money(name, on, part_fen, repayment.instalment_number, None)


def pay(session: Session, loan: Loan, money: Money) -> Repayment:
    """Book it now, as of its own day."""
    repayment = Repayment(
        id=ids.new_id(), receipt_no=ids.outside_number("HK", ids.new_id()), loan_id=loan.id,
        customer_id=loan.customer_id, kind=money.kind, mode=money.mode, instalment_number=money.number,
        quoted_on=money.on, amount_fen=money.amount_fen, status="opened", opened_at=clock.now(),
    )  # fmt: skip
    session.add(repayment)
    session.flush()
    paid_at = datetime(money.on.year, money.on.month, money.on.day, 4, tzinfo=UTC)
    usecases.apply_payment(session, repayment_id=repayment.id, amount_fen=money.amount_fen, paid_at=paid_at)
    session.commit()
    return repayment


def figures(session: Session, loan: Loan) -> dict[str, Any]:
    """All that a loan is, to the fen and the day."""
    session.expire_all()
    names: tuple[str, ...] = (
        *("outstanding_principal_fen", "credit_fen", "paid_interest_fen", "paid_penalty_fen", "accrued_interest_fen"),
        *("accrued_penalty_fen", "accruing", "next_due_on", "status", "settled_at"),
    )
    if loan.status in domain.OPEN_LOAN:  # the period of a loan that is over earns nothing
        names += ("period_start_on", "period_end_on", "period_principal_fen", "period_interest_fen")
        names += ("interest_before_fen",)
    rows = [
        (row.number, row.due_on, row.principal_fen, row.interest_fen, row.paid_principal_fen, row.paid_interest_fen,
         row.paid_penalty_fen, row.paid_compound_fen, row.status, row.replaced_on, row.overdue_principal_days)
        for row in queries.instalments(session, loan.id)
    ]  # fmt: skip
    return {name: getattr(loan, name) for name in names} | {"rows": rows}


def broken(session: Session) -> list[str]:
    found = [verdict for verdict in invariants.verify(session) if not verdict.holds]
    return [f"{verdict.invariant.statement}: {verdict.violations}" for verdict in found]


steps = st.lists(
    st.tuples(st.integers(1, 45), st.sampled_from(KINDS), st.floats(0.05, 0.9), st.sampled_from(MODES), st.booleans()),
    min_size=1,
    max_size=4,
)


@given(
    story=steps, chosen=st.integers(0, 3), after=st.integers(0, 60),
    method=st.sampled_from(["equal_instalment", "equal_principal"]),
)  # fmt: skip
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_never_came_and_came_in_time(
    client: FlaskClient, session: Session, clock_at: Clock, calendar: Calendar,
    story: list[tuple[int, str, float, Mode, bool]], chosen: int, after: int, method: str,
) -> None:  # fmt: skip
    """Three twins: one never gets a payment, one gets it in time, one late; days are closed between the payments."""
    clock_at(calendar.instant())
    never, in_time, late = (
        loans.active_loan(session, loans.make_borrower(session), method=method) for _ in range(3)
    )
    chosen, held, taken = chosen % len(story), None, None
    for number, (days, kind, share, mode, closing) in enumerate(story):
        calendar.on += timedelta(days=days)
        clock_at(calendar.instant())
        if closing:
            close_through(None, Run())
            session.expire_all()
        money = quote(session, in_time, kind, share, mode)
        if money is None:
            continue
        paid = pay(session, in_time, money)
        if number == chosen:
            held, taken = money, paid
        else:
            pay(session, never, money)
            pay(session, late, money)
    calendar.on += timedelta(days=after)
    clock_at(calendar.instant())
    close_through(None, Run())
    if held is None or taken is None:
        return
    came_late = pay(session, late, held)
    assert figures(session, late) == figures(session, in_time)
    assert broken(session) == []
    expected = figures(session, never)
    for paid in (taken, came_late):
        reverse_payment(session, repayment_id=paid.id, reason="the bank of the payer took it back")
        session.commit()
    for twin in (in_time, late):
        assert figures(session, twin) == expected
        assert twin.asset_class == never.asset_class
    assert broken(session) == []
    calendar.on += timedelta(days=20)
    clock_at(calendar.instant())
    close_through(None, Run())
    assert figures(session, in_time) == figures(session, late) == figures(session, never)
    assert broken(session) == []
