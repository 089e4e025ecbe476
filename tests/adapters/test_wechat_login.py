"""Sign-in through the running sandbox, with the adapters as they go to production."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.adapters import Channels
from app.adapters.wechat_login import CodeRefused, PhoneNotMainland, RiskyUser, WechatUnavailable
from app.adapters.wechat_login.client import PlatformLogin
from tests.adapters.vendor import Asked, Told, Vendor
from tests.sandbox_process import SandboxProcess

NOW = 1_800_000_000


def code_of(sandbox: SandboxProcess, persona: str, app: str = "mini", **more: Any) -> str:
    return str(sandbox.post("/sandbox/api/wechat/login-codes", {"persona": persona, "app": app, **more})["code"])


def test_mini_program(doors: Channels, sandbox: SandboxProcess) -> None:
    told = sandbox.persona("good")["wechat"]
    found = doors.wechat_login.mini_identity(code_of(sandbox, "good"))
    assert (found.app, found.openid, found.unionid) == ("mini", told["mini_openid"], told["unionid"])
    assert found.appid == sandbox.world["wechat"]["mini"]["appid"] and found.session_key and not found.snapshot
    assert found.openid not in repr(found) and found.session_key not in repr(found)


def test_a_code_works_once(doors: Channels, sandbox: SandboxProcess) -> None:
    code = code_of(sandbox, "good")
    doors.wechat_login.mini_identity(code)
    for refused in (code, "never-issued", code_of(sandbox, "good", "h5")):
        with pytest.raises(CodeRefused):
            doors.wechat_login.mini_identity(refused)


def test_a_blocked_user(doors: Channels, sandbox: SandboxProcess) -> None:
    sandbox.post("/sandbox/api/personas/many_queries", {"wechat": {"high_risk": True}})
    try:
        with pytest.raises(RiskyUser):
            doors.wechat_login.mini_identity(code_of(sandbox, "many_queries"))
    finally:
        sandbox.post("/sandbox/api/personas/many_queries", {"wechat": {"high_risk": False}})


def test_phone_number_under_the_shared_token(doors: Channels, sandbox: SandboxProcess) -> None:
    code = sandbox.post("/sandbox/api/wechat/phone-codes", {"persona": "good"})["code"]
    assert doors.wechat_login.mini_phone(code) == sandbox.persona("good")["person"]["phone"]
    with pytest.raises(CodeRefused):
        doors.wechat_login.mini_phone(code)
    with pytest.raises(CodeRefused):
        doors.wechat_login.mini_phone(code_of(sandbox, "good"))  # a login code is not a phone code


def test_page_in_wechat(doors: Channels, sandbox: SandboxProcess) -> None:
    told = sandbox.persona("good")["wechat"]
    found = doors.wechat_login.h5_identity(code_of(sandbox, "good", "h5", scope="snsapi_userinfo"))
    assert (found.app, found.openid, found.session_key) == ("h5", told["h5_openid"], None)
    with pytest.raises(CodeRefused):
        doors.wechat_login.h5_identity(code_of(sandbox, "good", "mini"))


def test_a_snapshot_user_is_marked(doors: Channels, sandbox: SandboxProcess) -> None:
    code = code_of(sandbox, "good", "h5", scope="snsapi_userinfo", snapshot=True)
    assert doors.wechat_login.h5_identity(code).snapshot


def test_authorize_url_is_accepted_by_the_page(doors: Channels, sandbox: SandboxProcess) -> None:
    back = "https://bank.test/callbacks/wechat/oauth?x=1&y=测"
    url = doors.wechat_login.authorize_url(redirect_uri=back, state="S1", scope="snsapi_base")
    parts = urlsplit(url)
    assert parts.fragment == "wechat_redirect"
    query = parse_qs(parts.query)
    assert list(query) == ["appid", "redirect_uri", "response_type", "scope", "state"]
    assert query["redirect_uri"] == [back]
    plain = doors.wechat_login.authorize_url(
        redirect_uri=f"{sandbox.bank_url}/callbacks/wechat/oauth", state="S1", scope="snsapi_base"
    )
    assert httpx.get(plain.partition("#")[0], trust_env=False).status_code == 200
    for state in ("", "a b", "é", "x" * 129, "a&scope=x"):
        with pytest.raises(ValueError, match="state"):
            doors.wechat_login.authorize_url(redirect_uri=back, state=state, scope="snsapi_base")


def test_page_signature(doors: Channels, sandbox: SandboxProcess) -> None:
    signed = doors.wechat_login.page_signature("https://bank.test/pay?x=1#part")
    assert signed["appId"] == sandbox.world["wechat"]["h5"]["appid"] and len(signed["signature"]) == 40


def scripted(vendor: Vendor, phone: dict[str, Any]) -> PlatformLogin:
    """A WeChat that tells this phone_info."""

    def script(asked: Asked, _: int) -> Told:
        if "stable_token" in asked.target:
            return Told(body=b'{"access_token":"t","expires_in":7200}')
        return Told(body=json.dumps({"errcode": 0, "phone_info": phone}).encode())

    vendor.script = script
    app = {"appid": "wx1", "secret": "s"}
    section = {"base_url": vendor.origin, "authorize_url": "https://x.test/", "mini": app, "h5": app}
    return PlatformLogin(section, wall=lambda: float(NOW))


PHONE = {"purePhoneNumber": "13900000721", "countryCode": "86", "watermark": {"timestamp": NOW, "appid": "wx1"}}


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({}, None),
        ({"countryCode": 86}, None),
        ({"countryCode": "852"}, PhoneNotMainland),
        ({"purePhoneNumber": "85500721"}, PhoneNotMainland),
        ({"purePhoneNumber": "１３９００００0721"}, PhoneNotMainland),
        ({"watermark": {"timestamp": NOW, "appid": "wx2"}}, CodeRefused),
        ({"watermark": {"timestamp": NOW - 301, "appid": "wx1"}}, CodeRefused),
        ({"watermark": None}, WechatUnavailable),
        ({"purePhoneNumber": 13900000721}, WechatUnavailable),
    ],
)
def test_phone_answers(vendor: Vendor, change: dict[str, Any], error: type[Exception] | None) -> None:
    login = scripted(vendor, PHONE | change)
    if error is None:
        assert login.mini_phone("c") == "13900000721"
    else:
        with pytest.raises(error) as refused:
            login.mini_phone("c")
        assert "13900000721" not in str(refused.value)


def test_a_one_time_code_is_not_sent_twice(vendor: Vendor) -> None:
    login = scripted(vendor, {})
    vendor.script = lambda *_: Told(503)
    for exchange in (login.mini_identity, login.h5_identity):
        before = len(vendor.asked)
        with pytest.raises(WechatUnavailable):
            exchange("c")
        assert len(vendor.asked) == before + 1
