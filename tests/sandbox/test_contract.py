"""One contract for the sandbox and for what the real platform was seen to answer: the documented shape of each call."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.context import World
from tests.sandbox.conftest import Clock
from tests.sandbox.merchant import Listener, Merchant
from tests.sandbox.shapes import SHAPES, misfits
from tests.sandbox.test_pay_refunds import REFUNDS, asked, unsealed
from tests.sandbox.test_wechat_login import code, login, stable
from tests.sandbox.test_wechat_messages import DATA, Mini
from tests.sandbox.test_wechat_oauth import exchange

RECORDED: dict[str, list[Any]] = json.loads(Path(__file__).with_name("recorded_shapes.json").read_text())


class Sandbox:
    """The sandbox asked for each answer once; `answers` by the name of the shape."""

    def __init__(self, client: FlaskClient, world: World, clock: Clock) -> None:
        self.client, self.world, self.clock = client, world, clock
        self.merchant, self.mini = Merchant(client, world), Mini(client, world)
        self.apps = {
            app: {name: world.keys["wechat"][app][name] for name in ("appid", "secret")} for app in ("mini", "h5")
        }

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self.client.post(path, json=body).json

    # WeChat Pay

    def orders(self) -> dict[str, Any]:
        place = self.merchant.order
        unpaid, h5 = place(), place()
        native = {name: value for name, value in place().items() if name != "payer"}
        h5 = {name: value for name, value in h5.items() if name != "payer"}
        h5["scene_info"] = {"payer_client_ip": "127.0.0.1", "h5_info": {"type": "Wap"}}
        made = {
            f"pay: {kind}": self.merchant.call("POST", f"/v3/pay/transactions/{kind}", order).json
            for kind, order in (("jsapi", unpaid), ("native", native), ("h5", h5))
        }
        paid = self.merchant.paid_order()
        return made | {
            "pay: query unpaid": self.merchant.query(unpaid["out_trade_no"]).json,
            "pay: query paid": self.merchant.query(paid["out_trade_no"]).json,
            "pay: refusal": self.merchant.query("NO_SUCH_ORDER").json,
            "pay: certificates": self.merchant.call("GET", "/v3/certificates").json,
        }

    def refunds(self) -> dict[str, Any]:
        with Listener() as listener:
            order = self.merchant.paid_order(notify_url=listener.url)
            self.world.timers.run_due(self.world)
            about = asked(order, refund_fen=856066, notify_url=listener.url)
            made = {"pay: refund": self.merchant.call("POST", REFUNDS, about).json}
            self.clock.advance(2)
            self.world.timers.run_due(self.world)
            envelopes = [json.loads(one.body) for one in listener.received]
        payment, refund = (unsealed(self.merchant, one["resource"]) for one in envelopes)
        return made | {
            "pay: notice": envelopes[0],
            "pay: notice of a payment": payment,
            "pay: notice of a refund": refund,
        }

    def bill(self) -> dict[str, Any]:
        self.post("/sandbox/api/pay/settings", {"bills": "ready"})
        self.merchant.paid_order()
        target = f"/v3/bill/tradebill?bill_date={self.world.today()}&bill_type=ALL&tar_type=GZIP"
        return {"pay: bill": self.merchant.call("GET", target).json}

    # the mini-program

    def signing_in(self) -> dict[str, Any]:
        session = login(self.client, self.apps["mini"], js_code=code(self.client))
        query = self.apps["mini"] | {"grant_type": "client_credential"}
        phone = self.post("/sandbox/api/wechat/phone-codes", {"persona": "good"})["code"]
        reset = {"openid": session["openid"], "signature": _signature(session["session_key"])}
        reset |= {"access_token": self.mini.token, "sig_method": "hmac_sha256"}
        return {
            "mini: code2Session": session,
            "mini: token": self.client.get("/cgi-bin/token", query_string=query).json,
            "mini: stable token": stable(self.client, self.apps["mini"]),
            "mini: phone number": self.mini.post("/wxa/business/getuserphonenumber", code=phone).json,
            "mini: checksession": self.client.get("/wxa/checksession", query_string=reset).json,
            "mini: resetusersessionkey": self.client.get("/wxa/resetusersessionkey", query_string=reset).json,
            "platform: refusal": login(self.client, self.apps["mini"], js_code="nonsense"),
        }

    def messages(self) -> dict[str, Any]:
        self.mini.sign_in()
        template = {"template_id": "due-soon", "title": "还款提醒", "fields": list(DATA)}
        self.post("/sandbox/api/wechat/templates", template)
        self.post("/sandbox/api/wechat/grants", {"persona": "good", "template_id": "due-soon", "count": 1})
        message = {"touser": self.mini.openid, "template_id": "due-soon", "data": DATA}
        path = {"path": "pages/home/index", "query": "i=1", "expire_type": 1, "expire_interval": 1}
        jump = {"jump_wxa": {"path": "pages/home/index", "query": "i=1"}, "expire_type": 1, "expire_interval": 1}
        return {
            "mini: subscribe send": self.mini.post("/cgi-bin/message/subscribe/send", **message).json,
            "mini: content check": self.mini.check("很好的服务"),
            "mini: url link": self.mini.post("/wxa/generate_urllink", **path).json,
            "mini: scheme": self.mini.post("/wxa/generatescheme", **jump).json,
        }

    # the official account

    def web(self) -> dict[str, Any]:
        asked_for = {"persona": "good", "app": "h5", "scope": "snsapi_userinfo"}
        found = exchange(self.client, self.apps["h5"], self.post("/sandbox/api/wechat/login-codes", asked_for)["code"])
        who = {"access_token": found["access_token"], "openid": found["openid"]}
        again = {"appid": self.apps["h5"]["appid"], "grant_type": "refresh_token"}
        again["refresh_token"] = found["refresh_token"]
        token = stable(self.client, self.apps["h5"])["access_token"]
        ticket = {"access_token": token, "type": "jsapi"}
        return {
            "oa: access token": found,
            "oa: userinfo": self.client.get("/sns/userinfo", query_string=who | {"lang": "zh_CN"}).json,
            "oa: auth": self.client.get("/sns/auth", query_string=who).json,
            "oa: refreshed token": self.client.get("/sns/oauth2/refresh_token", query_string=again).json,
            "oa: ticket": self.client.get("/cgi-bin/ticket/getticket", query_string=ticket).json,
        }


def _signature(session_key: str) -> str:
    return hmac.new(session_key.encode(), b"", hashlib.sha256).hexdigest()


PARTS: list[Callable[[Sandbox], dict[str, Any]]] = [
    Sandbox.orders, Sandbox.refunds, Sandbox.bill, Sandbox.signing_in, Sandbox.messages, Sandbox.web,
]  # fmt: skip


@pytest.fixture
def sandbox_of(client: FlaskClient, world: World, clock: Clock) -> Sandbox:
    return Sandbox(client, world, clock)


@pytest.mark.parametrize("name", SHAPES)
def test_what_was_seen_fits_what_is_documented(name: str) -> None:
    for value in RECORDED[name]:
        assert list(misfits(SHAPES[name], value)) == []


def test_the_sandbox_answers_every_call_as_documented(sandbox_of: Sandbox) -> None:
    answers: dict[str, Any] = {}
    for part in PARTS:
        answers |= part(sandbox_of)
    assert answers.keys() == SHAPES.keys()
    found = {name: list(misfits(SHAPES[name], value)) for name, value in answers.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("name", [name for name, shape in SHAPES.items() if shape])
def test_a_name_too_few_or_too_many_and_another_kind_are_noticed(name: str) -> None:
    value = RECORDED[name][0]
    assert list(misfits(SHAPES[name], value | {"undocumented": 1}))
    assert list(misfits(SHAPES[name], [value]))
    for field in value:
        assert list(misfits(SHAPES[name], value | {field: object()})), field


def test_every_shape_was_seen() -> None:
    assert RECORDED.keys() == SHAPES.keys()
