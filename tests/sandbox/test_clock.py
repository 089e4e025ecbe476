"""One clock for all that waits: turned faster, what has begun ends sooner; what is written down stays true."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.adapters.core_bank import DebitOrder, Payee
from app.adapters.core_bank.debit_files import write
from sandbox.context import World
from tests.sandbox.conftest import Clock
from tests.sandbox.merchant import Listener, Merchant
from tests.sandbox.port_caller import PortCaller
from tests.sandbox.test_pay_refunds import REFUNDS, asked


def turn(client: FlaskClient, time_scale: Any) -> Any:
    return client.post("/sandbox/api/clock", json={"time_scale": time_scale})


def test_waits_that_have_begun_end_sooner_and_new_ones_are_short(
    client: FlaskClient, world: World, clock: Clock
) -> None:
    merchant = Merchant(client, world)
    client.post("/sandbox/api/pay/settings", json={"refund_seconds": 3600})
    orders = [merchant.paid_order() for _ in range(2)]
    merchant.call("POST", REFUNDS, asked(orders[0], "F1"))
    assert turn(client, 60).json["time_scale"] == 60
    merchant.call("POST", REFUNDS, asked(orders[1], "F2"))
    clock.advance(59)
    world.timers.run_due(world)
    assert [merchant.call("GET", f"{REFUNDS}/{number}").json["status"] for number in ("F1", "F2")] == ["PROCESSING"] * 2
    clock.advance(1)
    world.timers.run_due(world)
    assert [merchant.call("GET", f"{REFUNDS}/{number}").json["status"] for number in ("F1", "F2")] == ["SUCCESS"] * 2


def test_the_schedule_of_notices_goes_with_it(client: FlaskClient, world: World, clock: Clock) -> None:
    with Listener(answers=[500, 500, 204]) as listener:
        Merchant(client, world).paid_order(notify_url=listener.url)
        world.timers.run_due(world)
        assert turn(client, 10).status_code == 200
        for count in (1, 2, 3):
            assert len(listener.received) == count
            clock.advance(1.5)
            world.timers.run_due(world)
    assert client.get("/sandbox/api/pay/settings").json["time_scale"] == 10


def test_results_of_debits_follow_it(client: FlaskClient, world: World, clock: Clock) -> None:
    caller = PortCaller(client, world, "core_bank")
    client.post("/sandbox/api/debits/settings", json={"delay_seconds": 3600})
    account = Payee("62179900000001", "测试", "102331000018")
    order = DebitOrder("D1", account, 100, part_allowed=False, mandate_ref="M1")
    file = write("B1", date(2026, 11, 24), [order], caller.credentials["secret"])
    assert caller.post("/core-bank/v1/debit-files", {"batch_no": "B1", "file": file}).status_code == 202
    turn(client, 60)
    found = []
    for seconds in (59, 1):
        clock.advance(seconds)
        found.append(caller.get("/core-bank/v1/debit-files/B1/results").status_code)
    assert found == [404, 200]


def test_a_moment_that_was_set_stays_and_a_reset_turns_it_back(client: FlaskClient, world: World) -> None:
    due = world.seconds() + 100
    set_at = world.timers.at(world, due, "pay.notice", {"id": "x"})
    turn(client, 50)
    assert dict(world.store.due("timer", "due", due))[set_at]["due"] == due
    client.post("/sandbox/api/reset")
    assert client.get("/sandbox/api/clock").json["time_scale"] == 1


@pytest.mark.parametrize("scale", [0, 0.5, -1, True, "60", None, 10**6])
def test_it_goes_forward_only(client: FlaskClient, scale: Any) -> None:
    assert turn(client, scale).status_code == 422


def test_the_scenarios_say_what_they_do(client: FlaskClient) -> None:
    told = client.get("/sandbox/api/scenarios").json["scenarios"]
    assert set(told) == {
        "duplicate", "out_of_order", "lost", "late_after_close", "wrong_amount", "signature_probe",
        "certificate_rotation", "bill_with_differences",
    }  # fmt: skip
    assert all(len(text) > 20 for text in told.values())
