"""A loan lived through anew from its history: the rows and figures that the same events in time would have left.

One mechanism for payments that are taken back and for payments that come late. It uses what books payments every day
(`dividing`, `settling`, `redrawing`) and, between them, the rules of the end of day for one loan; nothing is told, and
no status is moved in the history of the loan: that is the caller's, once, from where it stood to where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine.asset_classes import AssetClass, ClassRule, suggest
from app.engine.schedules import schedule
from app.kernel import clock
from app.loans import domain, queries
from app.loans.domain import changed_terms
from app.loans.domain.reversals import HistoryNotRebuildable
from app.loans.models import ClassChange, Loan, LoanInstalment, ServicingRule
from app.loans.queries.history import Changed, Happened, Payment
from app.loans.usecases.applying_changes import agreed_again, live_again
from app.loans.usecases.dividing import take_in
from app.loans.usecases.drawdowns import NOTHING_EARNED, NOTHING_LOST, first_period
from app.loans.usecases.drawing_up import drawn_up
from app.loans.usecases.end_of_day.statements import statement

# What a change of terms does when a loan is lived through anew, by its kind; a kind without one is refused.
EFFECTS: dict[str, Callable[[Session, Loan, Changed], None]] = dict.fromkeys(changed_terms.KINDS, live_again)


@dataclass(frozen=True)
class Rules:
    """What the end of day needs beside the loan: dated rules, and the better classes that staff confirmed."""

    servicing: Sequence[ServicingRule]
    confirmed: Sequence[tuple[date, int]]

    def on(self, day: date) -> ServicingRule:
        """The rule of a day. Raises ServicingRuleMissing."""
        known = [rule for rule in self.servicing if rule.effective_from <= day]
        if not known:
            raise domain.ServicingRuleMissing(f"no rule of servicing holds on {day}")
        return max(known, key=lambda rule: rule.effective_from)


def rebuild(session: Session, loan: Loan, events: Sequence[Happened]) -> None:
    """Make a held loan what these events, in this order, have made of it by the day it had reached.

    Raises HistoryNotRebuildable for a change of terms that cannot be lived through anew, before anything is changed.
    """
    for event in events:
        if isinstance(event, Changed) and event.kind not in EFFECTS:
            raise HistoryNotRebuildable("The loan's terms were changed in a way that is not replayed.", kind=event.kind)
    reached_on = loan.accrued_through_on
    rules = _rules(session, loan)
    _begin_again(session, loan)
    for event in events:
        _let_days_pass(session, loan, min(event.on, reached_on + timedelta(days=1)), rules)
        if isinstance(event, Payment):
            assert event.repayment.paid_at is not None, "booked money was paid"
            take_in(
                session, loan, event.repayment, amount_fen=event.amount_fen, paid_at=event.repayment.paid_at, by=quietly
            )
        else:
            EFFECTS[event.kind](session, loan, event)
        session.flush()
    _let_days_pass(session, loan, reached_on + timedelta(days=1), rules)
    loan.accrued_through_on = reached_on
    session.flush()


def quietly(session: Session, loan: Loan, event: str) -> None:
    """The status as the table of states says, without a trace: this life is only looked at."""
    loan.status = domain.LOAN_STATES[loan.status, event]


def _rules(session: Session, loan: Loan) -> Rules:
    confirmed = session.execute(
        select(ClassChange.decided_at, ClassChange.to_class)
        .where(ClassChange.loan_id == loan.id, ClassChange.status == "confirmed")
        .order_by(ClassChange.decided_at)
    )
    days = [(clock.local_day(at), to_class) for at, to_class in confirmed if at is not None]
    return Rules(session.scalars(select(ServicingRule)).all(), days)


def _begin_again(session: Session, loan: Loan) -> None:
    """The loan and its agreed schedule as on the day it was paid out."""
    plan = schedule(queries.terms(loan))
    agreed = {row.number: row for row in drawn_up(loan, plan)}
    for row in queries.instalments(session, loan.id):
        known = agreed.get(row.number)
        if known is None:
            session.delete(row)
            continue
        row.due_on, row.principal_fen, row.interest_fen = known.due_on, known.principal_fen, known.interest_fen
        row.paid_principal_fen = row.paid_interest_fen = row.paid_penalty_fen = row.paid_compound_fen = 0
        row.overdue_principal_days = row.overdue_interest_days = row.moved_principal_fen = 0
        row.waived_principal_fen = row.waived_interest_fen = row.waived_penalty_fen = row.waived_compound_fen = 0
        row.interest_from_on, row.own_interest_fen = known.interest_from_on, known.own_interest_fen
        row.status, row.paid_at = "due", None
        row.overdue_counted_on = row.drawn_on = row.replaced_on = row.moved_on = row.penalty_rate = None
    for name, value in (NOTHING_EARNED | NOTHING_LOST | agreed_again(loan)).items():
        setattr(loan, name, value)
    loan.outstanding_principal_fen, loan.credit_fen = loan.principal_fen, 0
    loan.status, loan.settled_at = "active", None
    loan.accrued_through_on = loan.start_on - timedelta(days=1)
    first_period(loan, plan)
    for event in queries.repayments_of(session, loan.id):
        event.plan_paid_fen = event.plan_amount_fen = None
    session.flush()


def _let_days_pass(session: Session, loan: Loan, opens_on: date, rules: Rules) -> None:
    """What the ends of the days before a day leave of one loan, as `end_of_day/accrue.sql` says it for all."""
    if loan.status not in domain.OWING or (loan.status == "written_off" and not loan.keeps_accruing):
        return
    if opens_on <= loan.accrued_through_on + timedelta(days=1):
        return
    _grow_late(loan, opens_on, rules)
    if loan.period_end_on <= opens_on:
        session.flush()
        session.execute(statement("roll"), {"ending": [loan.id], "opens_on": opens_on})
        session.refresh(loan)
    loan.accrued_interest_fen = queries.interest_earned(loan, opens_on)
    days = domain.dpd(loan.next_due_on, opens_on, queries.late_terms(loan))
    if days:
        rows: list[LoanInstalment] = queries.instalments(session, loan.id)
        loan.accrued_penalty_fen = queries.penalties_fen(loan, rows, opens_on)
    if loan.status in domain.OPEN_LOAN:
        loan.status = "overdue" if days else "active"
    loan.accrued_through_on = opens_on - timedelta(days=1)


def _grow_late(loan: Loan, opens_on: date, rules: Rules) -> None:
    """Day by day, because both keep what a day has made of them: whether income stops, and the class. What is written
    off keeps both."""
    if loan.status == "written_off":
        return
    late = queries.late_terms(loan)
    day = loan.accrued_through_on + timedelta(days=1)
    while day < opens_on:
        rule, next_on = rules.on(day), day + timedelta(days=1)
        days = domain.dpd(loan.next_due_on, next_on, late)
        if days > rule.income_stops_above:
            loan.accruing = False
        elif not days:
            loan.accruing = True
        floor = loan.class_floor or 0 if loan.observed_until and loan.observed_until > next_on else 0
        loan.asset_class = max(loan.asset_class, suggested_class(rule, next_on, days), floor)
        for decided_on, to_class in rules.confirmed:
            if decided_on == next_on:
                loan.asset_class = to_class
        day = next_on


def suggested_class(rule: ServicingRule, on: date, days: int) -> int:
    """The class that days past due suggest under a rule."""
    limits = ClassRule(
        rule.effective_from, rule.source, rule.special_mention_above, rule.substandard_above, rule.doubtful_above,
        rule.loss_above, rule.restructured_months,
    )  # fmt: skip
    return int(suggest(limits, on, days, today=AssetClass.NORMAL).asset_class)
