"""The port signature both ways, and what the channels make of answers that nobody should send."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.adapters.bureau import SourceDown
from app.adapters.bureau.port import PortBureau
from app.adapters.bureau.port import down as bureau_down
from app.adapters.core_bank import (
    BankUnavailable,
    Payee,
    PushRefused,
    TransferConflict,
    TransferOrder,
    TransferRefused,
    TransferUnknown,
)
from app.adapters.core_bank.port import PUSH_PATH, PortCoreBank
from app.adapters.core_bank.port import down as bank_down
from app.adapters.ports import PortClient, answer_signature, request_signature
from sandbox import port_signature
from tests.adapters.vendor import Told, Vendor

NOW = 1_800_000_000
SECTION = {"client_id": "bank-core", "secret": "f" * 64}
ORDER = TransferOrder(
    "D0000000001", 5_000_00, "9000000000000001", Payee("62001", "测试商行", "313331000014"), "p", "L1"
)
STATE = {"transfer_no": "D0000000001", "bank_serial": "CB1", "amount_fen": 500000, "state": "accepted"}


def signed(body: Any, status: int = 200, *, timestamp: int = NOW, secret: str = SECTION["secret"]) -> Told:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    headers = port_signature.answer_headers(secret, status, raw, now=timestamp)
    return Told(status, raw, headers)


@pytest.fixture
def bank(vendor: Vendor) -> PortCoreBank:
    section = {**SECTION, "base_url": f"{vendor.origin}/gateway/"}
    return PortCoreBank(PortClient("core_bank", section, bank_down, wall=lambda: float(NOW)), wall=lambda: float(NOW))


def test_requests_satisfy_the_other_side(vendor: Vendor, bank: PortCoreBank) -> None:
    """Checked by the sandbox's own verifier; a prefix of the base URL is part of what is signed."""
    vendor.script = lambda *_: signed(STATE, 202)
    bank.send_transfer(ORDER)
    (asked,) = vendor.asked
    assert asked.target == "/gateway/core-bank/v1/transfers"
    port_signature.check_request(
        {name.title(): value for name, value in asked.headers.items()},
        asked.method,
        asked.target,
        asked.body,
        client_id=SECTION["client_id"],
        secret=SECTION["secret"],
        claim_nonce=lambda _: True,
        now=NOW,
    )


def test_signatures_agree_with_the_other_side() -> None:
    asked = ("s", "POST", "/a?b=1", "1", "n", b"body")
    assert request_signature(*asked) == port_signature.request_signature(*asked)
    assert answer_signature("s", "1", 200, b"body") == port_signature.answer_signature("s", "1", 200, b"body")


def test_each_try_has_a_nonce_of_its_own(vendor: Vendor, bank: PortCoreBank) -> None:
    vendor.script = lambda _, number: signed({"code": "internal"}, 500) if number < 3 else signed(STATE, 202)
    assert bank.send_transfer(ORDER).state == "accepted"
    assert len({asked.headers["x-port-nonce"] for asked in vendor.asked}) == 3
    assert len({asked.body for asked in vendor.asked}) == 1


@pytest.mark.parametrize(
    "told",
    [
        Told(200, json.dumps(STATE).encode()),
        signed(STATE, timestamp=NOW - 301),
        signed(STATE, timestamp=NOW + 301),
        signed(STATE, secret="0" * 64),
        Told(200, signed(STATE, 404).body, signed(STATE, 404).headers),  # signed under another status
        signed({**STATE, "transfer_no": "D0000000002"}),
        signed({**STATE, "state": "paid"}),
        signed({**STATE, "amount_fen": "500000"}),
        signed({**STATE, "completed_at": "2027-01-01"}),
        signed({key: value for key, value in STATE.items() if key != "bank_serial"}),
        signed(b"[]"),
        signed(b"<html>"),
        signed(b'{"state":"accepted","state":"failed"}'),
        signed({"code": "port.signature"}, 401),
        signed({"code": "too_many"}, 429),
        signed({"code": "internal"}, 500),
        Told(404, b'{"code":"transfer.unknown"}'),  # unsigned: must not lead to a new transfer
    ],
)
def test_answers_that_leave_the_result_unknown(vendor: Vendor, bank: PortCoreBank, told: Told) -> None:
    vendor.script = lambda *_: told
    with pytest.raises(BankUnavailable):
        bank.query_transfer("D0000000001")


