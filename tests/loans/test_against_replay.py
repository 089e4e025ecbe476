"""Many loans through months of payments, some taken back and some late: each stands where `engine.replay` says.

The engine replays a loan's events as values, without rows, days that are closed, or corrections: another way to the
same figures. What it makes a credit waits for the next due day, the book keeps it for the customer to ask back; a loan
that comes to have one is compared no further. The loans are drawn from a seed, which DUKOU_DRILL_SEED changes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.engine.allocation import Bucket
from app.engine.errors import CalendarError, ScheduleError
from app.engine.overdue import PenaltyRule
from app.engine.plan_options import PlanOptions
from app.engine.prepayment import Mode
from app.engine.replay import replay
from app.engine.replay.events import Disbursed, Event, LoanRules, Paid, PaidOff, PrepaidPart, Reversed
from app.engine.replay.state import LoanState, LoanStatus
from app.engine.rounding import Rounding
from app.engine.schedules import schedule
from app.engine.terms import MONTHLY, DayCount, Every, FirstPeriod, HolidayRule, Method, Unit
from app.kernel import clock, invariants
from app.loans import domain, queries
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan, Repayment
from app.loans.usecases.reversing import reverse_payment
from tests.drills.conftest import LONG
from tests.factories import loans
from tests.loans.test_rebuilding import Money, pay

Clock = Callable[[datetime], None]
START = date(2026, 8, 28)  # loans begin on twelve days around the end of the month
DAYS, LOANS = 135, 24  # past the ninetieth day of what fell due first
METHODS = (Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY, Method.BULLET)
KINDS = ("due", "due", "due", "part", "prepayment", "payoff", "reverse", "reverse", "hold")
WHILE_HELD = ("late", "late", "prepayment", "reverse")  # what else is due would be paid twice, and become a credit


@dataclass
class Life:
    """One loan in the book and its events for the engine; payments that nobody has booked yet are held back."""

    loan: Loan
    draw: Random
    events: list[Event] = field(default_factory=list)
    booked: dict[int, Repayment] = field(default_factory=dict)
    held: list[Money] = field(default_factory=list)
    corrected: int = 0

    def state(self, on: date) -> LoanState:
        return replay(self.events, on)

    @property
    def comparable(self) -> bool:
        state = self.state(clock.today())
        return state.credit_fen == 0 and all(one.sequence is not None for one in state.applied)

    def live(self, session: Session) -> None:
        """Something happens to the loan today."""
        kind, on = self.draw.choice(WHILE_HELD if self.held else KINDS), clock.today()
        if kind == "reverse" and self.booked:
            self._reverse(session, on)
        elif kind == "late":
            self._book(session, self.held.pop())
            self.corrected += 1
        elif money := self._money(kind, on):
            if kind == "hold":
                self.held.append(money)
            else:
                self._book(session, money)

    def _money(self, kind: str, on: date) -> Money | None:
        state = self.state(on)
        due_fen, all_fen = state.due_fen, state.payoff().total_fen
        if state.status is not LoanStatus.ACTIVE or not all_fen:
            return None
        if kind == "payoff" and self.draw.random() < 0.3:
            return Money("payoff", on, all_fen, None, None)
        if kind == "prepayment":
            mode = self.draw.choice(list(Mode)).value
            return Money("prepayment", on, due_fen + max(1, int((all_fen - due_fen) * self.draw.random())), None, mode)
        if kind == "part" and due_fen:
            return Money("due", on, self.draw.randint(1, due_fen), None, None)
        return Money("due", on, due_fen, None, None) if due_fen else None

    def _book(self, session: Session, money: Money) -> None:
        place: dict[str, Any] = {"on": money.on, "sequence": len(self.events) + 1, "amount_fen": money.amount_fen}
        if money.mode:
            self.events.append(PrepaidPart(**place, mode=Mode(money.mode)))
        else:
            self.events.append(PaidOff(**place) if money.kind == "payoff" else Paid(**place))
        self.booked[len(self.events)] = pay(session, self.loan, money)

    def _reverse(self, session: Session, on: date) -> None:
        target = self.draw.choice(sorted(self.booked))
        reverse_payment(session, repayment_id=self.booked.pop(target).id, reason="the bank of the payer took it back")
        session.commit()
        self.events.append(Reversed(on=on, sequence=len(self.events) + 1, target=target))
        self.corrected += 1


def planned(draw: Random) -> dict[str, Any]:
    """What a product may say about the plan."""
    by_days = draw.random() < 0.2
    return PlanOptions(
        due_day=None if by_days else draw.choice((None, draw.randint(1, 31))),
        first_period=draw.choice(list(FirstPeriod)),
        smoothing=draw.random() < 0.3,
        every=draw.choice((Every(Unit.WEEK), Every(Unit.DAY, 10)) if by_days else (MONTHLY, MONTHLY, Every(count=2))),
        holidays=HolidayRule.SAME_DAY if by_days else draw.choice(list(HolidayRule)),
        rounding=draw.choice(list(Rounding)),
        instalment_step_fen=draw.choice((1, 1, 100)),
        principal_grace=draw.choice((0, 0, 1)),
        interest_grace=draw.choice((0, 0, 1, 2)),
    ).as_json()


def product(draw: Random) -> dict[str, Any]:
    """Method, term, day count and options of a plan that can be drawn up with the working days that are known."""
    while True:
        said: dict[str, Any] = {
            "method": draw.choice(METHODS).value,
            "term_months": draw.choice((1, 3, 6, 12)),
            "day_count": draw.choice((DayCount.THIRTY_360, DayCount.ACT_360, DayCount.ACT_365)).value,
            "plan_options": draw.choice((None, planned(draw), planned(draw))),
        }
        options = PlanOptions.read({**(said["plan_options"] or {}), "day_count": said["day_count"]})
        wish: dict[str, Any] = {name: said[name] for name in ("method", "term_months")}
        try:
            rate, today = Decimal("0.06"), clock.today()
            schedule(options.terms(principal_fen=1_000_000, annual_rate=rate, start_on=today, **wish))
        except (ScheduleError, CalendarError):
            continue
        return said


def begin(session: Session, model: Loan, draw: Random) -> Life:
    """A loan of any method, rate, day count and grace, paid out today."""
    rate = Decimal(draw.randrange(300, 2400)) / 10_000
    rule = PenaltyRule(grace_days=draw.choice((0, 0, 3)), compound=draw.random() < 0.5)
    loan = loans.another(
        session, model, principal_fen=draw.randrange(1, 30_000_000), annual_rate=rate,
        penalty_rate=rate * rule.overdue_multiple, grace_days=rule.grace_days, compound_penalty=rule.compound,
        **product(draw),
    )  # fmt: skip
    start = Disbursed(on=clock.today(), sequence=1, terms=queries.terms(loan), rules=LoanRules(penalty=rule))
    return Life(loan, draw, [start])


def by_the_book(session: Session, loan: Loan) -> dict[str, Any]:
    on = clock.today()
    rows = queries.instalments(session, loan.id)
    left = queries.as_rows(loan, rows, on)
    settled = loan.status == "settled"
    return {
        "settled": settled,
        "late": loan.status == "overdue",
        "days late": domain.dpd(loan.next_due_on, on, queries.late_terms(loan)),
        "principal": loan.outstanding_principal_fen,
        "interest paid": loan.paid_interest_fen,
        "penalty paid": loan.paid_penalty_fen,
        "due": sum(row.total_fen for row in domain.due_rows(left, on)),
        "to come": [
            (row.due_on, row.principal_fen, row.interest_fen) for row in rows if row.status == "due" and row.due_on > on
        ],
        "settles it": 0 if settled else queries.pay_off_quote(session, loan, on).total_fen,
        "earned": loan.paid_interest_fen if settled else loan.accrued_interest_fen,
    }


def by_the_engine(state: LoanState) -> dict[str, Any]:
    paid = {bucket: sum(bill.settled.get(bucket, 0) for bill in state.bills) for bucket in Bucket}
    settled = state.status is LoanStatus.SETTLED
    return {
        "settled": settled,
        "late": state.days_past_due > 0,
        "days late": state.days_past_due,
        "principal": state.principal_fen,
        "interest paid": paid[Bucket.INTEREST] + sum(one.interest_fen for one in state.early),
        "penalty paid": paid[Bucket.PENALTY_INTEREST] + paid[Bucket.COMPOUND_INTEREST],
        "due": state.due_fen,
        "to come": [
            (row.due_on, row.principal_fen, row.interest_fen) for row in state.plan.instalments[state.rows_billed :]
        ],
        "settles it": state.payoff().total_fen,
        "earned": interest_earned(state),
    }


def interest_earned(state: LoanState) -> int:
    """What was asked for so far, what was paid early, and what the running period has earned since."""
    asked_fen = sum(bill.asked.get(Bucket.INTEREST, 0) for bill in state.bills)
    running_fen = 0 if state.status is LoanStatus.SETTLED else state.payoff().interest_fen
    return asked_fen + sum(one.interest_fen for one in state.early) + running_fen


@pytest.mark.parametrize("seed", range(20 if LONG else 1))
def test_loans_stand_where_the_engine_says(client: FlaskClient, session: Session, clock_at: Clock, seed: int) -> None:
    draw = Random(int(os.environ.get("DUKOU_DRILL_SEED", "0")) + seed)

    def go(days: int) -> None:
        day = START + timedelta(days=days)
        clock_at(datetime(day.year, day.month, day.day, 4, tzinfo=UTC))

    go(0)
    model = loans.active_loan(session, loans.make_borrower(session))
    lives: list[Life] = []
    for days in range(DAYS):
        go(days)
        while days % 3 == 0 and len(lives) < min(LOANS, LOANS // 4 * (days // 3 + 1)):
            lives.append(begin(session, model, Random(draw.random())))
        if days % 5 == 0 or draw.random() < 0.3:
            close_through(None, Run())
            session.expire_all()
        for life in lives:
            if life.draw.random() < 0.11 and life.comparable:
                life.live(session)
    close_through(None, Run())
    session.expire_all()
    compared = [life for life in lives if life.comparable]
    for life in compared:
        expected, found = by_the_engine(life.state(clock.today())), by_the_book(session, life.loan)
        differ = {name: (found[name], fen) for name, fen in expected.items() if found[name] != fen}
        assert differ == {}, "\n".join(map(str, life.events))
    assert len(compared) > LOANS * 0.6 and sum(life.corrected for life in compared) > LOANS
    assert [verdict for verdict in invariants.verify(session) if not verdict.holds] == []
