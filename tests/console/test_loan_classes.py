"""Better classes of loans wait on a page of the console until a person has said why."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.kernel import clock, ids
from app.kernel.audit import AuditEntry
from app.loans.models import ClassChange
from tests.factories import loans
from tests.factories.console import form_mark, signed_in

PAGE = "/console/loan-classes"


@pytest.fixture
def loan(channels, session):
    return loans.active_loan(session, loans.make_borrower(session))


@pytest.fixture
def change(session, loan):
    """What the end of a day leaves when a loan at substandard has paid what was late."""
    loan.asset_class = 3
    made = ClassChange(
        id=ids.new_id(), loan_id=loan.id, from_class=3, to_class=1, overdue_days=0, day=clock.today(), status="proposed"
    )
    session.add(made)
    session.commit()
    return made


def decide(browser, change_id, decision="approve", reason="连续三期按时还款，已核对", mark=None):
    form = {"form_mark": mark or form_mark(browser.get(PAGE)), "reason": reason}
    return browser.post(f"{PAGE}/{change_id}/{decision}", data=form)


def now(session, loan, change):
    session.expire_all()
    return loan.asset_class, change.status


def test_a_better_class_holds_once_a_person_agreed_and_says_who(client, session, loan, change) -> None:
    signed_in(client, session, roles=["reviewer"])
    page = client.get(PAGE).text
    assert "次级" in page and "正常" in page and loan.loan_no in page
    mark = form_mark(client.get(PAGE))
    assert decide(client, change.id, mark=mark).headers["Location"] == PAGE
    assert now(session, loan, change) == (1, "confirmed")
    [entry] = session.scalars(select(AuditEntry).where(AuditEntry.action == "loan_class.confirmed"))
    assert entry.reason == "连续三期按时还款，已核对" and entry.subject_id == loan.id
    again = decide(client, change.id, "reject", mark=mark)
    assert now(session, loan, change) == (1, "confirmed")
    english = client.get(again.headers["Location"] + "&lang=en").text
    assert "decided before" in english and "No better class waits" in english and "0001" in english


def test_a_rejected_one_leaves_the_class(client, session, loan, change) -> None:
    signed_in(client, session, roles=["reviewer"])
    decide(client, change.id, "reject")
    assert now(session, loan, change) == (3, "rejected")


@pytest.mark.parametrize("reason", ["", "  a ", "长" * 201, "\x00\x01\x02\x03"])
def test_without_a_reason_nothing_changes(client, session, loan, change, reason) -> None:
    signed_in(client, session, roles=["reviewer"])
    answer = decide(client, change.id, reason=reason)
    assert "写清理由" in client.get(answer.headers["Location"]).text
    assert now(session, loan, change) == (3, "proposed")


def test_others_may_look_or_not_but_not_decide(app, client, session, loan, change) -> None:
    signed_in(client, session, roles=["finance"], email="zhou@bank.example")
    assert "确认上调" not in client.get(PAGE).text
    mark = form_mark(client.get(PAGE))  # of signing out: the session's own
    assert decide(client, change.id, mark=mark).status_code == 403
    stranger = app.test_client()
    signed_in(stranger, session, roles=["operations"], email="qian@bank.example")
    assert stranger.get(PAGE).status_code == 403
    assert now(session, loan, change) == (3, "proposed")


def test_a_proposal_that_does_not_exist(client, session) -> None:
    signed_in(client, session, roles=["reviewer"])
    answer = decide(client, ids.new_id())
    assert "没有这一条" in client.get(answer.headers["Location"]).text
