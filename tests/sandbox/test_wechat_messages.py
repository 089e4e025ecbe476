"""Subscribe messages, content check, links and codes into the mini-program."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.context import World
from tests.sandbox.conftest import Clock

DATA = {"thing1": {"value": "本期应还"}, "amount2": {"value": "856.06元"}, "date3": {"value": "2026年12月15日"}}


class Mini:
    """The bank's server talking to the platform API with its token."""

    def __init__(self, client: FlaskClient, world: World) -> None:
        self.client = client
        app = world.keys["wechat"]["mini"]
        body = {"grant_type": "client_credential", "appid": app["appid"], "secret": app["secret"]}
        self.app = app
        self.token = client.post("/cgi-bin/stable_token", json=body).json["access_token"]
        self.openid = world.store.get("persona", "good")["wechat"]["mini_openid"]  # type: ignore[index]

    def post(self, path: str, /, **body: Any) -> Any:
        return self.client.post(path, query_string={"access_token": self.token}, json=body)

    def send(self, **changes: Any) -> int:
        message = {"touser": self.openid, "template_id": "due-soon", "page": "pages/loan/index?id=1", "data": DATA}
        return int(self.post("/cgi-bin/message/subscribe/send", **(message | changes)).json["errcode"])

    def check(self, content: str, **changes: Any) -> Any:
        body = {"version": 2, "openid": self.openid, "scene": 2, "content": content} | changes
        return self.post("/wxa/msg_sec_check", **body).json

    def sign_in(self) -> None:
        code = self.client.post("/sandbox/api/wechat/login-codes", json={"persona": "good", "app": "mini"}).json["code"]
        query = {"appid": self.app["appid"], "secret": self.app["secret"], "js_code": code}
        self.client.get("/sns/jscode2session", query_string=query | {"grant_type": "authorization_code"})


@pytest.fixture
def mini(client: FlaskClient, world: World) -> Mini:
    template = {"template_id": "due-soon", "title": "还款提醒", "fields": list(DATA)}
    assert client.post("/sandbox/api/wechat/templates", json=template).status_code == 200
    return Mini(client, world)


def test_each_grant_is_worth_one_message(mini: Mini) -> None:
    assert mini.send() == 43101
    grant = {"persona": "good", "template_id": "due-soon", "count": 2}
    assert mini.client.post("/sandbox/api/wechat/grants", json=grant).json == {"left": 2}
    assert [mini.send() for _ in range(3)] == [0, 0, 43101]
    kept = mini.client.get("/sandbox/api/wechat/messages?persona=good").json["messages"]
    assert len(kept) == 2 and kept[0]["data"]["thing1"] == "本期应还"


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"touser": "unknown"}, 40003), ({"template_id": "unknown"}, 40037), ({"page": "/pages/x"}, 41030),
        ({"data": DATA | {"thing1": {"value": "长" * 21}}}, 47003), ({"data": DATA | {"thing1": {"value": ""}}}, 47003),
        ({"data": {}}, 47003), ({"data": DATA | {"amount2": {"value": "$12345678901"}}}, 47003),
        ({"data": DATA | {"date3": {"value": "2026-12-15"}}}, 47003), ({"data": "x"}, 47001),
    ],
)  # fmt: skip
def test_a_wrong_message_is_refused_and_costs_no_grant(mini: Mini, changes: dict[str, Any], errcode: int) -> None:
    mini.client.post("/sandbox/api/wechat/grants", json={"persona": "good", "template_id": "due-soon"})
    assert mini.send(**changes) == errcode
    assert mini.send() == 0


def test_texts_are_judged_by_suggest_and_only_for_recent_visitors(mini: Mini, world: World) -> None:
    assert mini.check("你好")["errcode"] == 61010
    mini.sign_in()
    good = mini.check("你好")
    assert (good["errcode"], good["result"]) == (0, {"suggest": "pass", "label": 100})
    assert mini.check("这是测试违规内容")["result"]["suggest"] == "risky"
    assert mini.check("正文", title="测试疑似")["result"]["suggest"] == "review"
    assert mini.check("你好", scene=5)["errcode"] == 40129
    assert mini.check("长" * 2501)["errcode"] == 47001
    h5_openid = world.store.get("persona", "good")["wechat"]["h5_openid"]  # type: ignore[index]
    assert mini.check("你好", openid=h5_openid)["errcode"] == 43104


def test_links_open_a_page_until_they_expire(mini: Mini, clock: Clock, world: World) -> None:
    body = {"path": "pages/sign/index", "query": "s=abc", "expire_type": 1, "expire_interval": 1}
    link = mini.post("/wxa/generate_urllink", **body).json["url_link"].removeprefix(world.base_url)
    assert "pages/sign/index" in mini.client.get(link).text
    clock.advance(86401)
    assert "链接已失效" in mini.client.get(link).text
    assert mini.client.get("/wxaurl/unknown").status_code == 404
    mini = Mini(mini.client, world)  # the token ended with the day
    assert mini.post("/wxa/generate_urllink", **(body | {"expire_interval": 31})).json["errcode"] == 47001
    assert mini.post("/wxa/generate_urllink", **(body | {"path": "/pages/x"})).json["errcode"] == 40165
    assert mini.post("/wxa/generate_urllink", **(body | {"query": "中文"})).json["errcode"] == 40212
    scheme = mini.post("/wxa/generatescheme", jump_wxa={"path": "pages/x", "query": ""}, expire_type=1).json
    assert scheme["openlink"].startswith("weixin://dl/business/?t=")


def test_the_code_is_an_image_and_its_failure_is_json(mini: Mini) -> None:
    image = mini.post("/wxa/getwxacodeunlimit", scene="i=8f3k", page="pages/sign/index")
    assert image.mimetype == "image/png" and image.data.startswith(b"\x89PNG")
    assert mini.post("/wxa/getwxacodeunlimit", scene="中文").json["errcode"] == 40129
    assert mini.post("/wxa/getwxacodeunlimit", scene="x" * 33).json["errcode"] == 40129
    assert mini.post("/wxa/getwxacodeunlimit", scene="x", page="/pages/x").json["errcode"] == 41030
