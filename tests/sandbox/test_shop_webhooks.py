"""The partner's webhook receiver: what it believes, what it takes once, and what it does to orders."""

from __future__ import annotations

import base64
import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from standardwebhooks import Webhook
from werkzeug.test import TestResponse

from sandbox.context import World
from sandbox.shop.webhooks import WebhookRefused, verify
from tests.sandbox.conftest import Clock

STORY = ["application.submitted", "application.approved", "contract.signed", "disbursement.succeeded", "loan.activated"]


class Bank:
    """Signs with the published library, so that our own check is proven against it."""

    def __init__(self, client: FlaskClient, world: World) -> None:
        self.client = client
        self.world = world
        self.numbers = itertools.count(1)

    def body(self, kind: str, **told: Any) -> bytes:
        at = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(self.numbers))).isoformat()
        return json.dumps({"type": kind, "timestamp": at, "data": told}, ensure_ascii=False).encode()

    def send(self, body: bytes, message_id: str = "", **headers: str) -> TestResponse:
        message_id = message_id or f"msg_{next(self.numbers)}"
        now = self.world.now()
        signature = Webhook(self.world.keys["partner"]["webhook_secret"]).sign(message_id, now, body.decode())
        standard = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(self.world.seconds())),
            "webhook-signature": signature,
        }
        return self.client.post("/shop/webhooks", data=body, headers=standard | headers)

    def tell(self, kind: str, order_ref: str, **told: Any) -> None:
        assert self.send(self.body(kind, order_ref=order_ref, **told)).status_code == 204


@pytest.fixture
def bank(client: FlaskClient, world: World) -> Bank:
    return Bank(client, world)


@pytest.fixture
def order_ref(client: FlaskClient) -> str:
    return str(client.post("/shop/api/orders", json={"product_id": "fridge", "quantity": 1}).json["order_ref"])


def order(client: FlaskClient, order_ref: str) -> dict[str, Any]:
    told: dict[str, Any] = client.get(f"/shop/api/orders/{order_ref}").json
    return told


def verdicts(client: FlaskClient) -> list[str]:
    return [delivery["verdict"] for delivery in client.get("/sandbox/api/webhooks").json["webhooks"]]


def test_the_whole_story_pays_the_order(client: FlaskClient, bank: Bank, order_ref: str) -> None:
    for kind in STORY:
        bank.tell(kind, order_ref, amount_fen=1299900)
        assert order(client, order_ref)["state"] == "loan_in_progress"
    bank.tell("order.financed", order_ref, amount_fen=1299900)
    told = order(client, order_ref)
    assert (told["state"], told["paid_by"], told["attention"]) == ("paid", "loan", None)
    bank.tell("repayment.succeeded", order_ref)
    bank.tell("loan.settled", order_ref)
    assert (order(client, order_ref)["state"], order(client, order_ref)["loan"]["stage"]) == ("paid", "settled")
    assert verdicts(client) == ["taken"] * 8


@pytest.mark.parametrize(
    "kinds", [*itertools.permutations(["application.submitted", "contract.signed", "order.financed"])]
)
def test_in_any_order_the_end_is_the_same(
    client: FlaskClient, bank: Bank, order_ref: str, kinds: tuple[str, ...]
) -> None:
    for kind in kinds:
        bank.tell(kind, order_ref)
    told = order(client, order_ref)
    assert (told["state"], told["loan"]["stage"]) == ("paid", "signed")


def test_a_refusal_opens_the_order_again_and_a_second_application_is_heard(
    client: FlaskClient, bank: Bank, order_ref: str
) -> None:
    bank.tell("application.submitted", order_ref)
    bank.tell("application.declined", order_ref)
    assert order(client, order_ref)["state"] == "awaiting_payment"
    bank.tell("application.submitted", order_ref)
    assert order(client, order_ref)["state"] == "loan_in_progress"


def test_a_failed_disbursement_can_still_succeed(client: FlaskClient, bank: Bank, order_ref: str) -> None:
    for kind in ("application.submitted", "contract.signed", "disbursement.failed"):
        bank.tell(kind, order_ref)
    assert order(client, order_ref)["loan"]["stage"] == "disbursement_failed"
    bank.tell("disbursement.succeeded", order_ref)
    assert order(client, order_ref)["loan"]["stage"] == "disbursed"


def test_money_that_does_not_fit_is_flagged_and_not_booked(client: FlaskClient, bank: Bank, order_ref: str) -> None:
    bank.tell("order.financed", order_ref, amount_fen=1)
    assert (order(client, order_ref)["state"], order(client, order_ref)["attention"]) == (
        "awaiting_payment",
        "amount_differs",
    )
    client.post(f"/shop/seller/transfers/{order_ref}")
    bank.tell("order.financed", order_ref, amount_fen=1299900)
    told = order(client, order_ref)
    assert (told["paid_by"], told["attention"]) == ("bank_transfer", "paid_twice")
    other = client.post("/shop/api/orders", json={"product_id": "fridge", "quantity": 1}).json["order_ref"]
    client.post(f"/shop/orders/{other}/cancel")
    bank.tell("order.financed", other)
    assert (order(client, other)["state"], order(client, other)["attention"]) == ("cancelled", "paid_after_cancel")


