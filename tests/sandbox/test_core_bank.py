"""The core bank: account checks, the life of a transfer, its push, and every magic amount."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.context import World
from tests.sandbox.conftest import Clock
from tests.sandbox.port_caller import PortCaller

TRANSFERS = "/core-bank/v1/transfers"


class BankDesk:
    """The bank's side of the push: keeps what arrives and answers what the test says."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.received: list[tuple[str, dict[str, str], bytes]] = []
        desk = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                desk.received.append((self.path, dict(self.headers), body))
                self.send_response(desk.statuses.pop(0) if desk.statuses else 204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def desk(world: World) -> Iterator[BankDesk]:
    desk = BankDesk()
    world.bank_url = desk.url
    yield desk
    desk.server.shutdown()
    desk.server.server_close()


@pytest.fixture
def bank(client: FlaskClient, world: World) -> PortCaller:
    return PortCaller(client, world, "core_bank")


def merchant_account(world: World) -> dict[str, str]:
    merchant = world.keys["partner"]["merchant"]
    return {name: merchant[name] for name in ("account_no", "account_name", "bank_code")}


def order_to_pay(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "transfer_no": "T0001",
        "amount_fen": 1299900,
        "currency": "CNY",
        "payer_account_no": "6200000000000000001",
        "payee": merchant_account(world),
        "purpose": "受托支付",
        "loan_ref": "L0001",
    } | changes


def settle(world: World, clock: Clock, seconds: float) -> None:
    for _ in range(int(seconds * 2)):
        clock.advance(0.5)
        world.timers.run_due(world)


def state(bank: PortCaller, transfer_no: str = "T0001") -> dict[str, Any]:
    told: dict[str, Any] = bank.get(f"{TRANSFERS}/{transfer_no}").json
    return told


def test_account_checks(bank: PortCaller, client: FlaskClient, world: World) -> None:
    def result(**changes: str) -> str:
        return str(bank.post("/core-bank/v1/account-checks", merchant_account(world) | changes).json["result"])

    assert result() == "match"
    assert result(account_name="别家公司") == "mismatch"
    assert result(account_no="6200000000000009999") == "unknown"
    closed = merchant_account(world) | {"closed": True}
    assert client.post("/sandbox/api/accounts", json=closed).status_code == 200
    assert result() == "closed"


def test_a_transfer_is_accepted_then_processed_then_paid(
    bank: PortCaller, world: World, clock: Clock, desk: BankDesk
) -> None:
    accepted = bank.post(TRANSFERS, order_to_pay(world))
    assert (accepted.status_code, accepted.json["state"]) == (202, "accepted")
    assert state(bank)["state"] == "accepted"
    settle(world, clock, 1)
    assert state(bank)["state"] == "processing"
    settle(world, clock, 1)
    done = state(bank)
    assert (done["state"], done["bank_serial"]) == ("succeeded", accepted.json["bank_serial"])
    assert set(done) == {"transfer_no", "bank_serial", "amount_fen", "state", "completed_at"}


def test_the_push_is_the_body_of_get_signed_by_the_port_client(
    bank: PortCaller, world: World, clock: Clock, desk: BankDesk
) -> None:
    bank.post(TRANSFERS, order_to_pay(world))
    settle(world, clock, 3)
    [(path, headers, body)] = desk.received
    assert path == "/callbacks/core-bank/transfers"
    assert json.loads(body) == state(bank)
    lines = ["POST", path, headers["X-Port-Timestamp"], headers["X-Port-Nonce"], hashlib.sha256(body).hexdigest()]
    assert hmac.compare_digest(headers["X-Port-Signature"], bank.sign(*lines))


def test_the_push_is_tried_three_times(
    bank: PortCaller, client: FlaskClient, world: World, clock: Clock, desk: BankDesk
) -> None:
    desk.statuses = [500, 503, 500, 204]
    bank.post(TRANSFERS, order_to_pay(world))
    settle(world, clock, 60)
    [transfer] = client.get("/sandbox/api/transfers").json["transfers"]
    assert [push["status"] for push in transfer["pushes"]] == [500, 503, 500]
    assert len({headers["X-Port-Nonce"] for _, headers, _ in desk.received}) == 3


def test_no_push_when_switched_off(
    bank: PortCaller, client: FlaskClient, world: World, clock: Clock, desk: BankDesk
) -> None:
    client.post("/sandbox/api/transfers/settings", json={"push": False, "delay_seconds": 10})
    bank.post(TRANSFERS, order_to_pay(world))
    settle(world, clock, 6)
    assert state(bank)["state"] == "processing"
    settle(world, clock, 6)
    assert (state(bank)["state"], desk.received) == ("succeeded", [])


def test_one_number_is_one_transfer(bank: PortCaller, world: World) -> None:
    first = bank.post(TRANSFERS, order_to_pay(world))
    again = bank.post(TRANSFERS, order_to_pay(world))
    assert (again.status_code, again.json) == (202, first.json)
    other = bank.post(TRANSFERS, order_to_pay(world, amount_fen=1))
    assert (other.status_code, other.json["code"]) == (409, "transfer.conflict")
    unknown = bank.get(f"{TRANSFERS}/T9")
    assert (unknown.status_code, unknown.json["code"]) == (404, "transfer.unknown")


def test_41_fails_because_the_account_is_closed(bank: PortCaller, world: World, clock: Clock, desk: BankDesk) -> None:
    bank.post(TRANSFERS, order_to_pay(world, amount_fen=10041))
    settle(world, clock, 3)
    told = state(bank)
    assert (told["state"], told["fail_code"], told["fail_text"]) == ("failed", "payee.closed", "payee account closed")


def test_a_wrong_name_fails_and_a_foreign_account_is_paid(
    bank: PortCaller, world: World, clock: Clock, desk: BankDesk
) -> None:
    wrong = merchant_account(world) | {"account_name": "别家公司"}
    foreign = {"account_no": "6211", "account_name": "他行客户", "bank_code": "102100000001"}
    bank.post(TRANSFERS, order_to_pay(world, payee=wrong))
    bank.post(TRANSFERS, order_to_pay(world, payee=foreign, transfer_no="T0002"))
    settle(world, clock, 3)
    assert state(bank)["fail_code"] == "payee.name_mismatch"
    assert state(bank, "T0002")["state"] == "succeeded"


def test_42_waits_for_a_hand(bank: PortCaller, client: FlaskClient, world: World, clock: Clock, desk: BankDesk) -> None:
    bank.post(TRANSFERS, order_to_pay(world, amount_fen=10042))
    settle(world, clock, 30)
    assert state(bank)["state"] == "processing"
    path = "/sandbox/api/transfers/T0001/finish"
    assert client.post(path, json={"state": "done"}).status_code == 400
    assert client.post(path, json={"state": "failed"}).json["fail_code"] == "manual"
    assert client.post(path, json={"state": "succeeded"}).status_code == 409
    assert client.post("/sandbox/api/transfers/T9/finish", json={"state": "failed"}).status_code == 404
    settle(world, clock, 1)
    assert (state(bank)["state"], len(desk.received)) == ("failed", 1)


def test_43_does_not_accept_the_first_time(bank: PortCaller, world: World) -> None:
    asked = order_to_pay(world, amount_fen=10043)
    assert bank.post(TRANSFERS, asked).status_code == 500
    assert bank.get(f"{TRANSFERS}/T0001").status_code == 404
    assert bank.post(TRANSFERS, asked).status_code == 202


def test_44_accepts_and_then_hangs(bank: PortCaller, client: FlaskClient, world: World) -> None:
    client.post("/sandbox/api/transfers/settings", json={"hang_seconds": 0})
    assert bank.post(TRANSFERS, order_to_pay(world, amount_fen=10044)).status_code == 202


def test_45_says_500_but_has_accepted(bank: PortCaller, world: World, clock: Clock, desk: BankDesk) -> None:
    asked = order_to_pay(world, amount_fen=10045)
    assert bank.post(TRANSFERS, asked).status_code == 500
    assert state(bank)["state"] == "accepted"
    assert bank.post(TRANSFERS, asked).status_code == 202
    settle(world, clock, 3)
    assert state(bank)["state"] == "succeeded"
    assert len(desk.received) == 1


@pytest.mark.parametrize(
    "changes",
    [{"amount_fen": 0}, {"amount_fen": True}, {"currency": "USD"}, {"transfer_no": "T-1"}, {"payee": {}}, {"x": 1}],
)
def test_transfers_are_strict(bank: PortCaller, world: World, changes: dict[str, Any]) -> None:
    answer = bank.post(TRANSFERS, order_to_pay(world, **changes))
    assert (answer.status_code, answer.json["code"]) == (400, "request.invalid")


@pytest.mark.parametrize("asked", [{"delay_seconds": -1}, {"push": 1}, {"hang_seconds": True}, {"other": 1}])
def test_settings_are_strict(client: FlaskClient, asked: dict[str, Any]) -> None:
    assert client.post("/sandbox/api/transfers/settings", json=asked).status_code == 400
