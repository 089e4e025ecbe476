"""A debit whose money is taken back: off the loan once, the book as if it had never come, refusals kept in sight."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.credit.models import CreditLine
from app.debits.models import DebitFinding
from app.kernel import clock, ids, invariants
from app.ledger import usecases as ledger
from app.loans.domain.reversals import PaymentNotBooked
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import RepaymentReversal
from app.loans.usecases import unmatched
from app.loans.usecases.reversing import reverse_payment
from tests.loans.test_rebuilding import figures

RUN_TWICE = {
    "debits.look_for_returns": "test_files_that_are_done_are_read_again",
    "loans.reverse_returns": "test_a_day_that_is_being_closed_is_waited_for",
}


def book(session):
    """What stands on each account."""
    rows = session.execute(text("SELECT account, sum(amount_fen) AS fen FROM entries GROUP BY account"))
    return {row.account: int(row.fen) for row in rows if row.fen}


def journals(session):
    names = "SELECT template FROM journals WHERE template LIKE 'debit%' OR template LIKE 'repayment%' ORDER BY template"
    return session.execute(text(names)).scalars().all()


def findings(session):
    session.expire_all()
    return session.scalars(select(DebitFinding.kind)).all()


def reversals(session):
    session.expire_all()
    return session.scalars(select(RepaymentReversal)).all()


def again():
    from app.loans.jobs.collecting import reverse_returns

    reverse_returns()


def read_again():
    from app.debits.jobs import look_for_returns

    look_for_returns()


@pytest.fixture(autouse=True)
def _book_is_right(payer, session):
    yield
    session.expire_all()
    assert [verdict for verdict in invariants.verify(session) if not verdict.holds] == []


@pytest.fixture
def bounce(payer, session, sandbox, run_jobs):
    """The payer's bank takes back what was debited, and we read of it."""

    def take_back() -> None:
        sandbox.post("/sandbox/api/debits/settings", {"returns": True})
        read_again()
        run_jobs(only="debits.fetch_results")
        session.expire_all()

    return take_back


def paid(payer, kind="due"):
    payer.allow("48")
    asked = payer.repay(kind)
    assert asked.status_code == 201, asked.json
    payer.settle()
    assert (payer.debit().status, payer.repayment().status) == ("succeeded", "applied")
    return payer.repayment()


def test_a_returned_debit_comes_off_its_loan_once(payer, session, run_jobs, bounce):
    """The two journals of the debit and the two of its return cancel out, account by account."""
    was, before = figures(session, payer.loan), book(session)
    line_fen = session.get_one(CreditLine, payer.loan.credit_line_id).used_fen
    repayment = paid(payer)
    amount_fen = repayment.amount_fen
    assert book(session) != before
    bounce()
    assert payer.debit().status == "returned" and repayment.status == "applied"
    assert book(session)["wechat_pay_clearing"] == amount_fen, "until the loan hears of it"
    run_jobs(only="loans.reverse_returned")
    run_jobs.again("loans.reverse_returned")
    bounce()
    again()
    session.expire_all()
    assert (repayment.status, payer.loan.status) == ("reversed", "active")
    assert figures(session, payer.loan) == was and book(session) == before
    assert session.get_one(CreditLine, payer.loan.credit_line_id).used_fen == line_fen
    assert journals(session) == ["debit_collected", "debit_returned", "repayment", "repayment_reversal"]
    assert [(one.kind, one.actor, one.amount_fen) for one in reversals(session)] == [("bounced", "system", amount_fen)]
    assert findings(session) == []
    run_jobs(only="messages.tell")
    messages = "SELECT kind FROM messages WHERE kind = 'payment_reversed'"
    assert session.execute(text(messages)).scalars().all() == ["payment_reversed"]
    assert payer.repay().json["repayment"]["amount_fen"] == amount_fen, "it is due again"


def test_paid_and_returned_before_we_looked(payer, session, sandbox, run_jobs):
    """Both are told at once: a return that is heard before the payment is booked waits for it."""
    before = book(session)
    payer.allow("48")
    payer.repay()
    sandbox.post("/sandbox/api/debits/settings", {"returns": True})
    for name in ("debits.make_batch", "debits.send_batch"):
        run_jobs(only=name)
    later = clock.now() + timedelta(seconds=5)
    clock.use(lambda: later)
    run_jobs(only="debits.fetch_results")
    with pytest.raises(PaymentNotBooked):
        run_jobs(only="loans.reverse_returned")
    run_jobs(only="loans.apply_payment")
    again()
    session.expire_all()
    assert (payer.debit().status, payer.repayment().status) == ("returned", "reversed")
    assert book(session) == before and findings(session) == []


def test_files_that_are_done_are_read_again(payer, session, run_jobs, bounce):
    paid(payer)
    read_again()
    read_again()
    assert [name for name, _ in run_jobs.waiting()].count("debits.fetch_results") == 1
    run_jobs(only="debits.fetch_results")
    assert payer.debit().status == "succeeded"


def test_a_day_that_is_being_closed_is_waited_for(payer, session, run_jobs, bounce, at_noon):
    """A settled loan is not opened then: the case is a finding, and comes off once the day is closed."""
    repayment = paid(payer, "payoff")
    at_noon(1)
    close_through(None, Run())
    at_noon(2)
    ledger.begin_closing(session, day=clock.today() - timedelta(days=1))
    session.commit()
    bounce()
    run_jobs(only="loans.reverse_returned")
    run_jobs.again("loans.reverse_returned")
    assert findings(session) == ["return_not_booked"] and repayment.status == "applied"
    close_through(None, Run())
    again()
    again()
    assert findings(session) == ["return_not_booked"] and len(reversals(session)) == 1
    assert (repayment.status, payer.loan.status) == ("reversed", "overdue")
    assert "wechat_pay_clearing" not in book(session)


def test_credit_that_went_back_is_a_finding_until_it_is_there_again(payer, session, run_jobs, bounce):
    """The debit came beside another payment and was the customer's credit, which is on its way back to them."""
    payer.allow("48")
    amount_fen = payer.repay().json["repayment"]["amount_fen"]
    other = {"repayment_id": ids.new_id(), "loan_id": payer.loan.id, "amount_fen": amount_fen}
    unmatched.apply_unmatched(session, **other, paid_at=clock.now())
    session.commit()
    payer.settle()
    unmatched.take_credit(session, loan_id=payer.loan.id, amount_fen=amount_fen)
    session.commit()
    bounce()
    run_jobs(only="loans.reverse_returned")
    again()
    assert findings(session) == ["return_not_booked"] and reversals(session) == []
    unmatched.give_credit_back(session, loan_id=payer.loan.id, amount_fen=amount_fen)
    session.commit()
    again()
    assert len(reversals(session)) == 1 and payer.loan.credit_fen == 0


@pytest.mark.parametrize(("kind", "found"), [("bounced", []), ("wrong_loan", ["return_not_booked"])])
def test_what_people_took_off_before_is_not_taken_twice(payer, session, run_jobs, bounce, kind, found):
    repayment = paid(payer)
    reverse_payment(session, repayment_id=repayment.id, reason="客户来电", kind=kind, reversal_id=ids.new_id())
    session.commit()
    bounce()
    run_jobs(only="loans.reverse_returned")
    again()
    assert findings(session) == found and [one.kind for one in reversals(session)] == [kind]
    assert "wechat_pay_clearing" not in book(session)
