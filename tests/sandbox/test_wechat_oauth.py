"""The web authorisation: its page, its code and the tokens of one user."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from sandbox.context import World
from tests.sandbox.conftest import Clock

PAGE = "/connect/oauth2/authorize"


@pytest.fixture
def h5(world: World) -> dict[str, str]:
    return {name: world.keys["wechat"]["h5"][name] for name in ("appid", "secret")}


def asked(world: World, **changes: str) -> str:
    query = {
        "appid": world.keys["wechat"]["h5"]["appid"],
        "redirect_uri": f"{world.bank_url}/wechat/return?from=h5",
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "abc123",
    }
    return f"{PAGE}?{urlencode(query | changes)}"


def exchange(client: FlaskClient, h5: dict[str, str], code: str) -> Any:
    query = h5 | {"code": code, "grant_type": "authorization_code"}
    return client.get("/sns/oauth2/access_token", query_string=query).json


def code_of(location: str) -> str:
    return parse_qs(urlsplit(location).query)["code"][0]


def test_the_first_visit_asks_who_holds_the_phone_and_the_next_is_silent(
    client: FlaskClient, world: World, h5: dict[str, str]
) -> None:
    page = client.get(asked(world))
    assert page.status_code == 200 and "测试林" in page.text
    back = client.post(asked(world), data={"persona": "good"})
    assert back.status_code == 302
    query = parse_qs(urlsplit(back.headers["Location"]).query)
    assert (query["state"], query["from"]) == (["abc123"], ["h5"])
    answer = exchange(client, h5, query["code"][0])
    assert answer["openid"] == client.get("/sandbox/api/personas/good").json["wechat"]["h5_openid"]
    assert (answer["scope"], answer["expires_in"], "unionid" in answer) == ("snsapi_base", 7200, False)
    silent = client.get(asked(world))
    assert silent.status_code == 302
    assert exchange(client, h5, code_of(silent.headers["Location"]))["openid"] == answer["openid"]


def test_userinfo_always_asks_and_then_names_the_user(client: FlaskClient, world: World, h5: dict[str, str]) -> None:
    client.post(asked(world), data={"persona": "good"})
    wanted = asked(world, scope="snsapi_userinfo")
    assert client.get(wanted).status_code == 200
    answer = exchange(client, h5, code_of(client.post(wanted, data={"persona": "good"}).headers["Location"]))
    persona = client.get("/sandbox/api/personas/good").json["wechat"]
    assert answer["unionid"] == persona["unionid"]
    query = {"access_token": answer["access_token"], "openid": answer["openid"]}
    assert client.get("/sns/userinfo", query_string=query).json["nickname"] == persona["nickname"]
    assert client.get("/sns/auth", query_string=query).json["errcode"] == 0
    assert client.get("/sns/auth", query_string=query | {"openid": "x"}).json["errcode"] == 40003


def test_a_snapshot_user_is_virtual_and_different_each_time(
    client: FlaskClient, world: World, h5: dict[str, str]
) -> None:
    form = {"persona": "good", "snapshot": "yes"}
    answers = [exchange(client, h5, code_of(client.post(asked(world), data=form).location)) for _ in range(2)]
    assert [answer["is_snapshotuser"] for answer in answers] == [1, 1]
    real = client.get("/sandbox/api/personas/good").json["wechat"]["h5_openid"]
    assert len({answers[0]["openid"], answers[1]["openid"], real}) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"appid": "wx0000000000000000"}, {"redirect_uri": "https://evil.example/"}, {"scope": "snsapi_login"},
        {"redirect_uri": "http://elsewhere.test/"}, {"state": "a b"}, {"state": "x" * 129}, {"response_type": "token"},
    ],
)  # fmt: skip
def test_the_page_refuses_what_the_real_one_refuses(client: FlaskClient, world: World, changes: dict[str, str]) -> None:
    assert client.get(asked(world, **changes)).status_code == 400
    assert client.post(asked(world, **changes), data={"persona": "good"}).status_code == 400


def test_the_page_wants_its_parameters_in_the_documented_order(client: FlaskClient, world: World) -> None:
    head, query = asked(world).split("?")
    turned = "&".join(reversed(query.split("&")))
    assert client.get(f"{head}?{turned}").status_code == 400


def test_the_code_and_the_tokens_end(client: FlaskClient, world: World, h5: dict[str, str], clock: Clock) -> None:
    code = client.post("/sandbox/api/wechat/login-codes", json={"persona": "good", "app": "h5"}).json["code"]
    answer = exchange(client, h5, code)
    assert exchange(client, h5, code)["errcode"] == 40163
    assert exchange(client, h5, "nonsense")["errcode"] == 40029
    user = {"access_token": answer["access_token"], "openid": answer["openid"]}
    assert client.get("/sns/userinfo", query_string=user).json["errcode"] == 48001
    clock.advance(7200)
    assert client.get("/sns/auth", query_string=user).json["errcode"] == 42001
    renew = {"appid": h5["appid"], "grant_type": "refresh_token", "refresh_token": answer["refresh_token"]}
    renewed = client.get("/sns/oauth2/refresh_token", query_string=renew).json
    assert renewed["openid"] == answer["openid"] and renewed["access_token"] != answer["access_token"]
    clock.advance(30 * 86400)
    assert client.get("/sns/oauth2/refresh_token", query_string=renew).json["errcode"] == 42002
    assert client.get("/sns/oauth2/refresh_token", query_string=renew | {"refresh_token": "x"}).json["errcode"] == 40030
