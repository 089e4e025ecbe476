"""The LPR is entered by two people; what waits for it is said on the first page and repriced once it is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credit import queries as credit
from app.kernel import invariants
from app.loans.domain import repricing
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan
from app.reconciliation.models import MoneyProposal
from tests.factories import loans
from tests.factories.console import form_mark, signed_in

START = datetime(2026, 11, 5, 4, 0, tzinfo=UTC)
FORM = {
    "about": "benchmark", "kind": "publish_rate", "benchmark": "lpr_1y", "published_on": "2026-12-21", "rate": "2.80",
    "reason": "全国银行间同业拆借中心公告",
}  # fmt: skip


@pytest.fixture
def loan(client: FlaskClient, session: Session, clock_at: Callable[[datetime], None]) -> Loan:
    """A floating loan on the day after its repricing day, which nobody entered a rate for."""
    clock_at(START)
    model = loans.active_loan(session, loans.make_borrower(session))
    said = repricing.floating({"benchmark": "lpr_1y", "spread_bps": 300, "on": "january"}, date(2026, 11, 5))
    made = loans.another(session, model, annual_rate=Decimal("0.06"), **said)
    clock_at(datetime(2027, 1, 2, 4, tzinfo=UTC))
    close_through(None, Run())
    session.expire_all()
    return made


def post(browser: FlaskClient, path: str, form: dict[str, str]) -> str:
    mark = {"form_mark": form_mark(browser.get("/console/rates"))}
    return browser.post(path, data=mark | form).headers["Location"]


def test_two_people_enter_the_rate_for_which_loans_wait(
    app: Flask, client: FlaskClient, session: Session, loan: Loan
) -> None:
    signed_in(client, session, roles=["finance"], email="zhou@bank.example")
    assert "笔浮动利率借款等 LPR 录入" in client.get("/console/my-day?lang=zh-CN").text
    for lang, words in (("zh-CN", "重定价日"), ("en", "the repricing day is")):
        assert words in client.get(f"/console/rates?lang={lang}").text
    for wrong, code in (({"rate": "2.805"}, "rate.wrong"), ({"published_on": "2027-01-20"}, "rate.wrong"),
                        ({"benchmark": "all_in_cap"}, "rate.wrong"), ({"reason": "x"}, "proposal.reason_missing"),
                        ({"benchmark": "lpr_5y", "published_on": "2026-01-01"}, "rate.known")):  # fmt: skip
        assert post(client, "/console/money-proposals", FORM | wrong).endswith(f"refused={code}")
    assert post(client, "/console/money-proposals", FORM).endswith("/console/rates")
    made = session.scalars(select(MoneyProposal)).one()
    approve, why = f"/console/money-proposals/{made.id}/approve", {"reason": "与公告核对一致"}
    assert post(client, approve, why).endswith("refused=proposal.own")
    assert credit.parameter_before(session, "lpr_1y", before=date(2027, 1, 1)).effective_from == date(2026, 1, 1)  # type: ignore[union-attr]
    other = app.test_client()
    signed_in(other, session, roles=["finance"], email="shen@bank.example")
    assert post(other, approve, why).endswith("/console/rates")
    close_through(None, Run())
    session.expire_all()
    assert loan.annual_rate == Decimal("0.058")
    assert "笔浮动利率借款等 LPR 录入" not in client.get("/console/my-day").text
    shown = client.get(f"/console/loans/{loan.id}?lang=zh-CN").text
    assert "+300" in shown and "补作重定价" in shown  # the rate, and the journal of what was made good
    assert "2.80" in client.get("/console/rates").text
    assert [one for one in invariants.verify(session) if not one.holds] == []


def test_only_those_who_propose_or_decide_see_it(client: FlaskClient, session: Session, loan: Loan) -> None:
    signed_in(client, session, roles=["reviewer"], email="lin@bank.example")
    assert client.get("/console/rates").status_code == 403
    assert "等 LPR 录入" not in client.get("/console/my-day").text
