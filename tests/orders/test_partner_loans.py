"""Loans as partners see them: their own only, a status without consent, figures with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

from app.customers import queries as customer_queries
from app.customers import usecases as customers
from app.kernel import clock, ids
from app.loans.models import Loan
from tests.factories import loans
from tests.factories.customers import SignedInCustomer
from tests.factories.orders import make_order
from tests.factories.partners import Signer, make_partner

START = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
PATH = "/partner/v1/loans"


@pytest.fixture
def partner(client: FlaskClient, session: Session, clock_at: Callable[[datetime], None]) -> Signer:
    clock_at(START)
    return make_partner(session)


@pytest.fixture
def borrower(session: Session, partner: Signer) -> SignedInCustomer:
    return loans.make_borrower(session)


def make_loan(session: Session, partner: Signer, borrower: SignedInCustomer) -> tuple[Loan, str]:
    """A loan for an order of the partner, and the partner's reference of it."""
    order = make_order(session, partner.partner_id, amount_fen=300_000)
    changes = {"partner_id": partner.partner_id, "order_id": order.id, "amount_fen": 300_000}
    return loans.active_loan(session, borrower, **changes), order.order_ref


def consent(session: Session, borrower: SignedInCustomer, partner_id: UUID) -> UUID:
    [text] = customer_queries.current_texts(session, locale="zh-CN", kinds=["partner_sharing"])
    made = customers.grant(
        session,
        consent_id=ids.new_id(),
        customer_id=borrower.customer_id,
        kind=text.kind,
        text_version=text.version,
        text_sha256=text.sha256,
        enterprise_id=None,
        partner_id=partner_id,
        facts={},
    )
    session.commit()
    return made.consent_id


def test_a_status_and_no_figure_without_consent(
    client: FlaskClient, session: Session, partner: Signer, borrower: SignedInCustomer
) -> None:
    loan, order_ref = make_loan(session, partner, borrower)
    answer = partner.call(client, "GET", f"{PATH}/{loan.id}")
    assert answer.status_code == 200, answer.json
    assert answer.json == {
        "id": str(loan.id),
        "order_ref": order_ref,
        "application_id": str(loan.application_id),
        "status": "active",
        "activated_at": answer.json["activated_at"],
        "settled_at": None,
        "shared": None,
    }
    assert str(loan.principal_fen) not in answer.text and loan.loan_no not in answer.text


def test_figures_from_consent_to_withdrawal(
    client: FlaskClient, session: Session, partner: Signer, borrower: SignedInCustomer
) -> None:
    loan, _ = make_loan(session, partner, borrower)
    before = partner.call(client, "GET", f"{PATH}/{loan.id}")
    given = consent(session, borrower, partner.partner_id)
    told = partner.call(client, "GET", f"{PATH}/{loan.id}")
    assert told.json["shared"] == {
        "principal_fen": 300_000,
        "outstanding_principal_fen": 300_000,
        "next_due_on": "2026-12-23",
        "overdue": False,
    }
    assert told.headers["ETag"] != before.headers["ETag"]
    customers.withdraw(session, customer_id=borrower.customer_id, consent_id=given)
    session.commit()
    after = partner.call(client, "GET", f"{PATH}/{loan.id}")
    assert after.json == before.json and after.headers["ETag"] == before.headers["ETag"]


def test_a_consent_is_for_the_partner_it_names(
    client: FlaskClient, session: Session, partner: Signer, borrower: SignedInCustomer
) -> None:
    loan, _ = make_loan(session, partner, borrower)
    consent(session, borrower, make_partner(session).partner_id)
    assert partner.call(client, "GET", f"{PATH}/{loan.id}").json["shared"] is None


def test_figures_end_thirty_days_after_the_loan(
    client: FlaskClient, session: Session, partner: Signer, borrower: SignedInCustomer, clock_at: Any
) -> None:
    loan, _ = make_loan(session, partner, borrower)
    consent(session, borrower, partner.partner_id)
    loans.repay(session, loan, "payoff")
    clock_at(START + timedelta(days=30))
    told = partner.call(client, "GET", f"{PATH}/{loan.id}").json
    assert (told["status"], told["shared"]["outstanding_principal_fen"]) == ("settled", 0)
    clock_at(START + timedelta(days=30, seconds=1))
    told = partner.call(client, "GET", f"{PATH}/{loan.id}").json
    assert (told["status"], told["shared"]) == ("settled", None)


