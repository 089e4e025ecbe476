"""Notices: sealed and signed, repeated on the true schedule, held, lost, copied, probed, and kept over a restart."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask.testing import FlaskClient

from sandbox.app import create_app
from sandbox.context import World
from sandbox.wechat.pay.notices import SCHEDULE_SECONDS
from tests.sandbox.conftest import Clock
from tests.sandbox.merchant import Listener, Merchant, Received

DAY_AND_FOUR_MINUTES = 24 * 3600 + 4 * 60


@pytest.fixture
def merchant(client: FlaskClient, world: World) -> Merchant:
    return Merchant(client, world)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as listening:
        yield listening


def opened(merchant: Merchant, received: Received) -> Any:
    resource = json.loads(received.body)["resource"]
    assert resource["algorithm"] == "AEAD_AES_256_GCM"
    cipher = AESGCM(merchant.section["api_v3_key"].encode())
    sealed = base64.b64decode(resource["ciphertext"])
    return json.loads(cipher.decrypt(resource["nonce"].encode(), sealed, resource["associated_data"].encode()))


def only_notice(merchant: Merchant) -> dict[str, Any]:
    (notice,) = merchant.client.get("/sandbox/api/pay/notices").json["notices"]
    return dict(notice)


def set_pay(merchant: Merchant, **changes: Any) -> None:
    assert merchant.client.post("/sandbox/api/pay/settings", json=changes).status_code == 200


def test_a_payment_is_announced_signed_and_sealed(merchant: Merchant, world: World, listener: Listener) -> None:
    order = merchant.paid_order(notify_url=listener.url, attach="loan-1")
    world.timers.run_due(world)
    (received,) = listener.received
    envelope = json.loads(received.body)
    assert (envelope["event_type"], envelope["resource_type"]) == ("TRANSACTION.SUCCESS", "encrypt-resource")
    assert envelope["resource"]["original_type"] == "transaction"
    assert merchant.platform_signed(received.headers, received.body)
    assert received.headers["Wechatpay-Serial"].startswith("PUB_KEY_ID_")
    assert opened(merchant, received) == merchant.query(order["out_trade_no"]).json
    assert only_notice(merchant)["state"] == "delivered"
    world.timers.run_due(world)
    assert len(listener.received) == 1


def test_certificate_mode_signs_with_the_certificate(merchant: Merchant, world: World, listener: Listener) -> None:
    set_pay(merchant, notice_key="certificate")
    merchant.paid_order(notify_url=listener.url)
    world.timers.run_due(world)
    (received,) = listener.received
    assert received.headers["Wechatpay-Serial"] == merchant.section["platform_certificate"]["serial"]
    assert merchant.platform_signed(received.headers, received.body)


def test_failures_follow_the_true_schedule_and_then_it_gives_up(
    merchant: Merchant, world: World, listener: Listener, clock: Clock
) -> None:
    listener.answers = [500] * 16
    merchant.paid_order(notify_url=listener.url)
    assert sum(SCHEDULE_SECONDS) == DAY_AND_FOUR_MINUTES
    world.timers.run_due(world)
    for seen, seconds in enumerate(SCHEDULE_SECONDS, start=1):
        assert len(listener.received) == seen
        clock.advance(seconds - 0.5)
        assert world.timers.run_due(world) == 0
        clock.advance(0.5)
        assert world.timers.run_due(world) == 1
    assert only_notice(merchant)["state"] == "gave_up"
    assert len(listener.received) == 16
    bodies = {received.body for received in listener.received}
    assert len(bodies) == 1, "the same notice comes again"
    assert len({received.headers["Wechatpay-Nonce"] for received in listener.received}) == 16


def test_only_200_and_204_end_the_retries(merchant: Merchant, world: World, listener: Listener, clock: Clock) -> None:
    listener.answers = [302, 202, 404, 200]
    merchant.paid_order(notify_url=listener.url)
    for seconds in (0, 15, 15, 30):
        clock.advance(seconds)
        world.timers.run_due(world)
    notice = only_notice(merchant)
    assert [attempt["status"] for attempt in notice["attempts"]] == [302, 202, 404, 200]
    assert notice["state"] == "delivered"


def test_a_closed_door_is_tried_again(merchant: Merchant, world: World, clock: Clock) -> None:
    merchant.paid_order(notify_url="http://127.0.0.1:9/callbacks")
    world.timers.run_due(world)
    notice = only_notice(merchant)
    assert notice["attempts"][0]["problem"] == "ConnectError" and notice["attempts"][0]["status"] is None
    assert notice["next_at"] == clock().timestamp() + 15


def test_the_clock_can_be_sped_up_also_for_what_waits(
    merchant: Merchant, world: World, listener: Listener, clock: Clock
) -> None:
    listener.answers = [500, 500]
    merchant.paid_order(notify_url=listener.url)
    world.timers.run_due(world)
    set_pay(merchant, time_scale=100)
    clock.advance(0.16)
    assert world.timers.run_due(world) == 1
    clock.advance(0.16)
    assert world.timers.run_due(world) == 1
    assert only_notice(merchant)["state"] == "delivered"


def test_held_notices_go_out_when_released_and_lost_ones_never(
    merchant: Merchant, world: World, listener: Listener, clock: Clock
) -> None:
    set_pay(merchant, notices="lost")
    merchant.paid_order(notify_url=listener.url)
    set_pay(merchant, notices="held")
    merchant.paid_order(notify_url=listener.url)
    clock.advance(100_000)
    assert world.timers.run_due(world) == 0
    set_pay(merchant, notices="normal")
    world.timers.run_due(world)
    assert len(listener.received) == 1
    states = [notice["state"] for notice in merchant.client.get("/sandbox/api/pay/notices").json["notices"]]
    assert states == ["delivered", "lost"]


def test_copies_are_sent_in_parallel_with_the_same_or_another_id(
    merchant: Merchant, world: World, listener: Listener
) -> None:
    merchant.paid_order(notify_url=listener.url)
    world.timers.run_due(world)
    notice_id = only_notice(merchant)["id"]
    for body in ({"copies": 4}, {"copies": 3, "new_id": True}):
        assert merchant.client.post(f"/sandbox/api/pay/notices/{notice_id}/resend", json=body).status_code == 200
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: world.timers.run_due(world), range(4)))
    ids = [json.loads(received.body)["id"] for received in listener.received]
    assert ids.count(notice_id) == 5 and len(ids) == 8 and len(set(ids)) == 4
    contents = [opened(merchant, received) for received in listener.received]
    assert all(content == contents[0] for content in contents)
    assert merchant.client.post("/sandbox/api/pay/notices/unknown/resend", json={}).status_code == 404
    assert merchant.client.post(f"/sandbox/api/pay/notices/{notice_id}/resend", json={"copies": 0}).status_code == 422


def test_a_probe_does_not_verify_and_the_notice_comes_again(
    merchant: Merchant, world: World, listener: Listener, clock: Clock
) -> None:
    listener.answers = [401]
    set_pay(merchant, probe_notices=1)
    merchant.paid_order(notify_url=listener.url)
    world.timers.run_due(world)
    clock.advance(15)
    world.timers.run_due(world)
    probe, honest = listener.received
    assert probe.headers["Wechatpay-Signature"].startswith("WECHATPAY/SIGNTEST/")
    assert not merchant.platform_signed(probe.headers, probe.body)
    assert merchant.platform_signed(honest.headers, honest.body)
    assert only_notice(merchant)["state"] == "delivered"


def test_retries_survive_a_restart(
    merchant: Merchant, world: World, listener: Listener, clock: Clock, tmp_path: Path, keys: dict[str, Any]
) -> None:
    listener.answers = [500]
    merchant.paid_order(notify_url=listener.url)
    world.timers.run_due(world)
    reborn: World = create_app(keys, tmp_path, clock=clock).extensions["sandbox"]
    clock.advance(15)
    assert reborn.timers.run_due(reborn) == 1
    assert len(listener.received) == 2
    assert only_notice(merchant)["state"] == "delivered"


def test_unknown_settings_are_refused(merchant: Merchant) -> None:
    for wrong in ({"notices": "late"}, {"time_scale": 0}, {"time_scale": "fast"}, {"probe_notices": -1}, {"x": 1}):
        assert merchant.client.post("/sandbox/api/pay/settings", json=wrong).status_code == 422
