"""What is due is debited by itself: from nine o'clock, as often as the rules say, never beside another payment."""

from __future__ import annotations

from sqlalchemy import func, select, text

from app.debits.models import Debit
from app.kernel import invariants
from app.loans.models import Repayment
from app.reconciliation.jobs.fetching import reconcile_day
from tests.factories import loans
from tests.job_runner import JobRunner

RUN_TWICE = {"loans.collect_due": "test_what_is_due_is_debited_once"}


def collect() -> None:
    from app.loans.jobs.collecting import collect_due

    collect_due()


def debits(session):
    session.expire_all()
    return session.scalars(select(Debit).order_by(Debit.id)).all()


def test_what_is_due_is_debited_once(payer, session):
    payer.allow()
    collect()
    collect()
    assert [(one.automatic, one.part_allowed) for one in debits(session)] == [(True, True)]
    payer.settle()
    assert (payer.debit().status, payer.repayment().status) == ("succeeded", "applied")
    collect()
    assert len(debits(session)) == 1, "nothing is due any more"


def test_not_before_nine(payer, session, at_noon):
    payer.allow()
    at_noon(0, -4)
    collect()
    assert debits(session) == []


def test_nothing_is_debited_that_is_not_due(payer, session):
    payer.allow()
    loans.repay(session, payer.loan, "due")
    collect()
    assert debits(session) == []


def test_a_payment_at_wechat_goes_first(payer, session):
    payer.allow()
    loans.open_repayment(session, payer.loan, "due")
    collect()
    assert debits(session) == [] and session.scalar(select(func.count()).select_from(Repayment)) == 1


def test_without_enough_money_it_is_tried_again_by_the_rules(payer, session, at_noon):
    payer.allow("43")
    collect()
    payer.settle()
    assert payer.debit().status == "failed"
    collect()
    assert len(debits(session)) == 1, "eight hours lie between two tries"
    at_noon(0, 9)
    collect()
    payer.settle()
    assert [one.status for one in debits(session)] == ["failed", "succeeded"]
    assert payer.repayment().status == "applied"


def test_the_tries_come_to_an_end(payer, session, at_noon):
    payer.allow("41")
    for day in range(6):
        for hours in (0, 9):
            at_noon(day, hours)
            collect()
            payer.settle()
    assert [one.status for one in debits(session)] == ["failed"] * 6


def test_no_rule_no_debit(payer, session):
    payer.allow()
    rule = "UPDATE debit_rules SET effective_to = effective_from + 1"
    session.execute(text(rule))
    session.commit()
    try:
        collect()
        raise AssertionError("nothing is debited by guess")
    except RuntimeError as missing:
        assert str(missing) == "first_hour"
    session.rollback()
    assert debits(session) == []


def test_the_statement_of_the_day_explains_debits(payer, session, sandbox, run_jobs: JobRunner):
    from app.kernel import clock

    payer.allow()
    payer.repay()
    payer.settle()
    sandbox.post("/sandbox/api/core-bank/statements/settings", {"now": True})
    payer.session.commit()
    day = clock.today()
    assert reconcile_day("core_bank", day) == "explained"
    rows = "SELECT r.amount_fen FROM bill_rows r JOIN reconciliation_days d USING (import_id) WHERE d.day = :day"
    rows += " AND d.channel = 'core_bank' AND r.our_no = :no AND r.related_no = 'in'"
    found = session.execute(text(rows), {"day": day, "no": payer.debit().debit_no}).scalars().all()
    assert found == [payer.debit().amount_fen], "the day was imported, with the debit in it"
    kinds = "SELECT kind FROM bill_differences WHERE our_no = :no"
    assert session.execute(text(kinds), {"no": payer.debit().debit_no}).scalars().all() == []
    assert [one for one in invariants.verify(session) if not one.holds] == []
