"""Checking a paper: genuine, added to, void, not ours; by page and by API, with nothing told but what stands in it."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.contracts.models import Contract
from app.loans.models import Loan
from app.loans.usecases.certificates import void_certificate
from tests.factories import credit, loans
from tests.factories.customers import SignedInCustomer

DRAFT, SEALED = b"%PDF-1.7 test\n%%EOF\n", b"%PDF-1.7 test\n%%EOF\nseal\n%%EOF\n"
NOTHING = {"sha256": ["0" * 64]}


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


@pytest.fixture
def contract(client: FlaskClient, session: Session) -> Contract:
    applicant = credit.make_applicant(session)
    application = credit.approved_application(session, applicant)
    contract_id = credit.presented_contract(session, application, DRAFT)
    credit.sign(session, applicant, contract_id)
    credit.seal(session, contract_id, SEALED)
    session.commit()
    return session.get_one(Contract, contract_id)


def check(client: FlaskClient, *digests: str) -> Any:
    answer = client.post("/public/v1/paper-checks", json={"sha256": list(digests)})
    assert answer.status_code == 200, answer.text
    return answer.get_json()["paper"]


def test_a_sealed_contract_is_known_by_its_bytes(client: FlaskClient, contract: Contract) -> None:
    paper = check(client, sha256(SEALED))
    assert (paper["kind"], paper["number"], paper["sha256"]) == ("loan_contract", contract.number, sha256(SEALED))
    assert paper["evidence_sha256"] == contract.evidence_sha256 and paper["void_at"] is None
    assert set(paper) == {"kind", "number", "sha256", "issued_at", "signed_at", "evidence_sha256", "void_at"}
    assert check(client, sha256(SEALED + b" ")) is None


def test_the_first_known_digest_is_answered(client: FlaskClient, contract: Contract) -> None:
    """The whole file, then its revisions from the last: an addition hides neither the seal nor the text before it."""
    added = [sha256(SEALED + b"note"), sha256(SEALED), sha256(DRAFT)]
    assert check(client, *added)["kind"] == "loan_contract"
    draft = check(client, sha256(DRAFT))
    assert (draft["kind"], draft["signed_at"], draft["evidence_sha256"]) == ("loan_contract_for_signature", None, None)


def test_a_certificate_and_its_end(client: FlaskClient, session: Session) -> None:
    borrower: SignedInCustomer = loans.make_borrower(session)
    loan: Loan = loans.active_loan(session, borrower)
    loans.repay(session, loan, "payoff")
    issued = client.get(f"/customer/v1/loans/{loan.id}/settlement-certificate.pdf", headers=borrower.headers)
    paper = check(client, sha256(issued.data))
    assert (paper["kind"], paper["void_at"]) == ("settlement_certificate", None)
    void_certificate(session, loan_id=loan.id)
    session.commit()
    assert check(client, sha256(issued.data))["void_at"]
    page = client.get(f"/verify?sha256={sha256(issued.data)}", headers={"Accept-Language": "zh-CN"}).text
    assert 'data-answer="wrong"' in page and "已经作废" in page


@pytest.mark.parametrize(
    "body",
    [{}, {"sha256": []}, {"sha256": ["A" * 64]}, {"sha256": ["0" * 63]}, {"sha256": ["0" * 64] * 17}, {"sha256": [1]}],
)
def test_what_is_no_digest_is_refused(client: FlaskClient, body: dict[str, Any]) -> None:
    answer = client.post("/public/v1/paper-checks", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "request.invalid")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_page_tells_each_answer_apart(client: FlaskClient, contract: Contract, language: str) -> None:
    def read(*digests: str) -> str:
        answer = client.get("/verify", query_string={"sha256": list(digests), "lang": language})
        assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
        return str(answer.text)

    whole = read(sha256(SEALED))
    assert 'data-answer="genuine"' in whole and contract.number in whole and "测试" not in whole.split("<main")[1]
    assert 'data-answer="doubtful"' in read(sha256(SEALED + b"x"), sha256(SEALED))
    assert 'data-answer="doubtful"' in read(sha256(DRAFT))
    assert 'data-answer="wrong"' in read("0" * 64)
    assert f"sha256={sha256(SEALED)}" in whole, "the other language keeps what was asked"
    assert "data-answer" not in read()


def test_a_digest_that_is_none_is_said_on_the_page(client: FlaskClient) -> None:
    answer = client.get("/verify", query_string={"sha256": '"><b>12'})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text and "<b>12" not in answer.text
    assert client.get(f"/verify?sha256={'0' * 63}&_scheme=javascript&_external=1").status_code == 422
    assert "javascript:" not in client.get("/verify?_scheme=javascript&_external=1").text


def test_the_page_runs_its_own_script_only(client: FlaskClient) -> None:
    answer = client.get("/verify")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
    assert "connect-src" not in policy, "the file cannot be sent anywhere"
    assert client.get("/verify/static/verify.js").status_code == 200
    assert client.get("/verify/static/routes.py").status_code == 404


def test_it_is_found_by_indexes(session: Session, contract: Contract) -> None:
    session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = session.scalars(
        text("EXPLAIN SELECT 1 FROM contracts WHERE sealed_sha256 IN ('a') OR document_sha256 IN ('a')")
    ).all()
    assert "ix_contracts_sealed_sha256" in "".join(plan) and "Seq Scan" not in "".join(plan)
