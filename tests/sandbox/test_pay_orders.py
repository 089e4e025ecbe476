"""WeChat Pay: signatures of requests, orders, re-entry, payment, query and close."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.context import World
from tests.sandbox.conftest import Clock
from tests.sandbox.merchant import Merchant

JSAPI = "/v3/pay/transactions/jsapi"


@pytest.fixture
def merchant(client: FlaskClient, world: World) -> Merchant:
    return Merchant(client, world)


def codes(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def test_an_order_is_placed_and_its_answer_is_signed_by_the_key_that_was_asked_for(merchant: Merchant) -> None:
    section = merchant.section
    for serial in (section["platform_public_key_id"], section["platform_certificate"]["serial"]):
        answer = merchant.call("POST", JSAPI, merchant.order(), **{"Wechatpay-Serial": serial})
        assert answer.json["prepay_id"].startswith("wx")
        assert answer.headers["Wechatpay-Serial"] == serial
        assert answer.headers["Wechatpay-Signature-Type"] == "WECHATPAY2-SHA256-RSA2048"
        assert merchant.platform_signed(answer.headers, answer.data)
        assert answer.headers["Request-ID"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"mchid": "1900000000"}, "mchid"), ({"serial_no": "F" * 40}, "serial_no"), ({"timestamp": "x"}, "timestamp"),
        ({"signature": "AAAA"}, "signature"), ({"signature": "not base64"}, "signature"),
    ],
)  # fmt: skip
def test_a_wrong_signature_is_refused(merchant: Merchant, wrong: dict[str, str], field: str) -> None:
    order = merchant.order()
    header = merchant.authorization("POST", JSAPI, json.dumps(order, ensure_ascii=False), **wrong)
    answer = merchant.call("POST", JSAPI, order, Authorization=header)
    assert codes(answer) == (401, "SIGN_ERROR")
    assert answer.json["detail"]["field"] == field
    assert merchant.platform_signed(answer.headers, answer.data)


def test_a_changed_body_or_path_a_used_nonce_and_a_wrong_clock_are_refused(merchant: Merchant, clock: Clock) -> None:
    order = merchant.order()
    body = json.dumps(order, ensure_ascii=False)
    header = merchant.authorization("POST", JSAPI, body)
    assert codes(merchant.call("POST", JSAPI, order | {"attach": "x"}, Authorization=header)) == (401, "SIGN_ERROR")
    assert codes(merchant.call("POST", JSAPI + "?a=1", order, Authorization=header)) == (401, "SIGN_ERROR")
    assert merchant.call("POST", JSAPI, order, Authorization=header).status_code == 200
    assert codes(merchant.call("POST", JSAPI, order, Authorization=header)) == (401, "SIGN_ERROR")
    for seconds in (-301, 301):
        stamp = str(int(clock().timestamp()) + seconds)
        header = merchant.authorization("POST", JSAPI, body, timestamp=stamp)
        assert codes(merchant.call("POST", JSAPI, order, Authorization=header)) == (401, "SIGN_ERROR")
    assert codes(merchant.call("POST", JSAPI, order, Authorization="Bearer x")) == (401, "SIGN_ERROR")
    assert codes(merchant.call("POST", JSAPI, order, **{"User-Agent": ""})) == (400, "PARAM_ERROR")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": {"total": "100"}}, "/amount/total"), ({"amount": {"total": 1.5}}, "/amount/total"),
        ({"amount": {"total": 0}}, "/amount/total"), ({"amount": {"total": True}}, "/amount/total"),
        ({"amount": {}}, "/amount/total"), ({"amount": {"total": 1, "currency": "USD"}}, "/amount/currency"),
        ({"description": "还款😀"}, "/description"), ({"description": "长" * 128}, "/description"),
        ({"attach": "\U0001f600"}, "/attach"), ({"attach": "a" * 129}, "/attach"),
        ({"description": None}, "/description"), ({"out_trade_no": "short"}, "/out_trade_no"),
        ({"out_trade_no": "x" * 33}, "/out_trade_no"), ({"out_trade_no": "空格 123456"}, "/out_trade_no"),
        ({"payer": {}}, "/payer/openid"), ({"payer": "x"}, "/payer"),
        ({"notify_url": "http://bank.example/n"}, "/notify_url"),
        ({"notify_url": "https://bank.example/n?a=1"}, "/notify_url"),
        ({"notify_url": "https://bank.example/" + "a" * 240}, "/notify_url"),
        ({"notify_url": "/relative"}, "/notify_url"), ({"time_expire": "2026-01-01 10:00:00"}, "/time_expire"),
        ({"time_expire": "2026-01-01T10:00:00"}, "/time_expire"),
        ({"scene_info": {"payer_client_ip": "999.1.1.1"}}, "/scene_info/payer_client_ip"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named(merchant: Merchant, changes: dict[str, Any], field: str) -> None:
    answer = merchant.call("POST", JSAPI, merchant.order(**changes))
    assert codes(answer) == (400, "PARAM_ERROR")
    assert answer.json["detail"]["field"] == field
    assert answer.json["detail"]["location"] == "body"


def test_app_merchant_and_payer_must_belong_together(merchant: Merchant) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"appid": "wx0000000000000000"}, "APPID_MCHID_NOT_MATCH"),
        ({"mchid": "1900000000"}, "MCH_NOT_EXISTS"),
        ({"payer": {"openid": merchant.openid("good", "h5")}}, "PARAM_ERROR"),
        ({"payer": {"openid": "unknown"}}, "PARAM_ERROR"),
    ]
    for changes, code in cases:
        assert codes(merchant.call("POST", JSAPI, merchant.order(**changes))) == (400, code)


def test_reentry_needs_the_same_parameters_and_gives_a_fresh_prepay_id(merchant: Merchant) -> None:
    order, first = merchant.prepay()
    again = merchant.call("POST", JSAPI, order).json["prepay_id"]
    assert again != first
    changed = merchant.call("POST", JSAPI, order | {"amount": {"total": 1, "currency": "CNY"}})
    assert codes(changed) == (400, "INVALID_REQUEST")
    assert codes(merchant.call("POST", JSAPI, order | {"attach": "new"})) == (400, "INVALID_REQUEST")
    native = {name: value for name, value in order.items() if name != "payer"}
    assert codes(merchant.call("POST", "/v3/pay/transactions/native", native)) == (403, "OUT_TRADE_NO_USED")
    assert merchant.pay(first).json == {"errMsg": "requestPayment:ok", "paid": True}
    assert codes(merchant.call("POST", JSAPI, order)) == (400, "ORDERPAID")
    assert codes(merchant.call("POST", JSAPI, order | {"attach": "new"})) == (403, "OUT_TRADE_NO_USED")


def test_a_query_follows_the_order(merchant: Merchant) -> None:
    order, prepay_id = merchant.prepay(attach="loan-1")
    before = merchant.query(order["out_trade_no"]).json
    assert (before["trade_state"], before["amount"]["total"], before["attach"]) == ("NOTPAY", 856066, "loan-1")
    assert "transaction_id" not in before and "payer_total" not in before["amount"]
    merchant.pay(prepay_id)
    after = merchant.query(order["out_trade_no"]).json
    assert after["trade_state"] == "SUCCESS" and after["trade_type"] == "JSAPI" and len(after["transaction_id"]) == 28
    assert after["payer"] == order["payer"]
    assert after["amount"] == {"total": 856066, "payer_total": 856066, "currency": "CNY", "payer_currency": "CNY"}
    assert datetime.fromisoformat(after["success_time"]).utcoffset() == timedelta(hours=8)
    path = f"/v3/pay/transactions/id/{after['transaction_id']}?mchid={order['mchid']}"
    assert merchant.call("GET", path).json == after


def test_query_errors(merchant: Merchant) -> None:
    assert codes(merchant.query("unknown-number")) == (404, "ORDER_NOT_EXIST")
    assert codes(merchant.call("GET", "/v3/pay/transactions/id/4200?mchid=" + merchant.section["mchid"]))[0] == 404
    assert codes(merchant.call("GET", "/v3/pay/transactions/out-trade-no/abcdef")) == (400, "PARAM_ERROR")
    assert codes(merchant.call("GET", "/v3/pay/transactions/out-trade-no/abcdef?mchid=1")) == (400, "INVALID_REQUEST")


def test_close_ends_an_order_and_is_idempotent(merchant: Merchant) -> None:
    order, prepay_id = merchant.prepay()
    path = f"/v3/pay/transactions/out-trade-no/{order['out_trade_no']}/close"
    for _ in range(2):
        answer = merchant.call("POST", path, {"mchid": order["mchid"]})
        assert (answer.status_code, answer.data) == (204, b"")
        assert merchant.platform_signed(answer.headers, b"")
    assert merchant.query(order["out_trade_no"]).json["trade_state"] == "CLOSED"
    assert codes(merchant.call("POST", JSAPI, order)) == (400, "ORDER_CLOSED")
    assert merchant.pay(prepay_id).status_code == 422
    paid = merchant.paid_order()
    path = f"/v3/pay/transactions/out-trade-no/{paid['out_trade_no']}/close"
    assert codes(merchant.call("POST", path, {"mchid": order["mchid"]})) == (400, "ORDERPAID")
    unknown = "/v3/pay/transactions/out-trade-no/unknown/close"
    assert codes(merchant.call("POST", unknown, {"mchid": order["mchid"]})) == (404, "ORDER_NOT_EXIST")


def test_the_client_refuses_what_the_phone_refuses(merchant: Merchant, clock: Clock) -> None:
    _, prepay_id = merchant.prepay()
    params = merchant.client_params(prepay_id)
    for wrong in ({"paySign": "AAAA"}, {"nonceStr": "other"}, {"signType": "MD5"}, {"package": "prepay_id=wx0"}):
        asked = {"persona": "good", "params": params | wrong}
        answer = merchant.client.post("/sandbox/api/wechat/request-payment", json=asked)
        assert (answer.status_code, answer.json["paid"]) == (422, False)
    assert merchant.pay(prepay_id, appId=merchant.world.keys["wechat"]["h5"]["appid"]).status_code == 422
    assert merchant.pay(prepay_id, persona="high_debt").status_code == 422
    assert merchant.pay(prepay_id, outcome="cancel").json["errMsg"] == "requestPayment:fail cancel"
    assert merchant.pay(prepay_id, outcome="fail").json["paid"] is False
    clock.advance(7200)
    assert merchant.pay(prepay_id).status_code == 422


def test_an_order_cannot_be_paid_twice_or_too_late(merchant: Merchant, clock: Clock) -> None:
    _, prepay_id = merchant.prepay()
    assert merchant.pay(prepay_id).json["paid"] is True
    assert merchant.pay(prepay_id).status_code == 422
    soon = (clock() + timedelta(seconds=5)).isoformat()  # raised to a minute
    order, prepay_id = merchant.prepay(time_expire=soon)
    clock.advance(59)
    assert merchant.pay(prepay_id, outcome="cancel").status_code == 200
    clock.advance(1)
    assert merchant.pay(prepay_id).status_code == 422
    assert codes(merchant.call("POST", JSAPI, order)) == (400, "INVALID_REQUEST")
    assert merchant.query(order["out_trade_no"]).json["trade_state"] == "NOTPAY"


def test_native_is_paid_by_whoever_scans(merchant: Merchant) -> None:
    order = merchant.order()
    del order["payer"]
    code_url = merchant.call("POST", "/v3/pay/transactions/native", order).json["code_url"]
    scan = {"persona": "high_debt", "code_url": code_url}
    assert merchant.client.post("/sandbox/api/wechat/scan-payment", json=scan).json["paid"] is True
    seen = merchant.query(order["out_trade_no"]).json
    assert (seen["trade_type"], seen["payer"]["openid"]) == ("NATIVE", merchant.openid("high_debt"))


def test_the_h5_cashier_wants_a_referer_of_the_bank_within_five_minutes(
    merchant: Merchant, world: World, clock: Clock
) -> None:
    order = merchant.order(scene_info={"payer_client_ip": "127.0.0.1", "h5_info": {"type": "Wap"}})
    del order["payer"]
    url = merchant.call("POST", "/v3/pay/transactions/h5", order).json["h5_url"].removeprefix(world.base_url)
    own = {"Referer": f"{world.bank_url}/h5/pay"}
    assert merchant.client.get(url).status_code == 400
    assert merchant.client.get(url, headers={"Referer": "https://elsewhere.example/"}).status_code == 400
    assert merchant.client.get(url, headers=own).status_code == 200
    back = merchant.client.post(f"{url}&redirect_url={world.bank_url}/done", data={"persona": "good", "outcome": "ok"})
    assert back.location == f"{world.bank_url}/done"
    assert merchant.query(order["out_trade_no"]).json["trade_type"] == "MWEB"
    clock.advance(300)
    assert merchant.client.get(url, headers=own).status_code == 400
    del order["scene_info"]
    wrong = merchant.call("POST", "/v3/pay/transactions/h5", order | {"out_trade_no": uuid.uuid4().hex})
    assert codes(wrong) == (400, "PARAM_ERROR")


def test_planned_faults_happen_as_often_as_asked(merchant: Merchant) -> None:
    def plan(api: str, fault: str) -> None:
        asked = {"api": api, "fault": fault, "times": 1}
        assert merchant.client.post("/sandbox/api/pay/faults", json=asked).status_code == 200

    order = merchant.order()
    plan("prepay", "system_error")
    assert codes(merchant.call("POST", JSAPI, order)) == (500, "SYSTEM_ERROR")
    assert merchant.query(order["out_trade_no"]).status_code == 404
    plan("prepay", "system_error_after")
    answer = merchant.call("POST", JSAPI, order)
    assert codes(answer) == (500, "SYSTEM_ERROR") and merchant.platform_signed(answer.headers, answer.data)
    plan("query", "frequency")
    assert codes(merchant.query(order["out_trade_no"])) == (429, "FREQUENCY_LIMITED")
    assert merchant.query(order["out_trade_no"]).json["trade_state"] == "NOTPAY"
    assert merchant.client.post("/sandbox/api/pay/faults", json={"api": "x", "fault": "y"}).status_code == 422


def test_probed_answers_do_not_verify(merchant: Merchant) -> None:
    merchant.client.post("/sandbox/api/pay/settings", json={"probe_answers": 1})
    probe = merchant.query("unknown-number")
    assert probe.headers["Wechatpay-Signature"].startswith("WECHATPAY/SIGNTEST/")
    assert not merchant.platform_signed(probe.headers, probe.data)
    honest = merchant.query("unknown-number")
    assert merchant.platform_signed(honest.headers, honest.data)
