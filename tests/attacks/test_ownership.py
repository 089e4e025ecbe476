"""Every route that names a thing, asked by somebody whose thing it is not: the matrix is made from the routes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.kernel import ids
from tests.factories import loans
from tests.factories.documents import as_csv, flows_of, plain_pair
from tests.factories.orders import ACCOUNT, make_order
from tests.factories.partners import Signer, add_key, make_partner
from tests.factories.webhooks import make_endpoint, settle_loan
from tests.job_runner import JobRunner
from tests.sandbox_process import SandboxProcess
from tests.story import Story

WRITES = {"POST", "PUT", "DELETE", "PATCH"}
# What a write must carry, so that it fails for its owner and not for its form; routes with no body need no row.
BODIES: dict[str, dict[str, Any]] = {
    "account.confirm_phone_change": {"code_id": str(uuid4()), "code": "123456"},
    "account.show_identity": {"name": "测试林", "id_no": "11010519491231002X"},  # the standard's own sample
    "applications.ask_review": {"words": "x"},
    "applications.show_cost_sheet": {"term_months": 12, "method": "equal_instalment"},
    "applications.sign_contract": {"document_sha256": "0" * 64},
    "loans.create_repayment": {"kind": "instalment", "app": "mini"},
    "own_handoffs.apply_for_order": {
        "enterprise_id": "00000000-0000-0000-0000-000000000000", "product_code": "x",
        "term_months": 12, "method": "equal_instalment",
    },
    "loans.quote_early_repayment": {"amount_fen": 100_000},
    "partner_orders.refund_order": {"refund_ref": "r", "amount_fen": 1},
    "partner_orders.ship_order": {},
    "console.reveal": {"field": "phone", "reason": "test"},
}
# Where a body names a thing: attacked by name below (a sign-in code proves itself, it belongs to nobody yet).
NAMED_IN_BODIES = {
    "POST /customer/v1/estimates",
    "POST /customer/v1/me/phone-changes/{change_id}/confirmation",  # its code: tests/customers/test_phone_changes.py
    "POST /customer/v1/consents",
    "POST /customer/v1/handoffs/{handoff_id}/application",
    "POST /customer/v1/step-ups",
    "POST /customer/v1/step-ups/codes",
    "POST /customer/v1/sign-in/phone",
    "POST /embed/v1/applications",
    "POST /partner/v1/events/replays",  # another partner's endpoint: tests/webhooks/test_recovery.py
}
STATEMENT = "partner_orders.get_statement"  # everybody's own month: tests/orders/test_after_sales.py
CERTIFICATE = "loans.get_settlement_certificate"  # the owner's loan is not settled
MONTHS = {"month", "statement_month"}
MERCHANT = "partner_orders.put_merchant"  # a partner names its own merchants: the same name is another merchant


def routes_of(app: Flask, audience: str, *, with_id: bool = True) -> list[tuple[str, Rule]]:
    """(method, rule) of each route of an audience."""
    audiences = app.extensions["audiences"]
    found = []
    for rule in app.url_map.iter_rules():
        known = audiences.get(rule.endpoint.split(".")[0])
        if known and known.name == audience and bool(rule.arguments) >= with_id:
            found += [(method, rule) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return sorted(found, key=lambda pair: (pair[1].rule, pair[0]))


def path_of(app: Flask, rule: Rule, things: dict[str, Any]) -> str:
    """The path with the owner's things; a new kind of thing must be added to the owner's."""
    missing = rule.arguments - set(things)
    assert not missing, f"{rule.rule}: this test knows no {missing}; give its owner one"
    adapter = app.url_map.bind("bank")
    return adapter.build(rule.endpoint, {name: things[name] for name in rule.arguments})


@pytest.fixture(scope="module")
def things(borrower: Story) -> dict[str, Any]:
    """What the borrower owns, by the names that routes have for it."""
    opened = borrower.open_repayment("instalment")
    borrower.pay(opened)
    borrower.wait_repayment(opened)
    own = {name: borrower.facts[name] for name in ("application_id", "contract_id", "loan_id", "enterprise_id")}
    own["cost_sheet_id"] = borrower.facts["cost_sheet"]["id"]
    own["repayment_id"] = opened["repayment"]["id"]
    own["handoff_id"] = taken_over(borrower)
    asked = {"enterprise_id": own["enterprise_id"], "product_code": product_of(borrower)}
    own["estimate_id"] = borrower.ask("POST", "/customer/v1/estimates", asked, expect=201)["id"]
    own["consent_id"] = borrower.ask("GET", "/customer/v1/consents", expect=200)["items"][0]["id"]
    own["message_id"] = borrower.ask("GET", "/customer/v1/messages", expect=200)["items"][0]["id"]
    own["document_id"] = put_document(borrower)
    change = {"new_phone": "19988887777"}
    own["change_id"] = borrower.ask("POST", "/customer/v1/me/phone-changes", change, expect=201)["id"]
    own["mandate_id"] = named_account(borrower)
    own["month"] = borrower.loan()["start_on"][:7]
    own["session_id"] = borrower.ask("GET", "/customer/v1/sessions", expect=200)["items"][0]["id"]
    return own


def named_account(story: Story) -> str:
    """A mandate that waits for its second factor."""
    texts = story.ask("GET", "/customer/v1/consent-texts", expect=200)["items"]
    text = next(one for one in texts if one["kind"] == "direct_debit")
    asked = {"account_no": "62179900000001", "bank_code": "102331000018"}
    asked |= {"text_version": text["version"], "text_sha256": text["sha256"]}
    mandate_id: str = story.ask("POST", "/customer/v1/debit-mandates", asked, expect=201)["id"]
    return mandate_id


def put_document(story: Story) -> str:
    """A statement in the box of the borrower's business."""
    path = f"/customer/v1/enterprises/{story.facts['enterprise_id']}/documents"
    headers = {"Authorization": f"Bearer {story.token}", "Idempotency-Key": uuid4().hex}
    raw = as_csv(plain_pair(*flows_of(11, 3)))
    answer = story.http.post(path, content=raw, headers=headers, timeout=60)
    assert answer.json()["status"] == "to_confirm", answer.text
    document_id: str = answer.json()["id"]
    return document_id