def test_another_partners_loan_is_unknown(
    client: FlaskClient, session: Session, partner: Signer, borrower: SignedInCustomer
) -> None:
    loan, _ = make_loan(session, partner, borrower)
    other = make_partner(session)
    answers = [other.call(client, "GET", f"{PATH}/{one}") for one in (loan.id, ids.new_id())]
    assert [(one.status_code, one.json["code"]) for one in answers] == [(404, "loan.unknown")] * 2
    assert other.call(client, "GET", PATH).json == {"items": [], "next_cursor": None}


def test_the_scope_is_needed(client: FlaskClient, session: Session, partner: Signer) -> None:
    weak = make_partner(session, scopes=frozenset({"orders:read"}))
    for path in (PATH, f"{PATH}/{ids.new_id()}"):
        answer = weak.call(client, "GET", path)
        assert (answer.status_code, answer.json["code"]) == (403, "partner.scope_missing")


def test_pages_and_what_they_cost(
    client: FlaskClient, session: Session, sessions: sessionmaker[Session], partner: Signer, clock_at: Any
) -> None:
    made = []
    for _ in range(3):
        clock_at(clock.now() + timedelta(minutes=2))
        made.append(str(make_loan(session, partner, loans.make_borrower(session))[0].id))
    asked: list[str] = []
    event.listen(sessions.kw["bind"], "before_cursor_execute", lambda *told: asked.append(told[2]))

    def page(query: str) -> tuple[Any, int]:
        asked.clear()
        found = partner.call(client, "GET", f"{PATH}{query}").json
        return found, len([one for one in asked if one.lstrip().upper().startswith("SELECT")])

    first, cost_of_two = page("?limit=2")
    second, cost_of_one = page(f"?limit=2&cursor={first['next_cursor']}")
    assert [one["id"] for one in first["items"] + second["items"]] == made[::-1]
    assert second["next_cursor"] is None and cost_of_two == cost_of_one <= 8
    stolen = make_partner(session).call(client, "GET", f"{PATH}?cursor={first['next_cursor']}")
    assert (stolen.status_code, stolen.json["code"]) == (400, "page.cursor_malformed")
    assert partner.call(client, "GET", f"{PATH}?limit=101").status_code == 422


def test_the_customer_sees_who_may_know_and_decides(
    client: FlaskClient, session: Session, partner: Signer, borrower: SignedInCustomer
) -> None:
    loan, _ = make_loan(session, partner, borrower)
    path = f"/customer/v1/loans/{loan.id}/partner-sharing"
    told = client.get(path, headers=borrower.headers).json
    assert told == {"partner_id": str(partner.partner_id), "partner_name": "测试云仓", "consent_id": None}
    texts = client.get("/customer/v1/consent-texts", headers=borrower.headers).json["items"]
    text = next(one for one in texts if one["names_partner"])
    body = {"kind": text["kind"], "text_version": text["version"], "text_sha256": text["sha256"]}
    for wrong in ({}, {"partner_id": str(ids.new_id())}):
        refused = client.post("/customer/v1/consents", json={**body, **wrong}, headers=borrower.writing())
        assert (refused.status_code, refused.json["code"]) == (422, "consent.subject_wrong")
    given = client.post(
        "/customer/v1/consents", json={**body, "partner_id": told["partner_id"]}, headers=borrower.writing()
    )
    assert given.status_code == 201 and given.json["partner_id"] == told["partner_id"]
    assert client.get(path, headers=borrower.headers).json["consent_id"] == given.json["id"]
    other = next(one for one in texts if one["kind"] == "bureau_query")
    body = {"kind": "bureau_query", "text_version": other["version"], "text_sha256": other["sha256"]}
    refused = client.post(
        "/customer/v1/consents", json={**body, "partner_id": told["partner_id"]}, headers=borrower.writing()
    )
    assert (refused.status_code, refused.json["code"]) == (422, "consent.subject_wrong")


def test_a_loan_that_nobody_brought(client: FlaskClient, session: Session, borrower: SignedInCustomer) -> None:
    loan = loans.active_loan(session, borrower, order_id=None)
    answer = client.get(f"/customer/v1/loans/{loan.id}/partner-sharing", headers=borrower.headers)
    assert (answer.status_code, answer.json["code"]) == (404, "loan.no_partner")
    stranger = loans.make_borrower(session)
    answer = client.get(f"/customer/v1/loans/{loan.id}/partner-sharing", headers=stranger.headers)
    assert (answer.status_code, answer.json["code"]) == (404, "loan.unknown")
