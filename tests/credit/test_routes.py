"""A customer's way from application to signed contract over HTTP, and what the routes refuse."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.contracts.usecases import render_contract
from app.credit import queries
from app.credit.queries import ApplicationView
from app.kernel import clock, ids
from tests.contracts.test_domain import content
from tests.factories import credit, customers
from tests.factories.customers import SignedInCustomer
from tests.job_runner import JobRunner

BASE = "/customer/v1/applications"
CHOICE = {"term_months": 12, "method": "equal_instalment"}


@pytest.fixture
def applicant(session: Session) -> SignedInCustomer:
    return credit.make_applicant(session)


@pytest.fixture
def approved(session: Session, applicant: SignedInCustomer) -> ApplicationView:
    return credit.approved_application(session, applicant)


def post(client: FlaskClient, who: SignedInCustomer, path: str, json: Any = None, key: str = "") -> Any:
    headers = who.writing() | ({"Idempotency-Key": key} if key else {})
    return client.post(f"{BASE}/{path}", json=json, headers=headers)


def detail(client: FlaskClient, who: SignedInCustomer, application_id: UUID) -> Any:
    return client.get(f"{BASE}/{application_id}", headers=who.headers)


def test_products_are_public_and_may_be_cached(client: FlaskClient) -> None:
    answer = client.get("/public/v1/products")
    (product,) = answer.json["items"]
    assert (product["code"], product["name"]["zh"]) == ("order_instalments", "企业经营贷·订单分期")
    assert (product["lowest_annual_rate"], product["highest_annual_rate"]) == ("0.0510", "0.0810")
    assert (product["min_fen"], product["max_fen"], product["terms_months"]) == (100_000, 30_000_000, [3, 6, 12])
    assert "public" in answer.headers["Cache-Control"]
    again = client.get("/public/v1/products", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_an_approved_application_shows_its_decision_and_the_next_step(
    client: FlaskClient, applicant: SignedInCustomer, approved: ApplicationView
) -> None:
    answer = detail(client, applicant, approved.application_id)
    shown = answer.json
    assert shown["next_step"] == {"kind": "confirm_costs", "who": "customer"}
    assert shown["decision"]["annual_rate"] == "0.0600" and shown["decision"]["reasons"] == []
    assert [step["status"] for step in shown["timeline"]] == ["deciding", "approved"]
    assert shown["payee_name"] == credit.PAYEE.name and credit.PAYEE.account_no not in answer.text
    headers = applicant.headers | {"If-None-Match": answer.headers["ETag"]}
    assert client.get(f"{BASE}/{approved.application_id}", headers=headers).status_code == 304


def test_a_refusal_is_shown_with_reason_data_and_remedy(
    client: FlaskClient, session: Session, applicant: SignedInCustomer
) -> None:
    made = credit.decide(session, credit.open_application(session, applicant), current_overdue_fen=12_345)
    shown = detail(client, applicant, made.application_id).json
    assert shown["next_step"]["kind"] == "improve"
    assert shown["decision"]["annual_rate"] is None and shown["decision"]["limit_fen"] == 0
    (reason,) = shown["decision"]["reasons"]
    assert reason["code"] == "K06" and reason["evidence"]["source"]["zh"] == "征信报告"
    assert reason["evidence"]["value"]["zh"] == "123.45 元" and reason["remedy"]["en"]


def test_waiting_for_a_source_says_which_and_is_nobody_s_fault(
    client: FlaskClient, session: Session, applicant: SignedInCustomer
) -> None:
    from app.credit import usecases

    made = credit.open_application(session, applicant)
    reports = credit.invented_reports(session, made)
    for asked in usecases.open_collection(session, application_id=made.application_id, attempt=0) or ():
        if asked.source != "bureau":
            usecases.keep_answer(session, snapshot_id=asked.snapshot_id, report=reports[asked.source])
    usecases.settle_collection(session, application_id=made.application_id, attempt=0)
    session.commit()
    shown = detail(client, applicant, made.application_id).json
    assert (shown["status"], shown["waiting_for"], shown["decision"]) == ("waiting_data", ["bureau"], None)
    assert shown["next_step"] == {"kind": "wait_source", "who": "bank"}


def test_the_list_is_paged_and_only_one_s_own(
    client: FlaskClient, session: Session, applicant: SignedInCustomer
) -> None:
    made = [credit.open_application(session, applicant) for _ in range(3)]
    credit.open_application(session, credit.make_applicant(session))
    first = client.get(f"{BASE}?limit=2", headers=applicant.headers).json
    second = client.get(f"{BASE}?limit=2&cursor={first['next_cursor']}", headers=applicant.headers).json
    found = [row["id"] for row in first["items"] + second["items"]]
    assert found == [str(one.application_id) for one in reversed(made)] and second["next_cursor"] is None


def confirmed_sheet(
    client: FlaskClient, who: SignedInCustomer, application_id: UUID, clock_at: Callable[..., None]
) -> None:
    """Shown, refused while it is too early, confirmed."""
    start = clock.now()
    clock_at(start)
    sheet = post(client, who, f"{application_id}/cost-sheets", CHOICE).json
    assert list(sheet["body"])[2] == "all_in_annual_rate" and sheet["body"]["principal_fen"] == credit.AMOUNT_FEN
    confirmation = f"{application_id}/cost-sheets/{sheet['id']}/confirmation"
    early = post(client, who, confirmation)
    assert (early.status_code, early.json["code"]) == (409, "cost_sheet.read_first")
    assert early.json["context"] == {"remaining_s": 10}
    assert post(client, who, f"{application_id}/contracts").json["code"] == "contract.costs_not_confirmed"
    clock_at(start + timedelta(seconds=10))
    assert post(client, who, confirmation).json["confirmed_at"]
    assert detail(client, who, application_id).json["next_step"]["kind"] == "prepare_contract"


def test_from_the_cost_sheet_to_the_customer_s_signature(
    client: FlaskClient,
    session: Session,
    applicant: SignedInCustomer,
    approved: ApplicationView,
    clock_at: Callable[..., None],
) -> None:
    confirmed_sheet(client, applicant, approved.application_id, clock_at)
    contract = post(client, applicant, f"{approved.application_id}/contracts").json
    assert (contract["status"], len(contract["emphasised"])) == ("presented", 3)
    assert post(client, applicant, f"{approved.application_id}/contracts").json == contract
    signature = f"{approved.application_id}/contracts/{contract['id']}/signature"
    seen = {"document_sha256": contract["document_sha256"]}
    assert post(client, applicant, signature, seen).json["code"] == "contract.not_read"
    document = client.get(contract["document_path"], headers=applicant.headers)
    assert document.mimetype == "application/pdf"
    assert hashlib.sha256(document.data).hexdigest() == contract["document_sha256"]
    assert post(client, applicant, signature, seen).json["code"] == "auth.step_up_needed"
    customers.show_second_factor(session, applicant, purpose="sign_contract", subject_id=UUID(contract["id"]))
    wrong = post(client, applicant, signature, {"document_sha256": "0" * 64})
    assert (wrong.status_code, wrong.json["code"]) == (409, "contract.document_mismatch")
    signed = post(client, applicant, signature, seen, key="one-intention")
    assert (signed.status_code, signed.json["status"]) == (200, "customer_signed")
    assert post(client, applicant, signature, seen, key="one-intention").data == signed.data
    assert detail(client, applicant, approved.application_id).json["next_step"]["kind"] == "wait_seal"


def test_the_sealed_contract_makes_the_application_effective(
    client: FlaskClient,
    session: Session,
    applicant: SignedInCustomer,
    approved: ApplicationView,
    run_jobs: JobRunner,
) -> None:
    contract_id = credit.presented_contract(session, approved, render_contract(content()))
    credit.sign(session, applicant, contract_id)
    run_jobs(only="contracts.seal")
    run_jobs(only="credit.contract_signed")
    shown = detail(client, applicant, approved.application_id).json
    assert (shown["status"], shown["contract"]["status"]) == ("effective", "sealed")
    assert shown["next_step"] == {"kind": "wait_drawdown", "who": "bank"}
    sealed = client.get(shown["contract"]["document_path"], headers=applicant.headers)
    assert hashlib.sha256(sealed.data).hexdigest() == shown["contract"]["sealed_sha256"]
    session.expire_all()
    assert queries.agreed_terms(session, approved.application_id) is not None


def test_withdrawing_is_one_effect_however_often_it_is_asked(
    client: FlaskClient, applicant: SignedInCustomer, approved: ApplicationView
) -> None:
    path = f"{approved.application_id}/withdrawal"
    first = post(client, applicant, path, key="k1")
    assert (first.status_code, first.json["status"]) == (200, "withdrawn")
    assert post(client, applicant, path, key="k1").data == first.data
    assert post(client, applicant, path, key="k2").json["status"] == "withdrawn"
    assert post(client, applicant, f"{approved.application_id}/cost-sheets", CHOICE).json["code"] == (
        "application.not_offered"
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"term_months": 5, "method": "equal_instalment"}, "application.term_not_offered"),
        ({"term_months": 12, "method": "bullet"}, "application.method_not_offered"),
        ({**CHOICE, "amount_fen": 2_000_000}, "application.amount_above_offer"),
        ({**CHOICE, "amount_fen": "100"}, "request.invalid"),
        ({**CHOICE, "rate": "0.01"}, "request.invalid"),
        ({"method": "equal_instalment"}, "request.invalid"),
    ],
)
def test_choices_outside_the_approval_are_refused(
    client: FlaskClient, applicant: SignedInCustomer, approved: ApplicationView, body: dict[str, Any], code: str
) -> None:
    answer = post(client, applicant, f"{approved.application_id}/cost-sheets", body)
    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_writes_need_an_idempotency_key(
    client: FlaskClient, applicant: SignedInCustomer, approved: ApplicationView
) -> None:
    answer = client.post(f"{BASE}/{approved.application_id}/withdrawal", headers=applicant.headers)
    assert (answer.status_code, answer.json["code"]) == (400, "idempotency.key_missing")


def test_somebody_else_s_things_do_not_exist(
    client: FlaskClient, session: Session, applicant: SignedInCustomer, approved: ApplicationView
) -> None:
    contract_id = credit.presented_contract(session, approved)
    shown = detail(client, applicant, approved.application_id).json
    sheet_id, other = shown["cost_sheet"]["id"], credit.make_applicant(session)
    own = credit.approved_application(session, other)
    mine = str(approved.application_id)
    for path in (mine, f"{mine}/contracts/{contract_id}", f"{mine}/contracts/{contract_id}/document"):
        assert client.get(f"{BASE}/{path}", headers=other.headers).status_code == 404, path
        assert client.get(f"{BASE}/{path}").status_code == 401, path
    signature = {"document_sha256": shown["contract"]["document_sha256"]}
    writes: list[tuple[str, Any]] = [
        (f"{mine}/withdrawal", None),
        (f"{mine}/cost-sheets", CHOICE),
        (f"{mine}/cost-sheets/{sheet_id}/confirmation", None),
        (f"{mine}/contracts", None),
        (f"{mine}/contracts/{contract_id}/signature", signature),
        (f"{own.application_id}/cost-sheets/{sheet_id}/confirmation", None),
        (f"{own.application_id}/contracts/{contract_id}/signature", signature),
        (f"{ids.new_id()}/withdrawal", None),
    ]
    for path, body in writes:
        answer = post(client, other, path, body)
        assert answer.status_code == 404, (path, answer.json)
    assert detail(client, applicant, approved.application_id).json == shown
