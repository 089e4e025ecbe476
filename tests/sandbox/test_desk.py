"""The desk: every section shows what is held, and every button does what it says."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox import personas
from sandbox.context import World
from sandbox.pages import views
from sandbox.shop import webhooks
from tests.sandbox.conftest import Clock
from tests.sandbox.merchant import Listener, Merchant

SECTIONS = [name for name, _, _ in views.SECTIONS]


@pytest.fixture
def merchant(client: FlaskClient, world: World) -> Merchant:
    return Merchant(client, world)


def push(client: FlaskClient, path: str, **form: Any) -> str:
    answer = client.post(f"/desk/do/{path}", data=form)
    assert answer.status_code == 303, answer.text
    return client.get(answer.location).text


def test_an_empty_sandbox_has_a_page_for_everything_in_both_languages(client: FlaskClient) -> None:
    for name in ("/", *(f"/desk/{name}" for name in SECTIONS), "/desk/people/good"):
        assert client.get(name).status_code == 200
    assert "支付通知" in client.get("/").text
    client.get("/desk/language?to=en")
    assert "Pay notices" in client.get("/").text and "支付通知" not in client.get("/").text
    assert client.get("/desk/unknown").status_code == 404
    assert client.get("/desk/people/unknown").status_code == 404


def test_the_page_shows_what_the_store_holds(merchant: Merchant, client: FlaskClient, world: World) -> None:
    phone = world.store.get("persona", "good")["person"]["phone"]  # type: ignore[index]
    message = {"message_no": "m1", "phone": phone, "template": "sign_in", "params": {"code": "246810"}}
    world.store.put("sms", "m1", message | {"sent_at": world.now().isoformat()})
    order = merchant.paid_order()
    page = client.get("/").text
    for text in ("246810", "经营良好", order["out_trade_no"], "8,560.66", "TRANSACTION.SUCCESS"):
        assert text in page


def test_transfers_shop_orders_and_webhooks_have_their_rows(client: FlaskClient, world: World) -> None:
    at = world.now().isoformat()
    payee = {"account_no": "6200", "account_name": "测试收款人", "bank_code": "1"}
    transfer = {"transfer_no": "T42", "bank_serial": "CB1", "amount_fen": 1042, "state": "processing", "payee": payee}
    world.store.put("transfer", "T42", transfer | {"accepted_at": at, "pushes": []})
    order = {"order_ref": "YC1", "amount_fen": 500, "state": "loan_in_progress", "created_at": at}
    world.store.put("shop_order", "YC1", order | {"loan": {"stage": "approved", "rank": 2, "at": at}})
    delivery = {"id": "d1", "received_at": at, "headers": {"webhook-id": "msg_1"}, "body": "{}"}
    world.store.put(webhooks.DELIVERY, "d1", delivery | {"verdict": "taken", "status": 204})
    page = client.get("/").text
    for text in ("1 笔转账在等你给结果", "测试收款人", "YC1", "贷款处理中", "approved", "msg_1", "taken"):
        assert text in page
    assert "T42: failed" in push(client, "transfers/T42", state="failed")


def test_what_was_typed_by_others_is_shown_as_text(client: FlaskClient, world: World, merchant: Merchant) -> None:
    merchant.prepay(description="<script>alert(1)</script>")
    assert "<script>alert(1)" not in client.get("/").text


def test_a_person_pays_holds_and_releases(merchant: Merchant, client: FlaskClient, world: World) -> None:
    with Listener() as listener:
        assert "held" in push(client, "settings/pay", notices="held")
        order, _ = merchant.prepay(notify_url=listener.url)
        assert "requestPayment:ok" in push(client, f"orders/{order['out_trade_no']}", outcome="ok")
        assert "没有做成" in push(client, f"orders/{order['out_trade_no']}", outcome="ok")
        (notice,) = client.get("/sandbox/api/pay/notices").json["notices"]
        assert notice["state"] == "held"
        push(client, f"notices/{notice['id']}", copies=2)
        push(client, f"notices/{notice['id']}", twist="amount")
        world.timers.run_due(world)
        assert len(listener.received) == 3


def test_a_person_finishes_refunds_and_changes_switches(merchant: Merchant, client: FlaskClient) -> None:
    push(client, "settings/pay", refunds="held", time_scale="60", probe_notices="2")
    kept = client.get("/sandbox/api/pay/settings").json
    assert (kept["refunds"], kept["time_scale"], kept["probe_notices"]) == ("held", 60.0, 2)
    assert "没有做成" in push(client, "settings/pay", time_scale="0")
    order = merchant.paid_order()
    amount = {"refund": 1, "total": 856066, "currency": "CNY"}
    body = {"out_trade_no": order["out_trade_no"], "out_refund_no": "F1", "amount": amount}
    merchant.call("POST", "/v3/refund/domestic/refunds", body)
    assert "F1: SUCCESS" in push(client, "refunds/F1", status="SUCCESS")
    assert "没有做成" in push(client, "refunds/F1", status="CLOSED")


def test_a_person_changes_a_persona(client: FlaskClient, world: World, clock: Clock) -> None:
    persona = personas.get(world.store, "good") or {}
    number, amount_fen = persona["tax"]["invoices"][0]["number"], persona["tax"]["invoices"][0]["amount_fen"]
    assert "1,234.56" in push(client, f"people/good/invoices/{number}", amount_yuan="1,234.56")
    changed = personas.get(world.store, "good") or {}
    assert (
        changed["tax"]["tax"]["vat_sales_12m_fen"] == persona["tax"]["tax"]["vat_sales_12m_fen"] - amount_fen + 123456
    )
    for wrong in ("12.345", "-1", "nan", "x"):
        assert "没有做成" in push(client, f"people/good/invoices/{number}", amount_yuan=wrong)
    push(client, "people/good/sources", source="tax", down="yes")
    assert (personas.get(world.store, "good") or {})["sources_down"] == ["tax"]
    push(client, "people/good/sources", source="tax", down="no")
    assert (personas.get(world.store, "good") or {})["sources_down"] == []
    assert "做好了" in push(client, "people/good/codes", app="phone")
    push(client, "people/good/phone")
    assert client.get_cookie("sandbox_phone").value == "good"  # type: ignore[union-attr]


def test_a_person_fails_webhooks_and_empties_the_sandbox(client: FlaskClient, world: World) -> None:
    push(client, "settings/webhooks", fail_next="3")
    assert "query: frequency" in push(client, "settings/faults", api="query", fault="frequency", times="2")
    assert "没有做成" in push(client, "settings/faults", api="moon", fault="frequency")
    assert client.get("/sandbox/api/webhooks").json["settings"]["fail_next"] == 3
    world.store.put("pay.order", "x", {})
    push(client, "reset")
    assert world.store.all("pay.order") == []
    assert len(world.store.all("persona")) == 13


def test_another_site_cannot_push_the_buttons(client: FlaskClient) -> None:
    answer = client.post("/desk/do/reset", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert client.post("/desk/do/transfers/unknown", data={"state": "failed"}).status_code == 404


def test_money_and_times_are_written_as_the_design_says() -> None:
    assert views.yuan(123456789) == "1,234,567.89"
    assert views.yuan(-5) == "−0.05"
    assert views.clock_time("2026-01-01T00:00:00+00:00") == "01-01 08:00:00"
    assert views.clock_time(None) == "—"


def test_pages_of_this_machine_may_call_the_api_and_others_may_not(client: FlaskClient) -> None:
    own = client.options("/sandbox/api/wechat/request-payment", headers={"Origin": "http://localhost:8000"})
    assert own.headers["Access-Control-Allow-Origin"] == "http://localhost:8000"
    other = client.get("/sandbox/api/personas", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in other.headers