def product_of(story: Story) -> str:
    """A product that is on sale."""
    return str(story.ask("GET", "/public/v1/products")["items"][0]["code"])


def taken_over(story: Story) -> str:
    """An order on a desktop that this customer goes on with in the mini-program."""
    desk = Story(story.stack)
    desk.open_embed_session()
    desk.redeem()
    bearer = {"Authorization": f"DPoP {desk.facts['frame_token']}"}
    made = desk.ask("POST", "/embed/v1/handoffs", expect=201, **bearer)
    body = {"scene": made["url"].partition("#h=")[2], "match_number": made["match_number"]}
    handoff_id: str = story.ask("POST", "/customer/v1/handoffs", body, expect=201)["id"]
    return handoff_id


def test_a_customer_reaches_nothing_of_another(app, borrower, stranger, things):
    matrix = routes_of(app, "customer")
    assert len(matrix) >= 18
    answers = {}
    for method, rule in matrix:
        response = call(stranger, method, path_of(app, rule, things), BODIES.get(rule.endpoint))
        problem = response.json()
        answers[f"{method} {rule.rule}"] = (response.status_code, problem.get("code"))
        told = {"context"} if rule.arguments <= MONTHS else set()  # the asker's own month, nobody else's thing
        assert set(problem) - told <= {"type", "title", "status", "code", "detail", "request_id"}, problem
    assert {route: answer for route, answer in answers.items() if answer[0] not in (403, 404)} == {}
    assert borrower.loan()["status"] == "active"


def test_the_owner_reaches_it_so_that_the_matrix_means_something(app, borrower, things):
    for method, rule in routes_of(app, "customer"):
        if method == "GET" and rule.endpoint != CERTIFICATE:
            path = path_of(app, rule, things)
            assert call(borrower, method, path, None).status_code == 200, path


def test_no_customer_reaches_what_does_not_exist_in_another_way(app, stranger, things):
    """An id of somebody else and an id of nobody get the same answer."""
    nobody = {**dict.fromkeys(things, str(uuid4())), "month": things["month"]}
    for method, rule in routes_of(app, "customer"):
        other = call(stranger, method, path_of(app, rule, things), BODIES.get(rule.endpoint))
        none = call(stranger, method, path_of(app, rule, nobody), BODIES.get(rule.endpoint))
        assert (other.status_code, other.json()["code"]) == (none.status_code, none.json()["code"]), rule.rule


