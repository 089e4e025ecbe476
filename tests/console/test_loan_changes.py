"""A loan's terms are changed on its page: tried beside what holds, proposed by one person, approved by another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.kernel import clock, ids, invariants
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan, LoanChange
from app.reconciliation.models import MoneyProposal
from tests.factories import loans
from tests.factories.console import form_mark, signed_in

START = datetime(2026, 11, 5, 4, 0, tzinfo=UTC)
WHY = {"reason": "客户书面申请，见影像"}
FORMS: list[dict[str, str]] = [
    {"kind": "rate_change", "rate": "4.80"},
    {"kind": "due_day_change", "anchor_day": "20"},
    {"kind": "extension", "periods": "3"},
    {
        "kind": "restructuring", "rate": "5", "new_method": "equal_principal", "first_due_on": "2026-12-20",
        "instalments": "24", "keep_arrears": "",
    },
]  # fmt: skip


@pytest.fixture
def loan(client: FlaskClient, session: Session, clock_at: Callable[[datetime], None]) -> Loan:
    """100,000 yuan, ten days old, all days before closed."""
    clock_at(START)
    made = loans.active_loan(session, loans.make_borrower(session), amount_fen=10_000_000, term_months=12)
    clock_at(START + timedelta(days=10))
    close_through(None, Run())
    session.expire_all()
    return made


@pytest.fixture
def zhou(client: FlaskClient, session: Session, loan: Loan) -> FlaskClient:
    """A browser of finance, who proposes."""
    signed_in(client, session, roles=["finance"], email="zhou@bank.example")
    return client


@pytest.fixture
def shen(app: Flask, session: Session, zhou: FlaskClient) -> FlaskClient:
    """A browser of another person, who decides."""
    other = app.test_client()
    signed_in(other, session, roles=["finance"], email="shen@bank.example")
    return other


def page_of(loan: Loan) -> str:
    return f"/console/loans/{loan.id}/change"


def propose(browser: FlaskClient, loan: Loan, form: dict[str, str]) -> TestResponse:
    mark = {"form_mark": form_mark(browser.get(f"{page_of(loan)}?kind=rate_change&rate=5.55"))}
    return browser.post("/console/money-proposals", data=mark | {"about": "loan", "key": str(loan.id)} | WHY | form)


def decide(browser: FlaskClient, loan: Loan, made: MoneyProposal, decision: str = "approve") -> TestResponse:
    mark = form_mark(browser.get(page_of(loan)))
    return browser.post(f"/console/money-proposals/{made.id}/{decision}", data={"form_mark": mark} | WHY)


def proposed(session: Session) -> MoneyProposal:
    session.expire_all()
    return session.scalars(select(MoneyProposal).order_by(MoneyProposal.id.desc())).all()[0]


def violations(session: Session) -> list[Any]:
    return [one for one in invariants.verify(session) if not one.holds]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form["kind"])
def test_two_people_change_a_loan(
    session: Session, loan: Loan, zhou: FlaskClient, shen: FlaskClient, form: dict[str, str]
) -> None:
    for lang, word in (("zh-CN", "变更后"), ("en", "After")):
        shown = zhou.get(page_of(loan), query_string=form | {"lang": lang}).text
        assert word in shown and "3,279.73" in shown and "<script" not in shown
    session.expire_all()
    assert session.scalars(select(LoanChange)).all() == []  # only tried
    zhou.get(page_of(loan), query_string={"lang": "zh-CN"})
    assert propose(zhou, loan, form).headers["Location"].endswith(page_of(loan))
    made = proposed(session)
    assert (made.kind, made.subject_kind, made.status) == (form["kind"], "loan", "proposed")
    assert page_of(loan) in zhou.get("/console/reconciliation").text
    waiting = shen.get(page_of(loan)).text
    assert "等另一位复核" in waiting and "3,279.73" in waiting and WHY["reason"] in waiting
    own = zhou.post(
        f"/console/money-proposals/{made.id}/approve",
        data={"form_mark": form_mark(zhou.get(f"/console/loans/{loan.id}")), **WHY},
    )
    assert "refused=proposal.own" in own.headers["Location"]
    assert "refused" not in decide(shen, loan, made).headers["Location"]
    session.expire_all()
    done = session.scalars(select(LoanChange)).one()
    assert (done.id, done.effective_on) == (made.id, clock.today())
    assert done.approved_by.startswith("staff:") and done.approved_by != done.proposed_by
    after = shen.get(page_of(loan)).text
    assert "变更记录" in after and WHY["reason"] in after and "等另一位复核" not in after
    assert violations(session) == []


def test_what_is_not_agreed_changes_nothing(session: Session, loan: Loan, zhou: FlaskClient, shen: FlaskClient) -> None:
    propose(zhou, loan, FORMS[0])
    assert "refused=proposal.already_open" in propose(zhou, loan, FORMS[1]).headers["Location"]
    decide(shen, loan, proposed(session), "reject")
    assert session.scalars(select(LoanChange)).all() == [] and proposed(session).status == "rejected"
    assert "没有同意" in shen.get(page_of(loan)).text
    assert "refused" not in propose(zhou, loan, FORMS[1]).headers["Location"]


REFUSED = [
    ({"kind": "rate_change", "rate": "6"}, "loan_change.nothing_changes"),
    ({"kind": "rate_change", "rate": "99"}, "loan_change.rate_above_cap"),
    ({"kind": "rate_change", "rate": "NaN"}, "loan_change.terms_wrong"),
    ({"kind": "rate_change", "rate": "six"}, "loan_change.terms_wrong"),
    ({"kind": "extension", "periods": "13"}, "loan_change.extension_too_long"),
    ({"kind": "extension", "periods": "1e9"}, "loan_change.terms_wrong"),
    ({"kind": "restructuring", "rate": "5"}, "loan_change.terms_wrong"),
    ({"kind": "refund"}, "loan_change.terms_wrong"),
]


@pytest.mark.parametrize(("form", "code"), REFUSED)
def test_refused_in_words(session: Session, loan: Loan, zhou: FlaskClient, form: dict[str, str], code: str) -> None:
    if form["kind"] != "refund":
        shown = zhou.get(page_of(loan), query_string=form).text
        assert "alert" in shown and "变更后" not in shown
    assert propose(zhou, loan, form).headers["Location"].endswith(f"refused={code}")
    assert session.scalars(select(MoneyProposal)).all() == []


def test_whose_page_it_is(app: Flask, session: Session, loan: Loan, zhou: FlaskClient) -> None:
    """A reviewer reads; only those who propose are offered a form, and only they are heard."""
    reader = app.test_client()
    signed_in(reader, session, roles=["reviewer"], email="li@bank.example")
    shown = reader.get(page_of(loan)).text
    assert "变更记录" in shown and "要变更什么" not in shown
    mark = form_mark(reader.get(page_of(loan)))
    form = {"form_mark": mark, "about": "loan", "key": str(loan.id)} | WHY | FORMS[0]
    assert reader.post("/console/money-proposals", data=form).status_code == 403
    assert zhou.get(f"/console/loans/{ids.new_id()}/change").status_code == 404
    for key in ("x", str(ids.new_id())):
        own = {"key": key, "form_mark": form_mark(zhou.get(page_of(loan)))}
        answer = zhou.post("/console/money-proposals", data=form | own)
        assert answer.status_code in (303, 404)
    assert session.scalars(select(MoneyProposal)).all() == []
