"""The bank's own vendors through the running sandbox, with the adapters as they go to production."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.adapters import Channels
from app.adapters.build import build
from app.adapters.bureau import PersonUnknown, SourceDown
from app.adapters.core_bank import Payee, TransferConflict, TransferOrder, TransferState, TransferUnknown
from app.adapters.outbound import Limits
from app.adapters.ports import PortRefused
from app.adapters.tax import EnterpriseUnknown
from app.kernel.shared_tokens import LEASE_S
from config.settings import SettingsError
from tests.adapters.vendor import Vendor
from tests.sandbox_process import SandboxProcess
from tests.servers import TestServers
from tests.settings import make_settings


def number(prefix: str) -> str:
    return prefix + secrets.token_hex(8).upper()


def payee_of(sandbox: SandboxProcess) -> Payee:
    merchant = sandbox.world["partner"]["merchant"]
    return Payee(merchant["account_no"], merchant["account_name"], merchant["bank_code"])


@pytest.fixture
def order(sandbox: SandboxProcess) -> Iterator[TransferOrder]:
    sandbox.post("/sandbox/api/transfers/settings", {"delay_seconds": 0.2, "hang_seconds": 8, "push": False})
    yield TransferOrder(number("D"), 5_000_00, "9000000000000001", payee_of(sandbox), "货款", "L1")
    sandbox.post("/sandbox/api/transfers/settings", {"delay_seconds": 2, "hang_seconds": 20, "push": True})


def final(doors: Channels, transfer_no: str) -> TransferState:
    for _ in range(400):
        state = doors.core_bank.query_transfer(transfer_no)
        if state.final:
            return state
        time.sleep(0.05)
    raise AssertionError("the transfer never ended")


def test_account_checks(doors: Channels, sandbox: SandboxProcess) -> None:
    payee = payee_of(sandbox)
    assert doors.core_bank.check_account(payee) == "match"
    assert doors.core_bank.check_account(replace(payee, account_name="测试他人")) == "mismatch"
    assert doors.core_bank.check_account(replace(payee, account_no="1")) == "unknown"
    closed = {"account_no": "62009", "account_name": "测试", "bank_code": payee.bank_code, "closed": True}
    sandbox.post("/sandbox/api/accounts", closed)
    assert doors.core_bank.check_account(Payee("62009", "测试", payee.bank_code)) == "closed"


def test_a_transfer_and_its_repeat(doors: Channels, order: TransferOrder) -> None:
    with pytest.raises(TransferUnknown):
        doors.core_bank.query_transfer(order.transfer_no)
    first = doors.core_bank.send_transfer(order)
    assert (first.state, first.amount_fen, first.final) == ("accepted", order.amount_fen, False)
    assert doors.core_bank.send_transfer(order).bank_serial == first.bank_serial
    with pytest.raises(TransferConflict):
        doors.core_bank.send_transfer(replace(order, amount_fen=1))
    done = final(doors, order.transfer_no)
    assert (done.state, done.amount_fen, done.bank_serial) == ("succeeded", order.amount_fen, first.bank_serial)
    assert done.completed_at is not None and done.completed_at.utcoffset() is not None


@pytest.mark.parametrize(
    ("ends_in", "state"),
    [(41, "failed"), (43, "succeeded"), (44, "succeeded"), (45, "succeeded")],
    ids=["payee-closed", "first-500", "hangs-after-accepting", "500-after-accepting"],
)
def test_magic_amounts_never_pay_twice(
    doors: Channels, sandbox: SandboxProcess, order: TransferOrder, ends_in: int, state: str
) -> None:
    """Whatever happened to the first answer, the repeat under the same number finds the one transfer."""
    asked = replace(order, amount_fen=1_000_00 + ends_in)
    doors.core_bank.send_transfer(asked)
    done = final(doors, asked.transfer_no)
    assert done.state == state and (done.fail_code == "payee.closed") == (state == "failed")
    kept = sandbox.get("/sandbox/api/transfers")["transfers"]
    assert len([one for one in kept if one["transfer_no"] == asked.transfer_no]) == 1


def test_the_push_of_a_result(doors: Channels, sandbox: SandboxProcess, order: TransferOrder) -> None:
    sandbox.post("/sandbox/api/transfers/settings", {"push": True})
    listener = Vendor(urlsplit(sandbox.bank_url).port or 0)
    try:
        doors.core_bank.send_transfer(order)
        for _ in range(400):
            if listener.asked:
                break
            time.sleep(0.05)
        (asked,) = listener.asked[:1]
        assert doors.core_bank.read_push(asked.headers, asked.body).transfer_no == order.transfer_no
    finally:
        listener.stop()


def person(sandbox: SandboxProcess, code: str) -> dict[str, Any]:
    found: dict[str, Any] = sandbox.persona(code)["person"]
    return found


def test_identity_checks(doors: Channels, sandbox: SandboxProcess) -> None:
    good = person(sandbox, "good")
    check = doors.bureau.check_identity
    assert check(query_no=number("Q"), **good) == "match"
    assert check(query_no=number("Q"), **{**good, "name": "测试他人"}) == "mismatch"
    assert check(query_no=number("Q"), **{**good, "id_no": "110101199001011237"}) == "not_found"
    with pytest.raises(SourceDown) as down:
        check(query_no=number("Q"), **person(sandbox, "bureau_down"))
    assert (down.value.code, down.value.context["source"]) == ("source.down", "bureau")


def test_credit_reports(doors: Channels, sandbox: SandboxProcess) -> None:
    for code in ("good", "thin_file", "overdue_elsewhere", "high_debt"):
        who, told = person(sandbox, code), sandbox.persona(code)["bureau"]
        query_no = number("Q")
        asked = {"query_no": query_no, "name": who["name"], "id_no": who["id_no"]}
        report = doors.bureau.credit_report(**asked, purpose="loan", consent_ref="C1")
        inputs = report.as_inputs()
        assert {name: inputs[name] for name in told} == told
        assert json.loads(json.dumps(inputs))["query_no"] == query_no
        assert doors.bureau.credit_report(**asked, purpose="loan", consent_ref="C1") == report
    with pytest.raises(PersonUnknown):
        doors.bureau.credit_report(query_no=number("Q"), name="无人", id_no="1", purpose="loan", consent_ref="C1")


def test_registry(doors: Channels, sandbox: SandboxProcess) -> None:
    told = sandbox.persona("good")["enterprise"]
    found = doors.tax.enterprise(query_no=number("Q"), uscc=told["uscc"])
    assert found is not None and (found.name, found.status) == (told["name"], "active")
    assert found.established_on.isoformat() == told["established_on"] and told["legal_rep_name"] not in repr(found)
    assert doors.tax.enterprise(query_no=number("Q"), uscc="91330106MA2X99999X") is None


def test_tax_reports(doors: Channels, sandbox: SandboxProcess) -> None:
    told = sandbox.persona("good")
    report = doors.tax.tax_report(query_no=number("Q"), uscc=told["enterprise"]["uscc"], consent_ref="C1")
    inputs = json.loads(json.dumps(report.as_inputs()))
    assert {name: inputs[name] for name in ("tax", "invoices", "flows")} == told["tax"]
    with pytest.raises(EnterpriseUnknown):
        doors.tax.tax_report(query_no=number("Q"), uscc="91330106MA2X99999X", consent_ref="C1")
    with pytest.raises(SourceDown) as down:
        uscc = sandbox.persona("tax_down")["enterprise"]["uscc"]
        doors.tax.tax_report(query_no=number("Q"), uscc=uscc, consent_ref="C1")
    assert down.value.context["source"] == "tax"


def test_sms(doors: Channels, sandbox: SandboxProcess) -> None:
    message = {"message_no": number("M"), "phone": "13900000721", "template": "sign_in", "params": {"code": "012345"}}
    doors.sms.send(**message)
    doors.sms.send(**message)
    inbox = sandbox.get("/sandbox/api/sms", phone="13900000721")["messages"]
    assert [one["params"] for one in inbox if one["message_no"] == message["message_no"]] == [{"code": "012345"}]
    with pytest.raises(PortRefused) as refused:
        doors.sms.send(**{**message, "message_no": number("M"), "phone": "110"})
    assert "110" not in str(refused.value) + str(refused.value.context)


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("wechat_pay", "mchid", None),
        ("wechat_pay", "api_v3_key", "short"),
        ("wechat_pay", "mode", "sometimes"),
        ("wechat_pay", "merchant_private_key_pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
        ("core_bank", "secret", None),
        ("esign", "signer_private_key_pem", "rubbish"),
        ("tsa", "url", None),
    ],
)
def test_a_broken_channels_file_is_one_clear_sentence(
    sandbox: SandboxProcess, servers: TestServers, section: str, name: str, value: str | None
) -> None:
    settings = make_settings("postgresql://", servers.valkey_url, sandbox)
    changed = {key: entry for key, entry in settings.channels[section].items() if key != name}
    channels = {**settings.channels, section: changed | ({name: value} if value is not None else {})}
    with pytest.raises(SettingsError) as refused:
        build(replace(settings, channels=channels))
    assert str(value) not in str(refused.value)


def test_building_calls_nobody(sandbox: SandboxProcess, servers: TestServers) -> None:
    """A web process starts while every vendor is down."""
    settings = make_settings("postgresql://", servers.valkey_url, sandbox)
    nowhere = {name: {**entry, "base_url": "http://127.0.0.1:1"} for name, entry in settings.channels.items()}
    nowhere["wechat_pay"]["mode"] = "certificate"
    assert build(replace(settings, channels=nowhere)).wechat_pay.mchid


def test_times_are_sane() -> None:
    limits = Limits()
    assert limits.connect_s <= 3 and limits.call_s < LEASE_S  # a lease outlives the fetch under it