@pytest.mark.parametrize(
    ("call", "told", "error"),
    [
        (lambda bank: bank.query_transfer("D1"), signed({"code": "transfer.unknown"}, 404), TransferUnknown),
        (lambda bank: bank.send_transfer(ORDER), signed({"code": "transfer.conflict"}, 409), TransferConflict),
        (lambda bank: bank.send_transfer(ORDER), signed({"code": "transfer.unknown"}, 404), TransferRefused),
        (lambda bank: bank.send_transfer(ORDER), signed({"code": "request.invalid"}, 400), TransferRefused),
    ],
)
def test_refusals(
    vendor: Vendor, bank: PortCoreBank, call: Callable[..., Any], told: Told, error: type[Exception]
) -> None:
    vendor.script = lambda *_: told
    with capture_logs() as lines, pytest.raises(error):
        call(bank)
    assert "62001" not in str(lines) and len(vendor.asked) == 1


@pytest.mark.parametrize("number", ["", "D-1", "D" * 33, "D1/../x", "Ｄ1"])
def test_numbers_of_the_wrong_shape_are_our_own_fault(bank: PortCoreBank, number: str) -> None:
    with pytest.raises(ValueError, match="letters and digits"):
        bank.query_transfer(number)


def test_a_source_that_is_down_does_not_shut_its_gateway(vendor: Vendor) -> None:
    """One persona's bureau may be down while others are asked through the same gateway."""
    section = {**SECTION, "base_url": vendor.origin}
    bureau = PortBureau(PortClient("bureau", section, bureau_down, wall=lambda: float(NOW)))
    vendor.script = lambda *_: signed({"code": "source.down"}, 503)
    for _ in range(10):
        with pytest.raises(SourceDown) as down:
            bureau.check_identity(query_no="Q1", name="测试林", id_no="1", phone="2")
        assert down.value.context == {"source": "bureau", "reason": "source.down"}
    assert len(vendor.asked) == 10
    vendor.script = lambda *_: signed({"query_no": "Q1", "result": "match"})
    assert bureau.check_identity(query_no="Q1", name="测试林", id_no="1", phone="2") == "match"


# pushes
def push(**changes: Any) -> tuple[dict[str, str], bytes]:
    raw = json.dumps({**STATE, "state": "succeeded", "completed_at": "2027-01-15T08:00:00+00:00"}).encode()
    given = {"target": PUSH_PATH, "secret": SECTION["secret"], "client": SECTION["client_id"], "now": NOW, **changes}
    headers = port_signature.request_headers(
        given["client"], given["secret"], "POST", given["target"], raw, now=given["now"]
    )
    return headers, raw


@pytest.mark.parametrize("case", [str.lower, str.upper, str.title])
def test_a_genuine_push(bank: PortCoreBank, case: Callable[[str], str]) -> None:
    headers, raw = push()
    state = bank.read_push({case(name): value for name, value in headers.items()}, raw)
    assert (state.transfer_no, state.state, state.final) == ("D0000000001", "succeeded", True)


@pytest.mark.parametrize(
    "forged",
    [
        push(secret="0" * 64),
        push(client="bank-sms"),
        push(now=NOW - 301),
        push(now=NOW + 301),
        push(target="/callbacks/wechat/pay"),
        (push()[0], push()[1] + b" "),
        (push()[0] | {"X-Port-Nonce": secrets.token_hex(16)}, push()[1]),
        (push()[0] | {"X-Port-Nonce": "n" * 33}, push()[1]),
        (push()[0] | {"X-Port-Timestamp": "9" * 5000}, push()[1]),
        (push()[0] | {"X-Port-Timestamp": "²"}, push()[1]),
        (push()[0] | {"X-Port-Signature": "é"}, push()[1]),
        ({}, b""),
    ],
)
def test_forged_pushes(bank: PortCoreBank, forged: tuple[dict[str, str], bytes]) -> None:
    with pytest.raises(PushRefused):
        bank.read_push(*forged)