def call(story: Story, method: str, path: str, body: Any) -> Any:
    headers = {"Authorization": f"Bearer {story.token}", "Idempotency-Key": uuid4().hex}
    return story.http.request(method, path, json=body, headers=headers)


def test_ids_in_bodies_are_checked_like_ids_in_paths(borrower, stranger, things):
    texts = stranger.ask("GET", "/customer/v1/consent-texts?locale=zh-CN")["items"]
    text = next(text for text in texts if text.get("about_enterprise"))
    consent = {"kind": text["kind"], "text_version": text["version"], "text_sha256": text["sha256"]}
    code = borrower.stack.query("SELECT id FROM phone_codes WHERE purpose = 'sign_contract' LIMIT 1")[0][0]
    bodies = {
        "/customer/v1/consents": consent | {"enterprise_id": things["enterprise_id"]},
        "/customer/v1/step-ups": {"code_id": str(code), "code": "123456"},
        "/customer/v1/estimates": {"enterprise_id": things["enterprise_id"], "product_code": product_of(borrower)},
    }
    for path, body in bodies.items():
        response = call(stranger, "POST", path, body)
        assert response.status_code in (403, 404, 422), response.text
        assert things["enterprise_id"] not in response.text


def test_nobody_applies_for_somebody_elses_business(borrower, stranger, things):
    applicant = Story(borrower.stack)
    applicant.open_embed_session()
    applicant.redeem()
    headers = {
        "Authorization": f"DPoP {applicant.facts['frame_token']}",
        "X-Customer-Session": stranger.token,
        "Idempotency-Key": uuid4().hex,
    }
    product = product_of(borrower)
    body = {"enterprise_id": things["enterprise_id"], "product_code": product, "term_months": 12}
    body["method"] = "equal_instalment"
    response = applicant.http.post("/embed/v1/applications", json=body, headers=headers)
    assert response.status_code in (403, 404), response.text
    by_phone = f"/customer/v1/handoffs/{taken_over(stranger)}/application"
    assert call(stranger, "POST", by_phone, body).status_code in (403, 404)
    assert stranger.ask("GET", "/customer/v1/applications")["items"] == []


def test_a_step_up_for_somebody_elses_contract_signs_nothing(borrower, stranger, things):
    asked = {"purpose": "sign_contract", "subject_id": things["contract_id"]}
    sent = call(stranger, "POST", "/customer/v1/step-ups/codes", asked)
    if sent.status_code == 202:
        shown = {"code_id": sent.json()["code_id"], "code": stranger.sms_code()}
        assert call(stranger, "POST", "/customer/v1/step-ups", shown).status_code == 201
    base = f"/customer/v1/applications/{things['application_id']}/contracts/{things['contract_id']}"
    assert call(stranger, "POST", f"{base}/signature", BODIES["applications.sign_contract"]).status_code == 404


def test_every_body_that_names_a_thing_by_its_id_is_known(app):
    """A new one fails here: add its attack above."""
    from app.api import describe

    found = {
        f"{method.upper()} {path}"
        for document in describe().values()
        for spec in [document.spec.to_dict()]
        for path, operations in spec["paths"].items()
        for method, operation in operations.items()
        if isinstance(operation, dict) and _takes_an_id(spec, operation)
    }
    assert found == NAMED_IN_BODIES


def _takes_an_id(spec: dict[str, Any], operation: dict[str, Any]) -> bool:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    fields = spec["components"]["schemas"].get(name, {}).get("properties", {})
    return any(field.endswith("_id") for field in fields)


# -- partners ------------------------------------------------------------------------------------------------------


