"""world.json, personas, the port signature and timers."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from flask.testing import FlaskClient
from stdnum.cn import ric, uscc

from sandbox import personas, port_signature
from sandbox import world as world_file
from sandbox.context import World
from sandbox.persona_codes import organisation_code, resident_id
from sandbox.persona_codes import uscc as make_uscc
from sandbox.timers import timer_job
from tests.sandbox.conftest import Clock

RAN: list[str] = []


@timer_job("tests.note")
def _note(world: World, argument: dict[str, Any]) -> None:
    RAN.append(argument["text"])
    if argument.get("again"):
        world.timers.after(world, 10, "tests.note", {"text": "again"}, timer_id=argument["again"])


def test_world_file_is_private_and_keeps_what_exists(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    first = world_file.create(path, base_url="http://127.0.0.1:1/", bank_url="http://127.0.0.1:2")
    second = world_file.create(path, base_url="http://127.0.0.1:3", bank_url="http://127.0.0.1:2")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert second.pop("base_url") == "http://127.0.0.1:3"
    assert first.pop("base_url") == "http://127.0.0.1:1"
    assert first == second
    assert world_file.load(path)["wechat_pay"] == first["wechat_pay"]


def test_a_section_that_is_missing_is_added(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    made = world_file.create(path, base_url="http://a", bank_url="http://b")
    del made["partner"]
    path.write_text(json.dumps(made))
    again = world_file.create(path, base_url="http://a", bank_url="http://b")
    assert again["partner"]["partner_code"] == "demo-shop"
    assert again["tsa"] == made["tsa"]


def test_certificates_are_issued_for_their_purpose(keys: dict[str, Any]) -> None:
    stamp = x509.load_pem_x509_certificate(keys["tsa"]["certificate_pem"].encode())
    purpose = stamp.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert purpose.critical and x509.oid.ExtendedKeyUsageOID.TIME_STAMPING in purpose.value
    stamp.verify_directly_issued_by(x509.load_pem_x509_certificate(keys["tsa"]["ca_certificate_pem"].encode()))
    merchant = x509.load_pem_x509_certificate(keys["wechat_pay"]["merchant_certificate_pem"].encode())
    assert f"{merchant.serial_number:040X}" == keys["wechat_pay"]["merchant_serial"]


def test_codes_have_the_published_check_digits() -> None:
    assert resident_id("110105", "19491231", 2) == "11010519491231002X"
    assert make_uscc("350100", "M000100Y") == "91350100M000100Y43"
    assert [organisation_code(stem) for stem in ("D2143569", "MB151840", "MA3MXH0E")] == [
        "D2143569X", "MB151840X", "MA3MXH0E3",
    ]  # fmt: skip


def test_personas_are_whole_valid_and_different(world: World) -> None:
    everybody = personas.everybody(world.store)
    assert [persona["code"] for persona in everybody] == personas.codes()
    assert len(everybody) == 13
    for persona in everybody:
        ric.validate(persona["person"]["id_no"])
        uscc.validate(persona["enterprise"]["uscc"])
        assert persona["tax"]["invoices"][-1]["issued_on"] < world.today().isoformat()
        assert len(persona["tax"]["flows"]["monthly_inflow_fen"]) == 12
    for field in ("id_no", "phone"):
        assert len({persona["person"][field] for persona in everybody}) == 13


def test_changing_one_invoice_moves_the_sales(client: FlaskClient) -> None:
    before = client.get("/sandbox/api/personas/good").json
    invoice = before["tax"]["invoices"][3]
    change = {"invoice": {"number": invoice["number"], "amount_fen": invoice["amount_fen"] + 700}}
    after = client.post("/sandbox/api/personas/good", json=change).json
    assert after["tax"]["tax"]["vat_sales_12m_fen"] == before["tax"]["tax"]["vat_sales_12m_fen"] + 700
    assert (
        client.post("/sandbox/api/personas/good", json={"invoice": {"number": "x", "amount_fen": 1}}).status_code == 422
    )


def test_sources_and_single_fields_change_and_reset_brings_them_back(client: FlaskClient) -> None:
    change = {"sources_down": ["tax"], "bureau": {"queries_3m": 9}, "tax": {"grade": "C"}}
    changed = client.post("/sandbox/api/personas/good", json=change).json
    assert (changed["sources_down"], changed["bureau"]["queries_3m"], changed["tax"]["tax"]["grade"]) == (
        ["tax"],
        9,
        "C",
    )
    assert client.post("/sandbox/api/personas/good", json={"sources_down": ["moon"]}).status_code == 422
    assert client.post("/sandbox/api/personas/nobody", json={}).status_code == 404
    client.post("/sandbox/api/reset")
    assert client.get("/sandbox/api/personas/good").json["sources_down"] == []


def test_port_signature_refuses_what_it_should() -> None:
    seen: set[str] = set()

    def claim(nonce: str) -> bool:
        return nonce not in seen and not seen.add(nonce)  # type: ignore[func-returns-value]

    def check(headers: dict[str, str], body: bytes = b"{}", now: float = 1000.0) -> None:
        port_signature.check_request(
            headers, "POST", "/p?q=1", body, client_id="bank", secret="s", claim_nonce=claim, now=now
        )

    headers = port_signature.request_headers("bank", "s", "post", "/p?q=1", b"{}", now=1000)
    for wrong, arguments in (
        (headers | {"X-Port-Client": "other"}, {}),
        (headers | {"X-Port-Nonce": "n" * 33}, {}),
        (headers | {"X-Port-Timestamp": "１０００"}, {}),
        (headers, {"body": b"{ }"}),
        (headers, {"now": 1301.0}),
        (headers, {"now": 699.0}),
    ):
        with pytest.raises(port_signature.PortSignatureRefused):
            check(wrong, **arguments)  # type: ignore[arg-type]
    check(headers, now=1300.0)
    with pytest.raises(port_signature.PortSignatureRefused, match="nonce"):
        check(headers)


def test_timers_run_when_due_and_may_plan_themselves_anew(world: World, clock: Clock) -> None:
    RAN.clear()
    world.timers.after(world, 5, "tests.note", {"text": "later"})
    world.timers.after(world, 0, "tests.note", {"text": "now", "again": "same"}, timer_id="same")
    assert world.timers.run_due(world) == 1
    clock.advance(5)
    assert world.timers.run_due(world) == 1
    clock.advance(5)
    assert world.timers.run_due(world) == 1
    assert RAN == ["now", "later", "again"]
    assert world.store.all("timer") == []


def test_waiting_timers_survive_a_restart(world: World, clock: Clock, tmp_path: Path, keys: dict[str, Any]) -> None:
    from sandbox.app import create_app

    RAN.clear()
    world.timers.after(world, 5, "tests.note", {"text": "kept"})
    reborn: World = create_app(keys, tmp_path, clock=clock).extensions["sandbox"]
    clock.advance(6)
    assert reborn.timers.run_due(reborn) == 1
    assert RAN == ["kept"]
