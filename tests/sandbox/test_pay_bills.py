"""Daily bills have the documented shape, and every difference can be made; statements of the core bank likewise."""

from __future__ import annotations

import gzip
import hashlib
import re
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from sandbox.context import World
from sandbox.wechat.pay import bill_differences
from sandbox.wechat.pay.bill_rows import FLOW_COLUMNS, TRADE_COLUMNS
from tests.sandbox.conftest import Clock
from tests.sandbox.merchant import Merchant
from tests.sandbox.port_caller import PortCaller

REFUNDS = "/v3/refund/domestic/refunds"


@pytest.fixture
def merchant(client: FlaskClient, world: World) -> Merchant:
    client.post("/sandbox/api/pay/settings", json={"bills": "ready"})
    return Merchant(client, world)


def bill(merchant: Merchant, kind: str = "tradebill", **query: str) -> Any:
    asked = {"bill_date": merchant.world.today().isoformat(), "tar_type": "GZIP"} | query
    return merchant.call("GET", f"/v3/bill/{kind}?" + "&".join(f"{name}={value}" for name, value in asked.items()))


def download(merchant: Merchant, told: Any) -> str:
    address = urlsplit(told.json["download_url"])
    answer = merchant.call("GET", f"{address.path}?{address.query}")
    assert answer.status_code == 200 and "Wechatpay-Signature" not in answer.headers
    content = gzip.decompress(answer.data)
    assert (told.json["hash_type"], told.json["hash_value"]) == ("SHA1", hashlib.sha1(content).hexdigest())
    return content.decode()


def refunded(merchant: Merchant, order: dict[str, Any]) -> None:
    amount = {"refund": 856066, "total": 856066, "currency": "CNY"}
    asked = {"out_trade_no": order["out_trade_no"], "out_refund_no": "F1", "amount": amount}
    assert merchant.call("POST", REFUNDS, asked).json["status"] == "PROCESSING"


def test_a_trade_bill_has_the_documented_shape(merchant: Merchant) -> None:
    refunded(merchant, merchant.paid_order())
    lines = download(merchant, bill(merchant)).splitlines()
    header, payment, refund, totals, sums = lines
    assert header.split(",") == list(TRADE_COLUMNS) and len(TRADE_COLUMNS) == 27
    assert totals.split(",")[0] == "总交易单数" and sums.startswith("`2,`8560.66,`8560.66,")
    for line, state in ((payment, "SUCCESS"), (refund, "REFUND")):
        row = dict(zip(TRADE_COLUMNS, line[1:].split(",`"), strict=True))
        assert row["交易状态"] == state and re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row["交易时间"])
        assert row["费率"] == "0.60%" and abs(Decimal(row["手续费"])) == Decimal("51.36")
        assert re.fullmatch(r"-?\d+\.\d{5}", row["手续费"]) and re.fullmatch(r"\d+\.\d\d", row["退款金额"])
    assert "退款状态" not in download(merchant, bill(merchant, bill_type="SUCCESS")).splitlines()[0]
    assert len(download(merchant, bill(merchant, bill_type="REFUND")).splitlines()) == 4


def test_a_fund_flow_bill_has_the_documented_shape_and_its_sums_agree(merchant: Merchant) -> None:
    refunded(merchant, merchant.paid_order())
    header, *rows, totals, sums = download(merchant, bill(merchant, "fundflowbill", account_type="BASIC")).splitlines()
    assert header.split(",") == list(FLOW_COLUMNS)
    kinds = [dict(zip(FLOW_COLUMNS, row[1:].split(",`"), strict=True)) for row in rows]
    assert [row["业务类型"] for row in kinds] == ["交易", "扣除交易手续费", "退款"]
    assert kinds[-1]["账户结余(元)"] == "0.00"  # the fee came back with the refund
    assert totals.startswith("资金流水总笔数,") and sums == "`3,`1,`8560.66,`2,`8560.66"


def test_days_without_a_bill_and_tokens_that_are_over(merchant: Merchant, client: FlaskClient, clock: Clock) -> None:
    assert bill(merchant).json["code"] == "NO_STATEMENT_EXIST"
    merchant.paid_order()
    told = bill(merchant)
    clock.advance(301)
    address = urlsplit(told.json["download_url"])
    assert merchant.call("GET", f"{address.path}?{address.query}").status_code == 400
    client.post("/sandbox/api/pay/settings", json={"bills": "daily"})
    assert bill(merchant).status_code == 400  # today's is not made before tomorrow


@pytest.mark.parametrize("kind", bill_differences.KINDS)
def test_each_difference_changes_the_bill(merchant: Merchant, client: FlaskClient, world: World, kind: str) -> None:
    refunded(merchant, merchant.paid_order())
    merchant.paid_order()
    before = download(merchant, bill(merchant))
    day = world.today().isoformat()
    assert client.post(f"/sandbox/api/pay/bills/{day}/differences", json={"kind": kind}).status_code == 200
    assert download(merchant, bill(merchant)) != before
    shown = client.get(f"/sandbox/api/pay/bills/{day}").json
    assert [one["kind"] for one in shown["differences"]] == [kind]


def test_the_scenario_makes_all_that_one_file_can_show(merchant: Merchant, client: FlaskClient) -> None:
    for _ in range(8):
        order = merchant.paid_order()
    refunded(merchant, order)
    made = client.post("/sandbox/api/scenarios/bill_with_differences").json["differences"]
    assert {one["kind"] for one in made} == set(bill_differences.SCENARIO)
    assert client.post("/sandbox/api/pay/bills/2026-11-01/differences", json={"kind": "no"}).status_code == 422


def test_the_statement_of_the_core_bank(client: FlaskClient, world: World) -> None:
    core = PortCaller(client, world, "core_bank")
    path = f"/core-bank/v1/statements?day={world.today()}"
    assert core.get(path).json["code"] == "statement.not_ready"
    client.post("/sandbox/api/core-bank/statements/settings", json={"now": True})
    world.store.put("transfer", "T1", transfer(world, "T1"))
    world.store.put("transfer", "T2", transfer(world, "T2"))
    first = core.get(f"{path}&limit=1").json
    assert [one["transfer_no"] for one in first["entries"]] == ["T1"]
    assert first["totals"] == {"count": 2, "out_fen": 2468, "in_fen": 0}
    second = core.get(f"{path}&limit=1&after={first['next']}").json
    assert [one["transfer_no"] for one in second["entries"]] == ["T2"] and second["next"] is None
    differ = f"/sandbox/api/core-bank/statements/{world.today()}/differences"
    assert client.post(differ, json={"kind": "amount", "transfer_no": "T2"}).json["transfer_no"] == "T2"
    assert core.get(path).json["entries"][1]["amount_fen"] == 1235
    assert client.post(differ, json={"kind": "nothing"}).status_code == 422


def transfer(world: World, number: str) -> dict[str, Any]:
    return {
        "transfer_no": number,
        "bank_serial": f"CB{number}",
        "amount_fen": 1234,
        "state": "succeeded",
        "purpose": "订单货款",
        "completed_at": world.now().isoformat(),
    }