@pytest.fixture
def partner_things(
    client: FlaskClient, session: Session, run_jobs: JobRunner
) -> Iterator[tuple[Signer, dict[str, Any]]]:
    """A partner with an order, an endpoint and an event."""
    partner = make_partner(session)
    order = make_order(session, partner.partner_id)
    endpoint = make_endpoint(session, partner.partner_id, "http://127.0.0.1:1/")
    settle_loan(session, partner.partner_id)
    session.commit()
    run_jobs(only="webhooks.fan_out")
    run_jobs(only="webhooks.deliver")
    (attempt,) = partner.call(client, "GET", f"/partner/v1/webhook-endpoints/{endpoint.id}/attempts").json["items"]
    (event,) = partner.call(client, "GET", "/partner/v1/events").json["items"]
    own = {"order_ref": order.order_ref, "endpoint_id": endpoint.id, "event_id": event["id"]}
    own["advance_id"] = uuid4()  # a way of the test clock: tests/simulation/test_clock.py
    loan = loans.active_loan(session, loans.make_borrower(session), partner_id=partner.partner_id)
    own |= {"key_id": add_key(session, partner).key_id, "attempt_id": attempt["id"], "statement_month": "2026-11"}
    yield partner, own | {"merchant_ref": "seller-1", "loan_id": loan.id}


def test_a_partner_reaches_nothing_of_another(app, client, session, partner_things):
    owner, own = partner_things
    other = make_partner(session)
    own_by_name = (MERCHANT, STATEMENT)
    matrix = [(method, rule) for method, rule in routes_of(app, "partner") if rule.endpoint not in own_by_name]
    assert len(matrix) >= 7
    for method, rule in matrix:
        answer = other.call(client, method, path_of(app, rule, own), BODIES.get(rule.endpoint))
        empty = method == "GET" and answer.json == {"items": [], "next_cursor": None}
        assert answer.status_code in (403, 404) or empty, f"{method} {rule.rule}: {answer.text}"
    assert owner.call(client, "GET", f"/partner/v1/orders/{own['order_ref']}").json["status"] == "offered"


def test_the_same_merchant_name_is_another_merchant(client, session, sandbox: SandboxProcess, partner_things):
    owner, own = partner_things
    other = make_partner(session)
    account = {key: sandbox.world["partner"]["merchant"][key] for key in ACCOUNT}
    made = other.call(client, "PUT", "/partner/v1/merchants/seller-1", account)
    assert made.status_code == 200
    assert made.json["account_tail"] != ACCOUNT["account_no"][-4:]
    kept = owner.call(client, "GET", f"/partner/v1/orders/{own['order_ref']}").json
    assert kept["merchant_ref"] == "seller-1"


# -- audiences -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", ["customer", "partner", "embed", "console", "portal"])
def test_no_route_opens_to_a_token_of_another_audience(app, borrower, things, audience):
    """With nothing, with rubbish, and with tokens that open other doors."""
    things = {**things, "customer_id": uuid4(), "handoff_id": uuid4(), "order_ref": "x", "endpoint_id": uuid4()}
    things |= {"event_id": "evt_x", "merchant_ref": "x", "key_id": "x", "attempt_id": uuid4()}
    things |= {"statement_month": "2026-11", "advance_id": uuid4()}
    tokens = {"nothing": "", "rubbish": "Bearer " + "A" * 4000, "basic": "Basic YTpi"}
    tokens |= {"frame": f"DPoP {borrower.facts['frame_token']}", "client": f"Bearer {borrower.facts['client_token']}"}
    tokens["customer"] = f"Bearer {borrower.token}"
    own = {"customer": "customer", "embed": "frame"}.get(audience)
    for method, rule in routes_of(app, audience, with_id=False):
        for name, token in tokens.items():
            if name == own:
                continue
            if audience in ("console", "portal"):  # refused before anything is looked for
                things = {**dict.fromkeys(rule.arguments, uuid4()), "decision": "approve", "verdict": "uphold"}
            path = path_of(app, rule, things)
            response = borrower.http.request(
                method,
                path,
                json=BODIES.get(rule.endpoint, {}),
                headers={"Authorization": token, "Idempotency-Key": ids.new_id().hex},
            )
            allowed = (302, 303, 401, 403) if audience in ("console", "portal") else (401, 403)
            refused = response.status_code in allowed
            assert refused, f"{method} {path} with {name}: {response.status_code}"
            assert borrower.persona["person"]["name"] not in response.text


def test_a_list_shows_its_owner_only_and_a_cursor_is_bound_to_it(borrower, stranger):
    for path in ("loans", "applications", "enterprises", "consents"):
        items = stranger.ask("GET", f"/customer/v1/{path}", expect=200)["items"]
        assert items == [], json.dumps(items, ensure_ascii=False)
