"""Bureau, tax source and SMS vendor over their signed ports."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox import personas
from sandbox.context import World
from tests.sandbox.port_caller import PortCaller

SMS = {"message_no": "M1", "phone": "13800000721", "template": "sign_in", "params": {"code": "482913"}}


@pytest.fixture
def good(world: World) -> dict[str, Any]:
    persona = personas.get(world.store, "good")
    assert persona is not None
    return persona


@pytest.fixture
def bureau(client: FlaskClient, world: World) -> PortCaller:
    return PortCaller(client, world, "bureau")


@pytest.fixture
def tax(client: FlaskClient, world: World) -> PortCaller:
    return PortCaller(client, world, "tax")


@pytest.fixture
def sms(client: FlaskClient, world: World) -> PortCaller:
    return PortCaller(client, world, "sms")


def identity(persona: dict[str, Any], **changes: str) -> dict[str, Any]:
    return {"query_no": "Q1", **persona["person"]} | changes


def credit_query(persona: dict[str, Any], **changes: str) -> dict[str, Any]:
    person = {name: persona["person"][name] for name in ("name", "id_no")}
    return {"query_no": "Q2", **person, "purpose": "loan_review", "consent_ref": "C1"} | changes


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({}, "match"),
        ({"name": "测试别人"}, "mismatch"),
        ({"phone": "13900000000"}, "mismatch"),
        ({"id_no": "110101199001010000"}, "not_found"),
    ],
)
def test_identity_check(bureau: PortCaller, good: dict[str, Any], changes: dict[str, str], result: str) -> None:
    assert bureau.post("/bureau/v1/identity-checks", identity(good, **changes)).json["result"] == result


def test_report_is_the_personas(bureau: PortCaller, good: dict[str, Any]) -> None:
    answer = bureau.post("/bureau/v1/reports", credit_query(good))
    assert (answer.status_code, answer.json["report"], answer.json["query_no"]) == (200, good["bureau"], "Q2")


def test_one_query_number_is_one_query(bureau: PortCaller, good: dict[str, Any], world: World) -> None:
    first = bureau.post("/bureau/v1/reports", credit_query(good)).json
    world.store.update(personas.KIND, "good", lambda kept: {**kept, "bureau": {**kept["bureau"], "queries_3m": 99}})
    assert bureau.post("/bureau/v1/reports", credit_query(good)).json == first
    assert bureau.post("/bureau/v1/reports", credit_query(good, query_no="Q3")).json["report"]["queries_3m"] == 99
    other = bureau.post("/bureau/v1/reports", credit_query(good, purpose="other"))
    assert (other.status_code, other.json["code"]) == (409, "query.conflict")


def test_report_needs_the_right_name(bureau: PortCaller, good: dict[str, Any]) -> None:
    answer = bureau.post("/bureau/v1/reports", credit_query(good, name="测试别人"))
    assert (answer.status_code, answer.json["code"]) == (404, "person.unknown")


def test_a_source_that_is_down_says_so_and_recovers(bureau: PortCaller, world: World) -> None:
    down = personas.get(world.store, "bureau_down")
    assert down is not None
    answer = bureau.post("/bureau/v1/reports", credit_query(down))
    assert (answer.status_code, answer.json["code"]) == (503, "source.down")
    personas.set_source_down(world.store, "bureau_down", "bureau", False)
    assert bureau.post("/bureau/v1/reports", credit_query(down)).status_code == 200


def test_registry_and_tax_report(tax: PortCaller, good: dict[str, Any]) -> None:
    uscc = good["enterprise"]["uscc"]
    entry = tax.post("/tax/v1/enterprises", {"query_no": "Q1", "uscc": uscc})
    assert entry.json["enterprise"] == good["enterprise"]
    report = tax.post("/tax/v1/reports", {"query_no": "Q1", "uscc": uscc, "consent_ref": "C1"}).json
    assert {name: report[name] for name in ("tax", "invoices", "flows")} == good["tax"]


def test_a_changed_invoice_shows_in_the_next_report(tax: PortCaller, good: dict[str, Any], world: World) -> None:
    number = good["tax"]["invoices"][0]["number"]
    personas.change_invoice(world.store, "good", number, 77)
    asked = {"query_no": "Q9", "uscc": good["enterprise"]["uscc"], "consent_ref": "C1"}
    invoices = tax.post("/tax/v1/reports", asked).json["invoices"]
    assert next(item["amount_fen"] for item in invoices if item["number"] == number) == 77


def test_tax_source_refuses(tax: PortCaller, world: World) -> None:
    unknown = tax.post("/tax/v1/enterprises", {"query_no": "Q1", "uscc": "91330106MA00000000"})
    assert (unknown.status_code, unknown.json["code"]) == (404, "enterprise.unknown")
    down = personas.get(world.store, "tax_down")
    assert down is not None
    asked = {"query_no": "Q2", "uscc": down["enterprise"]["uscc"], "consent_ref": "C1"}
    assert tax.post("/tax/v1/reports", asked).json["code"] == "source.down"


def test_sms_arrives_once(sms: PortCaller, client: FlaskClient) -> None:
    for _ in range(2):
        assert sms.post("/sms/v1/messages", SMS).json == {"message_no": "M1", "state": "sent"}
    sms.post("/sms/v1/messages", SMS | {"message_no": "M2", "phone": "13900000001"})
    inbox = client.get("/sandbox/api/sms?phone=13800000721").json["messages"]
    assert [(message["params"], message["template"]) for message in inbox] == [({"code": "482913"}, "sign_in")]
    assert [message["message_no"] for message in client.get("/sandbox/api/sms").json["messages"]] == ["M2", "M1"]


def test_sms_refuses(sms: PortCaller) -> None:
    sms.post("/sms/v1/messages", SMS)
    assert sms.post("/sms/v1/messages", SMS | {"params": {}}).json["code"] == "message.conflict"
    assert sms.post("/sms/v1/messages", SMS | {"message_no": "M3", "phone": "12345"}).status_code == 400


@pytest.mark.parametrize(
    "content", [{}, SMS | {"extra": 1}, SMS | {"phone": 13800000721}, SMS | {"template": ""}, SMS | {"params": None}]
)
def test_bodies_are_strict(sms: PortCaller, content: dict[str, Any]) -> None:
    answer = sms.post("/sms/v1/messages", content)
    assert (answer.status_code, answer.json["code"]) == (400, "request.invalid")


@pytest.mark.parametrize(
    "changes",
    [
        {"X-Port-Signature": "0" * 64},
        {"X-Port-Client": "bank-other"},
        {"X-Port-Timestamp": "1000000000"},
        {"X-Port-Timestamp": ""},
        {"X-Port-Nonce": "n" * 33},
        {"X-Port-Nonce": ""},
    ],
)
def test_unsigned_calls_are_refused(sms: PortCaller, client: FlaskClient, changes: dict[str, str]) -> None:
    body = json.dumps(SMS).encode()
    answer = client.post(
        "/sms/v1/messages", data=body, headers=sms.headers("POST", "/sms/v1/messages", body, **changes)
    )
    assert (answer.status_code, answer.json["code"]) == (401, "port.signature")


def test_a_repeated_nonce_and_a_changed_byte_are_refused(sms: PortCaller, client: FlaskClient) -> None:
    body = json.dumps(SMS).encode()
    headers = sms.headers("POST", "/sms/v1/messages", body)
    assert client.post("/sms/v1/messages", data=body + b" ", headers=headers).status_code == 401
    assert client.post("/sms/v1/messages", data=body, headers=headers).status_code == 200
    assert client.post("/sms/v1/messages", data=body, headers=headers).status_code == 401


def test_one_clients_secret_does_not_open_another_port(sms: PortCaller, client: FlaskClient) -> None:
    body = b'{"query_no":"Q1","uscc":"x"}'
    headers = sms.headers("POST", "/tax/v1/enterprises", body)
    assert client.post("/tax/v1/enterprises", data=body, headers=headers).status_code == 401
