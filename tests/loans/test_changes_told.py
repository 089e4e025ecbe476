"""What a customer reads of a change: on the loan, in the month's statement and in the message, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock, ids
from app.loans import queries
from app.loans.domain import changed_terms as rules
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan
from app.loans.papers import reading, statement_papers
from app.loans.papers.months import Month
from app.loans.usecases.changing import Change, change_loan
from app.messages.domain.texts import KINDS
from app.messages.domain.told import telling
from app.messages.domain.values import WHAT, filled
from config.settings import current
from tests.factories import loans
from tests.factories.customers import SignedInCustomer

START = datetime(2026, 11, 5, 4, 0, tzinfo=UTC)


@pytest.fixture
def borrower(client: FlaskClient, session: Session, clock_at: Callable[[datetime], None]) -> SignedInCustomer:
    clock_at(START)
    return loans.make_borrower(session)


@pytest.fixture
def changed(session: Session, borrower: SignedInCustomer, clock_at: Callable[[datetime], None]) -> Loan:
    """100,000 yuan at 6 %, at 4.8 % from the tenth day."""
    loan = loans.active_loan(session, borrower, amount_fen=10_000_000, term_months=12)
    clock_at(START + timedelta(days=10))
    close_through(None, Run())
    session.expire_all()
    terms = rules.read_terms("rate_change", {"annual_rate": "0.048"})
    asked = Change(ids.new_id(), loan.id, "rate_change", clock.today(), terms, "双方书面约定", "branch:a", "branch:b")
    change_loan(session, asked)
    session.commit()
    return loan


def test_on_the_loan(client: FlaskClient, borrower: SignedInCustomer, changed: Loan, session: Session) -> None:
    """What was, what is, from when; nothing of class, reason or staff. Somebody else finds no such loan."""
    path, borrower = f"/customer/v1/loans/{changed.id}", loans.sign_in_again(session, borrower)
    answer = client.get(path, headers=borrower.headers)
    assert answer.status_code == 200, answer.text
    [told] = answer.json["changes"]  # type: ignore[index]
    assert (told["kind"], told["effective_on"]) == ("rate_change", "2026-11-15")
    wanted = [("annual_rate", "0.060000", "0.048000"), ("next_payment_fen", 860_664, 855_442), ("due_day", 5, 5)]
    assert [(name, told["before"][name], told["after"][name]) for name, _, _ in wanted] == wanted
    assert "branch" not in answer.text and "class" not in answer.text and "书面" not in answer.text
    other = loans.make_borrower(session)
    assert client.get(path, headers=other.headers).status_code == 404


def test_in_the_statement_of_the_month(
    client: FlaskClient, borrower: SignedInCustomer, changed: Loan, session: Session, clock_at: Any
) -> None:
    def kinds(month: str) -> list[str]:
        who = loans.sign_in_again(session, borrower)
        answer = client.get(f"/customer/v1/loans/{changed.id}/statements/{month}", headers=who.headers)
        assert answer.status_code == 200, answer.text
        return [one["kind"] for one in answer.json["changes"]]  # type: ignore[index]

    assert kinds("2026-11") == ["rate_change"]
    found, span = reading.loan_statement(
        session, customer_id=borrower.customer_id, loan_id=changed.id, month=Month(2026, 11)
    )
    paper = statement_papers.paper([found], span, current().bank)
    line = "条款变更：2026 年 11 月 15 日起利率调整（年化利率 6.00% → 4.80%，下一期应还（元） 8,606.64 → 8,554.42）。"
    assert line in str(paper)
    clock_at(START + timedelta(days=30))
    assert kinds("2026-12") == []
    assert len(queries.instalments(session, changed.id)) == 24


NEW_PLAN = {"annual_rate": "0.05", "method": "equal_principal", "first_due_on": "2027-02-20", "instalments": 24}
LATER: list[tuple[str, int, dict[str, Any]]] = [
    ("rate_change", 27, {"annual_rate": "0.048"}),
    ("due_day_change", 27, {"anchor_day": 20}),
    ("extension", 27, {"periods": 3}),
    ("restructuring", 72, NEW_PLAN),
]


@pytest.mark.parametrize(("kind", "days", "terms"), LATER, ids=[kind for kind, _, _ in LATER])
def test_statements_of_months_before_a_change_stay_what_they_were(
    session: Session, borrower: SignedInCustomer, clock_at: Any, kind: str, days: int, terms: dict[str, Any]
) -> None:
    """Rows, rate, term, state and what comes next: all as at the month's end; a restructuring of two late instalments
    takes their principal away from today's plan only."""
    loan = loans.active_loan(session, borrower, amount_fen=10_000_000, term_months=12)

    def papers() -> list[dict[str, Any]]:
        found = []
        for month in (Month(2026, 11), Month(2026, 12))[: 1 + (days > 56)]:
            one, span = reading.loan_statement(
                session, customer_id=borrower.customer_id, loan_id=loan.id, month=month
            )
            found.append(statement_papers.paper([one], span, current().bank))
        return found

    clock_at(START + timedelta(days=days))
    close_through(None, Run())
    session.expire_all()
    before = papers()
    agreed = rules.read_terms(kind, terms)
    change_loan(session, Change(ids.new_id(), loan.id, kind, clock.today(), agreed, "双方约定", "branch:a", "branch:b"))
    session.commit()
    if kind == "restructuring":
        assert [row.principal_fen for row in queries.instalments(session, loan.id)[:2]] == [0, 0]
        assert "8,106.64" in str(before[1]) and "8,106.64" in str(papers()[1])
    assert papers() == before


@pytest.mark.parametrize("kind", rules.KINDS)
def test_in_the_message(kind: str) -> None:
    told = telling("loan.changed", {"kind": kind, "effective_on": "2026-11-15", "change_id": "x"})
    assert told and told.kind == "terms_changed"
    zh, en = (filled(told.kind, KINDS[told.kind].version, told.values, locale) for locale in ("zh-CN", "en"))
    assert f"2026年11月15日 起变更：{WHAT[kind][0]}" in zh.body
    assert f"From 15 Nov 2026 your loan has {WHAT[kind][1]}." in en.body
