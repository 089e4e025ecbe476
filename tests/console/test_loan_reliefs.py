"""A waiver and a write-off on the loan's page: proposed by one person, decided by another, shown with their parts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import invariants
from app.kernel.money import format_yuan
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan, LoanRelief
from app.reconciliation.models import MoneyProposal
from tests.factories import loans
from tests.factories.console import form_mark, signed_in

WHY = {"reason_code": "hardship", "reason": "经营困难，协商减免罚息"}


@pytest.fixture
def loan(client: FlaskClient, session: Session, clock_at: Callable[[datetime], None]) -> Loan:
    """100,000.00 yuan at 6 %, its first instalment 30 days late: 60.80 penalty and 3.75 compound interest."""
    clock_at(datetime(2026, 8, 15, 4, tzinfo=UTC))
    made = loans.active_loan(session, loans.make_borrower(session), amount_fen=10_000_000)
    clock_at(datetime(2026, 10, 15, 4, tzinfo=UTC))
    close_through(None, Run())
    session.expire_all()
    return made


@pytest.fixture
def zhou(client: FlaskClient, session: Session, loan: Loan) -> FlaskClient:
    signed_in(client, session, roles=["finance"], email="zhou@bank.example")
    return client


@pytest.fixture
def shen(app: Flask, session: Session, zhou: FlaskClient) -> FlaskClient:
    other = app.test_client()
    signed_in(other, session, roles=["finance"], email="shen@bank.example")
    return other


def propose(browser: FlaskClient, loan: Loan, **form: str) -> Any:
    page = f"/console/loans/{loan.id}/relief"
    mark = {"form_mark": form_mark(browser.get(page)), "about": "loan", "key": str(loan.id)}
    answer = browser.post("/console/money-proposals", data=mark | WHY | {"kind": "waiver"} | form)
    assert answer.headers["Location"].split("?")[0] == page
    return browser.get(answer.headers["Location"])


def decide(browser: FlaskClient, loan: Loan, session: Session, decision: str = "approve") -> Any:
    made = session.scalars(select(MoneyProposal).order_by(MoneyProposal.id.desc())).first()
    assert made is not None
    mark = form_mark(browser.get(f"/console/loans/{loan.id}/relief"))
    data = {"form_mark": mark, "reason": "已核对协议"}
    answer = browser.post(f"/console/money-proposals/{made.id}/{decision}", data=data)
    session.expire_all()
    return browser.get(answer.headers["Location"])


def test_a_waiver_by_two_people(zhou: FlaskClient, shen: FlaskClient, session: Session, loan: Loan) -> None:
    assert "60.80" in zhou.get(f"/console/loans/{loan.id}/relief").text
    waits = propose(zhou, loan, penalty_fen="60.80", compound_fen="3.75").text
    assert "等另一位复核" in waits and "罚息 60.80 元、复利 3.75 元" in waits and loan.accrued_penalty_fen == 6_455
    assert "自己提的不能自己定" in decide(zhou, loan, session).text
    assert f"/console/loans/{loan.id}/relief" in shen.get("/console/reconciliation").text
    done = decide(shen, loan, session).text
    assert loan.accrued_penalty_fen == 0 and "64.55" in done and "经营困难" in done
    relief = session.scalars(select(LoanRelief)).one()
    assert (relief.penalty_fen, relief.compound_fen) == (6_080, 375)
    english = zhou.get(f"/console/loans/{loan.id}/relief?lang=en").text
    assert "the customer cannot pay it" in english and "penalty and compound 64.55" in english
    assert [verdict for verdict in invariants.verify(session) if not verdict.holds] == []


def test_what_was_rejected_gives_nothing_up(zhou: FlaskClient, shen: FlaskClient, session: Session, loan: Loan) -> None:
    propose(zhou, loan, penalty_fen="10")
    decide(shen, loan, session, "reject")
    assert session.scalars(select(LoanRelief)).all() == [] and loan.accrued_penalty_fen == 6_455


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"penalty_fen": "60.81"}, "超过今天到期未还"),
        ({"penalty_fen": "ten"}, "填要减免的金额"),
        ({"penalty_fen": "-1"}, "填要减免的金额"),
        ({}, "填要减免的金额"),
        ({"penalty_fen": "1", "reason_code": "because"}, "选一个理由"),
        ({"penalty_fen": "1", "reason": "  "}, "理由"),
        ({"kind": "write_off", "reason_code": "court"}, "不能核销"),
    ],
)
def test_what_cannot_be_is_said(
    zhou: FlaskClient, session: Session, loan: Loan, form: dict[str, str], said: str
) -> None:
    assert said in propose(zhou, loan, **form).text
    assert session.scalars(select(MoneyProposal)).all() == []


def test_a_write_off_by_two_people(
    zhou: FlaskClient, shen: FlaskClient, session: Session, loan: Loan, clock_at: Callable[[datetime], None]
) -> None:
    loan.asset_class, loan.next_due_on = 5, datetime(2025, 9, 1, tzinfo=UTC).date()
    session.commit()
    assert "法院终结执行" in propose(zhou, loan, kind="write_off", reason_code="court").text
    done = decide(shen, loan, session).text
    assert loan.written_off_on is not None and "已核销" in done and "法院终结执行" in done
    loans.repay(session, loan, "due", amount_fen=1_000_000)
    listed = zhou.get("/console/loans?status=written_off").text
    assert loan.loan_no in listed and "10,000.00" in listed and format_yuan(loan.outstanding_principal_fen) in listed
    assert loan.loan_no in zhou.get("/console/loans").text
    assert loan.loan_no not in zhou.get("/console/loans?status=overdue").text
    table = zhou.get("/console/loans/written-off/export").data.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(table))
    assert (row["借据号"], row["已收回（元）"], row["状态"]) == (loan.loan_no, "10000.00", "已核销")


def test_who_may(app: Flask, client: FlaskClient, session: Session, loan: Loan) -> None:
    signed_in(client, session, roles=["reviewer"], email="li@bank.example")
    page = client.get(f"/console/loans/{loan.id}/relief").text
    assert "60.80" in page and "提交，等另一位复核" not in page
    stranger = app.test_client()
    assert stranger.get(f"/console/loans/{loan.id}/relief").status_code == 303
