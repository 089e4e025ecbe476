"""WeChat sign-in of the mini-program and of pages inside WeChat, and the codes that lead into the mini-program."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

from wechatpy.client.api import WeChatJSAPI

from app.adapters.answers import AnswerMalformed, Fields
from app.adapters.outbound import Limits, Outbound
from app.adapters.wechat_login import (
    App,
    CodeRefused,
    PhoneNotMainland,
    Scope,
    WechatIdentity,
    WechatUnavailable,
)
from app.adapters.wechat_login.platform import IMAGE, Platform, PlatformRefused, busy, usable_s
from app.kernel.shared_tokens import Fresh, Shared

T = TypeVar("T")
MAINLAND_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
STATE = re.compile(r"[0-9A-Za-z]{1,128}", re.ASCII)
WATERMARK_S = 300
CODE_PX = 430
LIMITS = Limits(call_s=10.0, first_pause_s=0.2)


class PlatformLogin:
    """The `WechatLogin` protocol over the platform API."""

    def __init__(self, section: Mapping[str, Any], *, wall: Callable[[], float] = time.time) -> None:
        outbound = Outbound("wechat_login", section["base_url"], limits=LIMITS, unwell=busy)
        self._mini = Platform(outbound, **section["mini"], wall=wall)
        self._h5 = Platform(outbound, **section["h5"], wall=wall)
        self._authorize_url: str = section["authorize_url"]
        self._wall = wall
        self._ticket = Shared(f"wechat_ticket:{self._h5.appid}", self._fetch_ticket)

    @property
    def mini_program(self) -> Platform:
        """The mini-program's way to the platform API, for the other channels that use it: one token, one breaker."""
        return self._mini

    def mini_identity(self, code: str) -> WechatIdentity:
        """GET /sns/jscode2session; see the protocol."""
        query = {
            "appid": self._mini.appid,
            "secret": self._mini.secret,
            "js_code": code,
            "grant_type": "authorization_code",
        }
        fields = self._mini.get("code_to_session", "/sns/jscode2session", query, idempotent=False)
        return _read(lambda: _identity("mini", self._mini.appid, fields, fields.text("session_key")))

    def mini_phone(self, code: str) -> str:
        """POST /wxa/business/getuserphonenumber; see the protocol."""
        path = "/wxa/business/getuserphonenumber"
        fields = self._mini.with_token("phone_number", path, body={"code": code}, idempotent=False)
        return _read(lambda: self._phone(fields.inner("phone_info")))

    def mini_program_code(self, *, scene: str, page: str) -> bytes:
        """POST /wxa/getwxacodeunlimit; see the protocol. Unchecked pages also open in versions not yet released."""
        body = {"scene": scene, "page": page, "check_path": False, "width": CODE_PX}
        try:
            fields = self._mini.with_token("mini_program_code", "/wxa/getwxacodeunlimit", body=body, idempotent=True)
        except (CodeRefused, PlatformRefused):
            raise WechatUnavailable("WeChat makes no code of this.") from None
        return _read(lambda: _image(fields))

    def authorize_url(self, *, redirect_uri: str, state: str, scope: Scope) -> str:
        """The page, with its parameters in the one order that WeChat accepts; see the protocol."""
        if not STATE.fullmatch(state):
            raise ValueError("state is 1 to 128 letters and digits")
        return (
            f"{self._authorize_url}?appid={self._h5.appid}&redirect_uri={quote(redirect_uri, safe='')}"
            f"&response_type=code&scope={scope}&state={state}#wechat_redirect"
        )

    def h5_identity(self, code: str) -> WechatIdentity:
        """GET /sns/oauth2/access_token; see the protocol. The user's own tokens are not kept: we need none."""
        query = {
            "appid": self._h5.appid,
            "secret": self._h5.secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        fields = self._h5.get("oauth_code", "/sns/oauth2/access_token", query, idempotent=False)
        return _read(lambda: _identity("h5", self._h5.appid, fields, None))

    def page_signature(self, url: str) -> dict[str, str]:
        """sha1 over ticket, nonce, time and the page without its fragment; see the protocol."""
        nonce, timestamp = secrets.token_hex(8), str(int(self._wall()))
        signed = sign_page(self._ticket.value(), nonce, timestamp, url.partition("#")[0])
        return {"appId": self._h5.appid, "timestamp": timestamp, "nonceStr": nonce, "signature": signed}

    def _fetch_ticket(self) -> Fresh:
        fields = self._h5.with_token("ticket", "/cgi-bin/ticket/getticket", query={"type": "jsapi"}, idempotent=True)
        return _read(lambda: Fresh(fields.text("ticket"), usable_s(fields.whole("expires_in"))))

    def _phone(self, told: Fields) -> str:
        watermark = told.inner("watermark")
        fresh = abs(self._wall() - watermark.whole("timestamp")) <= WATERMARK_S
        if watermark.text("appid") != self._mini.appid or not fresh:
            raise CodeRefused("This phone number was given to another app or too long ago.")
        number = told.text("purePhoneNumber")
        # documented as a number, sent as text
        if str(told.values.get("countryCode")) != "86" or not MAINLAND_MOBILE.fullmatch(number):
            raise PhoneNotMainland("Only mainland mobile numbers can be used.")
        return number


def sign_page(ticket: str, nonce: str, timestamp: str, url: str) -> str:
    """The JS-SDK signature (official account documentation, appendix 1)."""
    signed: str = WeChatJSAPI(None).get_jsapi_signature(nonce, ticket, timestamp, url)
    return signed


def _identity(app: App, appid: str, fields: Fields, session_key: str | None) -> WechatIdentity:
    return WechatIdentity(
        app=app,
        appid=appid,
        openid=fields.text("openid"),
        unionid=fields.maybe_text("unionid"),
        session_key=session_key,
        snapshot=fields.values.get("is_snapshotuser") in (1, "1"),
    )


def _image(fields: Fields) -> bytes:
    found = fields.values.get(IMAGE)
    if not isinstance(found, bytes):
        raise AnswerMalformed(IMAGE)
    return found


def _read(read: Callable[[], T]) -> T:
    try:
        return read()
    except AnswerMalformed:
        raise WechatUnavailable("WeChat's answer lacks what was agreed.") from None