def test_one_id_is_taken_once(client: FlaskClient, bank: Bank, order_ref: str) -> None:
    submitted, declined = (
        bank.body(f"application.{state}", order_ref=order_ref) for state in ("submitted", "declined")
    )
    assert [bank.send(body, "msg_same").status_code for body in (submitted, declined)] == [204, 204]
    assert verdicts(client) == ["duplicate", "taken"]
    assert order(client, order_ref)["state"] == "loan_in_progress"


def test_told_to_fail_it_fails_and_takes_the_repeat(client: FlaskClient, bank: Bank, order_ref: str) -> None:
    assert client.post("/sandbox/api/webhooks/settings", json={"fail_next": 2}).status_code == 200
    body = bank.body("application.submitted", order_ref=order_ref)
    assert [bank.send(body, "msg_1").status_code for _ in range(4)] == [500, 500, 204, 204]
    assert verdicts(client)[::-1] == ["failed_on_request", "failed_on_request", "taken", "duplicate"]
    assert client.get("/sandbox/api/webhooks").json["settings"] == {"fail_next": 0}


@pytest.mark.parametrize("asked", [{}, {"fail_next": -1}, {"fail_next": True}, {"fail_next": "1"}])
def test_fail_next_is_strict(client: FlaskClient, asked: dict[str, Any]) -> None:
    assert client.post("/sandbox/api/webhooks/settings", json=asked).status_code == 400


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        ({"webhook-id": ""}, "missing_headers"),
        ({"webhook-signature": ""}, "missing_headers"),
        ({"webhook-timestamp": "1"}, "stale_timestamp"),
        ({"webhook-timestamp": "1.5"}, "stale_timestamp"),
        ({"webhook-id": "msg_other"}, "bad_signature"),
        ({"webhook-signature": "v1,AAAA"}, "bad_signature"),
        ({"webhook-signature": "v1"}, "bad_signature"),
        ({"webhook-signature": "v1,%%% v1a,x ,"}, "bad_signature"),
    ],
)
def test_what_is_not_proven_is_kept_and_refused(
    client: FlaskClient, bank: Bank, order_ref: str, headers: dict[str, str], verdict: str
) -> None:
    answer = bank.send(bank.body("order.financed", order_ref=order_ref), **headers)
    assert (answer.status_code, verdicts(client)) == (401, [verdict])
    assert order(client, order_ref)["state"] == "awaiting_payment"


def test_a_changed_byte_and_an_old_delivery_are_refused(client: FlaskClient, world: World, clock: Clock) -> None:
    secret, body, now = world.keys["partner"]["webhook_secret"], b'{"a": 1}', world.now()
    stamp = str(int(world.seconds()))
    headers = {"webhook-id": "m", "webhook-timestamp": stamp}
    headers["webhook-signature"] = Webhook(secret).sign("m", now, body.decode())
    assert verify(secret, headers, body, world.seconds()) == "m"
    with pytest.raises(WebhookRefused, match="bad_signature"):
        verify(secret, headers, b'{"a":1}', world.seconds())
    for late in (301, -302):
        with pytest.raises(WebhookRefused, match="stale_timestamp"):
            verify(secret, headers, body, world.seconds() + late)


def test_during_a_rotation_one_good_signature_is_enough(world: World) -> None:
    secret, now = world.keys["partner"]["webhook_secret"], world.now()
    other = Webhook("whsec_" + base64.b64encode(b"o" * 32).decode()).sign("m", now, "{}")
    good = Webhook(secret).sign("m", now, "{}")
    headers = {"webhook-id": "m", "webhook-timestamp": str(int(world.seconds()))}
    assert verify(secret, headers | {"webhook-signature": f"{other} v1a,x {good}"}, b"{}", world.seconds()) == "m"


@pytest.mark.parametrize(
    ("body", "verdict", "status"),
    [
        (b"not json", "unreadable", 400),
        (b"[]", "unreadable", 400),
        (b'{"type":"order.financed","timestamp":"soon","data":{}}', "unreadable", 400),
        (b'{"type":"key.rotated","timestamp":"2026-01-01T00:00:00Z","data":{}}', "ignored_type", 204),
        (
            b'{"type":"order.financed","timestamp":"2026-01-01T00:00:00Z","data":{"order_ref":"YC0"}}',
            "no_such_order",
            204,
        ),
        (b'{"type":"loan.settled","timestamp":"2026-01-01T00:00:00Z","data":{}}', "no_such_order", 204),
    ],
)
def test_what_is_not_for_us(client: FlaskClient, bank: Bank, body: bytes, verdict: str, status: int) -> None:
    assert (bank.send(body).status_code, verdicts(client)) == (status, [verdict])


def test_deliveries_are_kept_whole(client: FlaskClient, bank: Bank, order_ref: str) -> None:
    body = bank.body("application.submitted", order_ref=order_ref)
    bank.send(body, "msg_9")
    [kept] = client.get("/sandbox/api/webhooks").json["webhooks"]
    assert (kept["body"].encode(), kept["headers"]["webhook-id"], kept["status"]) == (body, "msg_9", 204)
