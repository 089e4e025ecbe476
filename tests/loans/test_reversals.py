"""Payments that are taken back: the loan stands as if they had never come, the book and people are told once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.credit.models import CreditLine
from app.engine.prepayment import Mode
from app.kernel import audit, clock, ids, invariants
from app.kernel.outbox import OutboxEvent
from app.ledger import usecases as ledger
from app.ledger.models import Entry, Journal
from app.loans import domain, queries, usecases
from app.loans.domain import reversals as rules
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import ClassChange, Loan, Repayment, RepaymentReversal
from app.loans.queries import history
from app.loans.usecases import unmatched
from app.loans.usecases.reversing import reverse_payment
from tests.factories import loans
from tests.factories.customers import SignedInCustomer
from tests.loans.test_rebuilding import figures

START = datetime(2026, 11, 5, 4, 0, tzinfo=UTC)
Clock = Callable[[datetime], None]
At = Callable[[int], None]


@pytest.fixture
def borrower(client: FlaskClient, session: Session, clock_at: Clock) -> SignedInCustomer:
    clock_at(START)
    return loans.make_borrower(session)


@pytest.fixture
def loan(session: Session, borrower: SignedInCustomer) -> Loan:
    return loans.active_loan(session, borrower)


@pytest.fixture
def at(session: Session, clock_at: Clock) -> At:
    """Go to a day after the start, all days before it closed."""

    def go(days: int) -> None:
        clock_at(START + timedelta(days=days))
        close_through(None, Run())
        session.expire_all()

    return go


def broken(session: Session) -> list[str]:
    found = [verdict for verdict in invariants.verify(session) if not verdict.holds]
    return [f"{verdict.invariant.statement}: {verdict.violations}" for verdict in found]


def take_back(session: Session, repayment: Repayment, **more: object) -> RepaymentReversal:
    done = reverse_payment(session, repayment_id=repayment.id, reason="余额不足被退回", **more)  # type: ignore[arg-type]
    session.commit()
    return done


def told(session: Session, loan: Loan) -> list[str]:
    query = select(OutboxEvent.name).where(OutboxEvent.subject_id == loan.id).order_by(OutboxEvent.id)
    return list(session.scalars(query))


def test_a_bounced_instalment(session: Session, loan: Loan, at: At) -> None:
    """Twenty days after the due day it counts as late since then; the book says it in one journal of today."""
    line_fen = session.get_one(CreditLine, loan.credit_line_id).used_fen
    at(30)
    paid = loans.repay(session, loan)
    first = [(row.account, row.amount_fen) for row in _entries(session, f"repayment:{paid.id}")]
    at(50)
    assert loan.status == "active"
    done = take_back(session, paid)
    assert (loan.status, loan.outstanding_principal_fen, loan.paid_interest_fen) == ("overdue", loan.principal_fen, 0)
    assert loan.next_due_on == date(2026, 12, 5) and loan.accrued_penalty_fen > 0
    assert (done.before["status"], done.after["status"], done.after["overdue_days"]) == ("active", "overdue", 20)
    assert session.get_one(CreditLine, loan.credit_line_id, populate_existing=True).used_fen == line_fen
    assert paid.status == "reversed"
    journal = session.scalars(select(Journal).where(Journal.key == f"repayment_reversal:{paid.id}")).one()
    assert (journal.business_on, journal.value_on) == (clock.today(), date(2026, 12, 5))
    assert [(row.account, row.amount_fen) for row in _entries(session, f"repayment:{paid.id}")] == first
    assert told(session, loan)[-1] == "repayment.reversed"
    entry = session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.action == "repayment.reversed")).one()
    assert entry.facts["amount_fen"] == paid.amount_fen
    change = session.scalars(select(ClassChange).where(ClassChange.loan_id == loan.id)).one()
    assert (change.from_class, change.to_class, change.status, loan.asset_class) == (1, 2, "applied", 2)
    assert broken(session) == []
    at(55)
    assert broken(session) == []


def _entries(session: Session, key: str) -> list[Entry]:
    query = select(Entry).join(Journal, Journal.id == Entry.journal_id).where(Journal.key == key)
    return list(session.scalars(query.order_by(Entry.id)))


def test_a_settled_loan_is_owed_again(session: Session, loan: Loan, at: At) -> None:
    """The pay-off bounces: certificate void, days caught up, all told; paid once more it is settled."""
    at(40)
    paid = loans.repay(session, loan, "payoff")
    assert loan.status == "settled"
    at(75)
    done = take_back(session, paid, kind="chargeback")
    assert (loan.status, loan.settled_at, loan.outstanding_principal_fen) == ("overdue", None, loan.principal_fen)
    assert loan.accrued_through_on == clock.today() - timedelta(days=1)
    assert (done.before["status"], done.after["status"]) == ("settled", "overdue")
    assert told(session, loan)[-2:] == ["repayment.reversed", "loan.reopened"]
    assert broken(session) == []
    at(76)
    again = loans.repay(session, loan, "payoff")
    assert loan.status == "settled" and (again.penalty_fen or 0) > 0
    assert broken(session) == []


def test_a_prepayment_taken_back_restores_the_plan(session: Session, loan: Loan, at: At) -> None:
    """Later payments are divided anew by their own days, in one journal beside that of the reversal."""
    at(10)
    agreed = figures(session, loan)["rows"]
    early = loans.repay(session, loan, "prepayment", amount_fen=500_000, mode=Mode.LOWER_INSTALMENT)
    at(30)
    later = loans.repay(session, loan)
    cash_fen = later.amount_fen
    take_back(session, early)
    rows = figures(session, loan)["rows"]
    assert [row[:4] for row in rows] == [row[:4] for row in agreed]
    session.refresh(later)
    assert history.cash_fen(later) == cash_fen == loan.paid_interest_fen + loan.principal_fen - (
        loan.outstanding_principal_fen) + loan.credit_fen  # fmt: skip
    assert session.scalar(
        select(func.count()).where(Journal.key == f"reversal_redivided:{early.id}")
    ) == 1  # fmt: skip
    assert broken(session) == []


def test_once(session: Session, loan: Loan, at: At) -> None:
    """A repeat answers what was done; another reversal of the same payment is refused, so is one of a reversal."""
    at(30)
    paid = loans.repay(session, loan)
    done = take_back(session, paid)
    before, events = figures(session, loan), told(session, loan)
    assert take_back(session, paid).id == done.id
    for wrong, error in (
        ({"repayment_id": paid.id, "reversal_id": ids.new_id()}, rules.AlreadyReversed),
        ({"repayment_id": done.id}, rules.ReversalOfReversal),
        ({"repayment_id": ids.new_id()}, domain.RepaymentUnknown),
        ({"repayment_id": paid.id, "loan_id": ids.new_id()}, rules.PaymentOfAnotherLoan),
        ({"repayment_id": paid.id, "kind": "whim"}, rules.ReasonUnknown),
        ({"repayment_id": paid.id, "reason": " "}, rules.ReasonUnknown),
    ):
        with pytest.raises(error):
            reverse_payment(session, **{"reason": "again", **wrong})  # type: ignore[arg-type]
    # the notice of the payment comes once more: what was taken back stays taken back
    usecases.apply_payment(session, repayment_id=paid.id, amount_fen=paid.amount_fen, paid_at=clock.now())
    assert (figures(session, loan), told(session, loan)) == (before, events)


def test_what_is_not_booked_is_not_taken_back(session: Session, loan: Loan, at: At) -> None:
    at(30)
    waiting = loans.open_repayment(session, loan)
    before = figures(session, loan)
    with pytest.raises(rules.PaymentNotBooked):
        reverse_payment(session, repayment_id=waiting.id, reason="bounced")
    assert figures(session, loan) == before


def test_credit_that_went_back_is_not_taken_twice(session: Session, loan: Loan, at: At) -> None:
    at(30)
    paid = loans.repay(session, loan)
    over = unmatched.apply_unmatched(
        session, repayment_id=ids.new_id(), loan_id=loan.id, amount_fen=paid.amount_fen * 2, paid_at=clock.now()
    )
    assert over.overpaid_fen
    unmatched.take_credit(session, loan_id=loan.id, amount_fen=over.overpaid_fen)
    with pytest.raises(rules.CreditGone), session.begin_nested():
        reverse_payment(session, repayment_id=over.id, reason="bounced")


def test_a_loan_that_its_history_does_not_explain(session: Session, loan: Loan, at: At) -> None:
    """A figure changed by hand, or a change of terms that is not replayed: refused, with what it is."""
    at(30)
    paid = loans.repay(session, loan)
    with pytest.raises(rules.HistoryNotRebuildable) as refused, session.begin_nested():
        loan.paid_penalty_fen += 1
        reverse_payment(session, repayment_id=paid.id, reason="bounced")
    assert refused.value.context["differ"] == ["paid_penalty_fen"]

    def novation(_: Session, one: Loan) -> list[history.Happened]:
        return [history.Changed(one.start_on, one.activated_at, "novation")]

    history.READERS.append(novation)
    try:
        with pytest.raises(rules.HistoryNotRebuildable) as refused, session.begin_nested():
            reverse_payment(session, repayment_id=paid.id, reason="bounced")
        assert refused.value.context["kind"] == "novation"
    finally:
        history.READERS.remove(novation)


def test_no_settled_loan_is_opened_while_a_day_closes(session: Session, loan: Loan, at: At, clock_at: Clock) -> None:
    at(40)
    paid = loans.repay(session, loan, "payoff")
    clock_at(START + timedelta(days=41))
    ledger.begin_closing(session, day=clock.today() - timedelta(days=1))
    with pytest.raises(rules.DayBeingClosed), session.begin_nested():
        reverse_payment(session, repayment_id=paid.id, reason="bounced")


def test_a_payment_while_days_are_caught_up(session: Session, loan: Loan, at: At, clock_at: Clock) -> None:
    """Three days are open when it is paid: it stands on its day, and afterwards all is as if none had been late."""
    twin = loans.active_loan(session, loans.make_borrower(session))
    at(34)
    clock_at(START + timedelta(days=37))
    paid = loans.repay(session, loan, "due")
    journal = session.scalars(select(Journal).where(Journal.key == f"repayment:{paid.id}")).one()
    assert (journal.business_on, journal.value_on) == (clock.today(), clock.today())
    at(37)
    loans.repay(session, twin, "due")
    at(38)
    assert figures(session, loan) == figures(session, twin)
    assert broken(session) == []


def test_the_record_of_a_reversal_stays(session: Session, loan: Loan, at: At) -> None:
    at(30)
    done = take_back(session, loans.repay(session, loan))
    with pytest.raises(DBAPIError), session.begin_nested():
        done.reason = "something else"
        session.flush()
    assert queries.repayments_of(session, loan.id)[0].status == "reversed"
