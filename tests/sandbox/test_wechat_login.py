"""Mini-program sign-in, tokens and the phone number, refused where WeChat refuses."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.context import World
from tests.sandbox.conftest import Clock


@pytest.fixture
def mini(world: World) -> dict[str, str]:
    return {name: world.keys["wechat"]["mini"][name] for name in ("appid", "secret")}


def code(client: FlaskClient, persona: str = "good", app: str = "mini") -> str:
    return str(client.post("/sandbox/api/wechat/login-codes", json={"persona": persona, "app": app}).json["code"])


def login(client: FlaskClient, mini: dict[str, str], **changes: str) -> dict[str, Any]:
    query = mini | {"grant_type": "authorization_code"} | changes
    answer = client.get("/sns/jscode2session", query_string=query)
    assert answer.status_code == 200
    return dict(answer.json)


def stable(client: FlaskClient, app: dict[str, str], **more: Any) -> dict[str, Any]:
    body = app | {"grant_type": "client_credential"} | more
    return dict(client.post("/cgi-bin/stable_token", json=body).json)


def business(client: FlaskClient, token: str, path: str = "/wxa/business/getuserphonenumber", **body: Any) -> Any:
    return client.post(path, query_string={"access_token": token}, json=body).json


def test_a_login_answers_the_personas_identity_without_errcode(client: FlaskClient, mini: dict[str, str]) -> None:
    answer = login(client, mini, js_code=code(client))
    persona = client.get("/sandbox/api/personas/good").json["wechat"]
    assert (answer["openid"], answer["unionid"]) == (persona["mini_openid"], persona["unionid"])
    assert set(answer) == {"openid", "unionid", "session_key"}


def test_a_code_serves_once_for_five_minutes_and_one_app(
    client: FlaskClient, mini: dict[str, str], clock: Clock
) -> None:
    used = code(client)
    login(client, mini, js_code=used)
    assert login(client, mini, js_code=used)["errcode"] == 40163
    stale = code(client)
    clock.advance(300)
    assert login(client, mini, js_code=stale)["errcode"] == 40029
    assert login(client, mini, js_code=code(client, app="h5"))["errcode"] == 40029
    phone = client.post("/sandbox/api/wechat/phone-codes", json={"persona": "good"}).json["code"]
    assert login(client, mini, js_code=phone)["errcode"] == 40029
    assert "rid: " in login(client, mini, js_code="nonsense")["errmsg"]


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"appid": "wx0000000000000000"}, 40013), ({"secret": "0" * 32}, 40125), ({"appid": ""}, 41002),
        ({"secret": ""}, 41004), ({"js_code": ""}, 41008), ({"grant_type": "client_credential"}, 40002),
    ],
)  # fmt: skip
def test_wrong_credentials_have_their_own_codes(
    client: FlaskClient, mini: dict[str, str], changes: dict[str, str], errcode: int
) -> None:
    assert login(client, mini, **({"js_code": "x"} | changes))["errcode"] == errcode


def test_a_high_risk_user_and_a_hundred_logins_a_minute_are_stopped(client: FlaskClient, mini: dict[str, str]) -> None:
    client.post("/sandbox/api/personas/thin_file", json={"wechat": {"high_risk": True}})
    assert login(client, mini, js_code=code(client, "thin_file"))["errcode"] == 40226
    answers = [login(client, mini, js_code=code(client)) for _ in range(101)]
    assert [answer.get("errcode") for answer in answers].count(45011) == 1
    assert "openid" in answers[0]


def test_only_the_last_session_key_is_valid(client: FlaskClient, mini: dict[str, str]) -> None:
    token = stable(client, mini)["access_token"]

    def check(key: str, openid: str) -> int:
        signature = hmac.new(key.encode(), b"", hashlib.sha256).hexdigest()
        query = {"access_token": token, "openid": openid, "signature": signature, "sig_method": "hmac_sha256"}
        return int(client.get("/wxa/checksession", query_string=query).json["errcode"])

    first, second = (login(client, mini, js_code=code(client)) for _ in range(2))
    assert check(second["session_key"], second["openid"]) == 0
    assert check(first["session_key"], first["openid"]) == 87009
    assert check(second["session_key"], "nobody") == 40003


def test_the_phone_number_comes_by_its_own_code_once(client: FlaskClient, mini: dict[str, str], clock: Clock) -> None:
    token = stable(client, mini)["access_token"]
    phone_code = client.post("/sandbox/api/wechat/phone-codes", json={"persona": "good"}).json["code"]
    answer = business(client, token, code=phone_code)
    assert answer["phone_info"]["purePhoneNumber"] == client.get("/sandbox/api/personas/good").json["person"]["phone"]
    assert answer["phone_info"]["watermark"] == {"timestamp": int(clock().timestamp()), "appid": mini["appid"]}
    assert business(client, token, code=phone_code)["errcode"] == 40029
    assert business(client, token, code=code(client))["errcode"] == 40029


def test_the_token_belongs_in_the_query(client: FlaskClient, mini: dict[str, str], world: World) -> None:
    token = stable(client, mini)["access_token"]
    assert client.post("/wxa/business/getuserphonenumber", json={"code": "x"}).json["errcode"] == 41001
    assert business(client, token, access_token=token, code="x")["errcode"] == 47001
    assert business(client, "nonsense", code="x")["errcode"] == 40001
    h5 = {name: world.keys["wechat"]["h5"][name] for name in ("appid", "secret")}
    assert business(client, stable(client, h5)["access_token"], code="x")["errcode"] == 48001


def test_the_stable_token_stays_until_its_last_five_minutes(
    client: FlaskClient, mini: dict[str, str], clock: Clock
) -> None:
    first = stable(client, mini)
    clock.advance(6899)
    assert stable(client, mini) == first | {"expires_in": 301}
    clock.advance(1)
    second = stable(client, mini)
    assert second["access_token"] != first["access_token"] and second["expires_in"] == 7200
    for token in (first, second):  # both work in the overlap
        assert business(client, token["access_token"], code="x")["errcode"] == 40029
    clock.advance(300)
    assert business(client, first["access_token"], code="x")["errcode"] == 42001


def test_force_kills_the_old_token_and_is_rationed(client: FlaskClient, mini: dict[str, str], clock: Clock) -> None:
    first = stable(client, mini)["access_token"]
    forced = stable(client, mini, force_refresh=True)["access_token"]
    assert business(client, first, code="x")["errcode"] == 40001
    assert business(client, forced, code="x")["errcode"] == 40029
    assert stable(client, mini, force_refresh=True)["errcode"] == 45011
    for _ in range(19):
        clock.advance(30)
        assert "access_token" in stable(client, mini, force_refresh=True)
    clock.advance(30)
    assert stable(client, mini, force_refresh=True)["errcode"] == 45009


def test_the_two_token_families_do_not_touch_each_other(
    client: FlaskClient, mini: dict[str, str], clock: Clock
) -> None:
    kept = stable(client, mini)["access_token"]
    query = mini | {"grant_type": "client_credential"}
    first, second = (client.get("/cgi-bin/token", query_string=query).json["access_token"] for _ in range(2))
    for token in (kept, first, second):
        assert business(client, token, code="x")["errcode"] == 40029
    clock.advance(300)
    assert business(client, first, code="x")["errcode"] == 40001
    for token in (kept, second):
        assert business(client, token, code="x")["errcode"] == 40029
    assert stable(client, mini)["access_token"] == kept


def test_token_errors(client: FlaskClient, mini: dict[str, str]) -> None:
    assert client.get("/cgi-bin/stable_token").json["errcode"] == 43002
    assert client.post("/cgi-bin/stable_token", data="x").json["errcode"] == 47001
    assert stable(client, mini, grant_type="x")["errcode"] == 40002
    assert stable(client, mini | {"secret": "x"})["errcode"] == 40125
    assert client.get("/cgi-bin/token", query_string=mini).json["errcode"] == 40002


def test_the_ticket_is_kept_for_two_hours(client: FlaskClient, world: World, clock: Clock) -> None:
    h5 = {name: world.keys["wechat"]["h5"][name] for name in ("appid", "secret")}

    def ticket() -> Any:
        query = {"access_token": stable(client, h5)["access_token"], "type": "jsapi"}
        return client.get("/cgi-bin/ticket/getticket", query_string=query).json

    first = ticket()
    clock.advance(60)
    assert ticket() == first | {"expires_in": 7140}
    clock.advance(7200)
    assert ticket()["ticket"] != first["ticket"]
