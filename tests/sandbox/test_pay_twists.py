"""Copies of a notice that the merchant must not believe, each wrong in exactly one way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.context import World
from sandbox.wechat.pay import sealing
from tests.sandbox.conftest import Clock
from tests.sandbox.merchant import Listener, Merchant, Received


@pytest.fixture
def merchant(client: FlaskClient, world: World) -> Merchant:
    return Merchant(client, world)


def twisted(merchant: Merchant, world: World, twist: dict[str, Any]) -> Received:
    """The copy that arrives when the only notice is sent with this twist."""
    with Listener() as listener:
        merchant.client.post("/sandbox/api/pay/settings", json={"notices": "held"})
        merchant.paid_order(notify_url=listener.url)
        (notice,) = merchant.client.get("/sandbox/api/pay/notices").json["notices"]
        path = f"/sandbox/api/pay/notices/{notice['id']}/resend"
        assert merchant.client.post(path, json={"twist": twist}).status_code == 200
        world.timers.run_due(world)
        (after,) = merchant.client.get("/sandbox/api/pay/notices").json["notices"]
        assert after["state"] == "held", "a copy that is wrong delivers nothing"
        (received,) = listener.received
        return received


def content(merchant: Merchant, received: Received) -> Any:
    return json.loads(sealing.decrypt(merchant.section["api_v3_key"], json.loads(received.body)["resource"]))


def test_another_content_is_sealed_and_signed_well(merchant: Merchant, world: World) -> None:
    received = twisted(merchant, world, {"resource": {"amount": {"total": 1}, "mchid": "1900000000"}})
    assert merchant.platform_signed(received.headers, received.body)
    seen = content(merchant, received)
    assert (seen["amount"]["total"], seen["amount"]["payer_total"], seen["mchid"]) == (1, 856066, "1900000000")


def test_an_old_time_is_signed_well(merchant: Merchant, world: World, clock: Clock) -> None:
    received = twisted(merchant, world, {"skew_seconds": -600})
    assert int(received.headers["Wechatpay-Timestamp"]) == int(clock().timestamp()) - 600
    assert merchant.platform_signed(received.headers, received.body)


def test_a_changed_byte_breaks_the_signature_but_not_the_json(merchant: Merchant, world: World) -> None:
    received = twisted(merchant, world, {"flip_byte": True})
    assert not merchant.platform_signed(received.headers, received.body)
    json.loads(received.body)


@pytest.mark.parametrize("twist", [{"serial": "F" * 40}, {"serial": "PUB_KEY_ID_1"}, {"signature": "AAAA"}])
def test_headers_can_be_replaced(merchant: Merchant, world: World, twist: dict[str, str]) -> None:
    received = twisted(merchant, world, twist)
    ((name, value),) = twist.items()
    assert received.headers[f"Wechatpay-{name.title()}"] == value


def test_unknown_twists_are_refused(merchant: Merchant) -> None:
    merchant.paid_order()
    (notice,) = merchant.client.get("/sandbox/api/pay/notices").json["notices"]
    for twist in ({"x": 1}, {"skew_seconds": "1"}, {"flip_byte": 1}):
        answer = merchant.client.post(f"/sandbox/api/pay/notices/{notice['id']}/resend", json={"twist": twist})
        assert answer.status_code == 422


def test_a_close_while_the_user_types_the_password_says_so(merchant: Merchant) -> None:
    order, _ = merchant.prepay()
    fault = {"api": "close", "fault": "user_paying", "times": 1}
    merchant.client.post("/sandbox/api/pay/faults", json=fault)
    path = f"/v3/pay/transactions/out-trade-no/{order['out_trade_no']}/close"
    first, second = (merchant.call("POST", path, {"mchid": order["mchid"]}) for _ in range(2))
    assert (first.status_code, first.json["code"]) == (202, "USERPAYING")
    assert second.status_code == 204
