"""Pushes as WeChat makes them: signed and encrypted, three attempts, copies on demand; and the desk that shows them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException

from sandbox import world as world_file
from sandbox.app import create_app
from sandbox.context import World
from sandbox.wechat import pushes
from tests.adapters.vendor import Asked, Told, Vendor
from tests.sandbox.conftest import Clock


@pytest.fixture
def bank() -> Iterator[Vendor]:
    started = Vendor()
    started.script = lambda asked, number: Told(200, b"success")
    yield started
    started.stop()


@pytest.fixture
def world(keys: dict[str, Any], tmp_path: Any, clock: Clock, bank: Vendor) -> Iterator[World]:
    app = create_app(keys, tmp_path, bank_url=bank.origin, clock=clock)
    made: World = app.extensions["sandbox"]
    made.keys["app"] = app
    yield made
    made.keys.pop("app")
    made.store.close()


@pytest.fixture
def client(world: World) -> FlaskClient:
    found: FlaskClient = world.keys["app"].test_client()
    return found


def template_id(world: World) -> str:
    return str(world.keys["wechat"]["mini"]["templates"]["paid"]["id"])


def allow(client: FlaskClient, world: World) -> None:
    client.post("/sandbox/api/wechat/grants", json={"persona": "good", "template_id": template_id(world)})
    world.timers.run_due(world)


def opened(world: World, asked: Asked) -> dict[str, Any]:
    """What the bank reads, with wechatpy."""
    app = world.keys["wechat"]["mini"]
    query = dict(pair.split("=", 1) for pair in asked.target.partition("?")[2].split("&"))
    crypto = WeChatCrypto(app["message_token"], app["encoding_aes_key"], app["appid"])
    args = (query["msg_signature"], query["timestamp"], query["nonce"])
    found: dict[str, Any] = json.loads(crypto.decrypt_message(json.loads(asked.body), *args))
    return found


def test_a_tap_is_pushed_signed_and_encrypted(client: FlaskClient, world: World, bank: Vendor) -> None:
    allow(client, world)
    told = opened(world, bank.asked[0])
    assert bank.asked[0].target.startswith("/callbacks/wechat/messages?")
    assert (told["Event"], told["List"][0]["SubscribeStatusString"]) == ("subscribe_msg_popup_event", "accept")
    assert client.get("/sandbox/api/wechat/pushes").json["pushes"][0]["state"] == "delivered"


def test_three_attempts_and_no_more(client: FlaskClient, world: World, bank: Vendor, clock: Clock) -> None:
    bank.script = lambda asked, number: Told(500)
    allow(client, world)
    for _ in range(5):
        clock.advance(pushes.GAP_SECONDS + 1)
        world.timers.run_due(world)
    kept = client.get("/sandbox/api/wechat/pushes").json["pushes"][0]
    assert (len(bank.asked), kept["state"]) == (3, "gave_up")


def test_a_message_is_told_with_its_number(client: FlaskClient, world: World, bank: Vendor) -> None:
    allow(client, world)
    app = world.keys["wechat"]["mini"]
    body = {"grant_type": "client_credential", "appid": app["appid"], "secret": app["secret"]}
    token = client.post("/cgi-bin/stable_token", json=body).json["access_token"]
    openid = world.store.get("persona", "good")["wechat"]["mini_openid"]  # type: ignore[index]
    data = {"amount1": {"value": "1.00元"}, "thing2": {"value": "好"}}
    message = {"touser": openid, "template_id": template_id(world), "data": data}
    query = {"access_token": token}
    sent = client.post("/cgi-bin/message/subscribe/send", query_string=query, json=message).json
    world.timers.run_due(world)
    told = opened(world, bank.asked[-1])
    assert (told["Event"], told["List"][0]["MsgID"]) == ("subscribe_msg_sent_event", str(sent["msgid"]))


def test_copies_and_twists_on_demand(client: FlaskClient, world: World, bank: Vendor) -> None:
    allow(client, world)
    number = client.get("/sandbox/api/wechat/pushes").json["pushes"][0]["id"]
    path = f"/sandbox/api/wechat/pushes/{number}/resend"
    assert client.post(path, json={"copies": 3}).status_code == 200
    world.timers.run_due(world)
    assert len(bank.asked) == 4
    assert client.post(path, json={"twist": {"flip_byte": True}}).status_code == 200
    world.timers.run_due(world)
    with pytest.raises(InvalidSignatureException):
        opened(world, bank.asked[-1])
    assert client.post(path, json={"twist": {"unheard": 1}}).status_code == 422
    assert client.post(path, json={"copies": 101}).status_code == 422
    assert client.post("/sandbox/api/wechat/pushes/none/resend", json={}).status_code == 404


def test_xml_in_plain_mode_and_lost(client: FlaskClient, world: World, bank: Vendor) -> None:
    settings = {"format": "xml", "mode": "plain"}
    assert client.post("/sandbox/api/wechat/push-settings", json=settings).json["mode"] == "plain"
    allow(client, world)
    assert b"<SubscribeMsgPopupEvent><List><TemplateId>" in bank.asked[0].body
    client.post("/sandbox/api/wechat/push-settings", json={"pushes": "lost"})
    allow(client, world)
    assert len(bank.asked) == 1
    assert client.post("/sandbox/api/wechat/push-settings", json={"mode": "open"}).status_code == 422


def test_the_desk_shows_messages_and_lets_a_person_act(client: FlaskClient, world: World, bank: Vendor) -> None:
    form = {"persona": "good", "template_id": template_id(world), "how": "allow"}
    assert client.post("/desk/do/messages/subscriptions", data=form).status_code == 303
    assert client.post("/desk/do/messages/subscriptions", data=form | {"how": "settings"}).status_code == 303
    assert client.post("/desk/do/messages/subscriptions", data=form | {"template_id": "x"}).status_code == 404
    world.timers.run_due(world)
    page = client.get("/desk/messages").text
    assert "subscribe_msg_change_event" in page and "还款成功通知" in page
    number = world.store.all(pushes.KIND)[0]["id"]
    assert client.post(f"/desk/do/messages/pushes/{number}", data={"copies": "2"}).status_code == 303
    assert client.get("/").status_code == 200
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/desk/do/messages/subscriptions", data=form, headers=foreign).status_code == 403


def test_worlds_made_before_templates_get_them(tmp_path: Any, keys: dict[str, Any]) -> None:
    path = tmp_path / "world.json"
    old = {name: value for name, value in keys.items() if name != "app"}
    old["wechat"] = {**old["wechat"], "mini": {**old["wechat"]["mini"]}}
    old["wechat"]["mini"].pop("templates")
    path.write_text(json.dumps(old))
    made = world_file.create(path, base_url="http://a", bank_url="http://b")
    assert set(made["wechat"]["mini"]["templates"]) >= {"due_soon", "paid"}
    assert made["wechat"]["mini"]["appid"] == keys["wechat"]["mini"]["appid"]
