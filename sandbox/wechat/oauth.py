"""Web authorisation of the official account: the page in WeChat's browser and the exchange of its code."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox import personas
from sandbox.context import World, current
from sandbox.hosts import is_loopback, same_host
from sandbox.personas import Persona
from sandbox.wechat import codes
from sandbox.wechat.answers import Refused, answer, done
from sandbox.wechat.apps import check_credentials

ACCESS = "wechat.user_token"
REFRESH = "wechat.refresh_token"
ACCESS_SECONDS = 7200
REFRESH_SECONDS = 30 * 86400
PHONE_COOKIE = "sandbox_phone"
SCOPES = ("snsapi_base", "snsapi_userinfo")
_ORDER = ["appid", "redirect_uri", "response_type", "scope", "state", "forcePopup", "forceSnapShot"]

blueprint = Blueprint("wechat_oauth", __name__)


class PageRefused(Exception):
    """The authorisation page shows this error instead of asking the user."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@blueprint.get("/connect/oauth2/authorize")
def authorize() -> AnyResponse:
    """Silent for snsapi_base once the phone has a user; a consent page for snsapi_userinfo."""
    world = current()
    _check_page_request(world)
    persona = personas.get(world.store, request.cookies.get(PHONE_COOKIE, ""))
    if persona is not None and request.args["scope"] == "snsapi_base":
        return _back(world, persona, snapshot=False)
    page = render_template("oauth.html", personas=personas.everybody(world.store), persona=persona, ask=request.args)
    return make_response(page)


@blueprint.post("/connect/oauth2/authorize")
def allow() -> AnyResponse:
    """The user on this phone chose who they are and allowed; the query is that of the page."""
    world = current()
    _check_page_request(world)
    persona = personas.get(world.store, request.form.get("persona", ""))
    if persona is None:
        raise PageRefused(10000, "没有这个用户")
    response = _back(world, persona, snapshot=request.form.get("snapshot") == "yes")
    response.set_cookie(PHONE_COOKIE, persona["code"], httponly=True, samesite="Lax")
    return response


@blueprint.errorhandler(PageRefused)
def page_refused(refused: PageRefused) -> tuple[str, int]:
    """The error page of the authorisation."""
    return render_template("oauth_refused.html", refused=refused), 400


@blueprint.get("/sns/oauth2/access_token")
def exchange() -> Response:
    """code → access_token of this user, openid, refresh_token; 40163 for a used code, 40029 for any other bad one."""
    world = current()
    if check_credentials(world, request.args.get("appid"), request.args.get("secret")) != "h5":
        raise Refused(40013)
    if request.args.get("grant_type") != "authorization_code":
        raise Refused(40002)
    if not request.args.get("code"):
        raise Refused(41008)
    issued = codes.redeem(world, request.args["code"], codes.OAUTH, request.args["appid"])
    persona = personas.get(world.store, issued["persona"])
    if persona is None:
        raise Refused(40029)
    return answer(_grant(world, persona, issued["scope"], snapshot=bool(issued.get("snapshot"))))


@blueprint.get("/sns/oauth2/refresh_token")
def refresh() -> Response:
    """A new access_token for 30 days after the authorisation; 40030 unknown, 42002 expired."""
    world = current()
    if request.args.get("grant_type") != "refresh_token":
        raise Refused(40002)
    known = world.store.get(REFRESH, request.args.get("refresh_token", ""))
    if known is None or known["appid"] != request.args.get("appid"):
        raise Refused(40030)
    if known["expires_at"] <= world.seconds():
        raise Refused(42002)
    token = _new_access_token(world, known["openid"], known["persona"], known["scope"])
    return answer(_token_answer(token, request.args["refresh_token"], known["openid"], known["scope"]))


@blueprint.get("/sns/userinfo")
def user_info() -> Response:
    """Nickname, picture and unionid of a user who consented; sex and region stay empty since 2021."""
    world = current()
    token = _user_token(world)
    if token["scope"] != "snsapi_userinfo":
        raise Refused(48001)
    persona = personas.get(world.store, token["persona"])
    if persona is None:
        raise Refused(40003)
    profile = {"openid": token["openid"], "nickname": persona["wechat"]["nickname"], "sex": 0, "language": ""}
    region = {"city": "", "province": "", "country": "", "headimgurl": "", "privilege": []}
    return answer(profile | region | {"unionid": persona["wechat"]["unionid"]})


@blueprint.get("/sns/auth")
def check() -> Response:
    """Is this user token valid?"""
    _user_token(current())
    return done()


def _check_page_request(world: World) -> None:
    """The rules of the real page: parameters in the documented order, known appid, configured domain, scope, state."""
    names = [name for name, _ in parse_qsl(request.query_string.decode(), keep_blank_values=True)]
    if names != [name for name in _ORDER if name in names] or not {"redirect_uri", "scope"} <= set(names):
        raise PageRefused(10000, "链接参数不完整，或顺序不对")
    if request.args.get("appid") != world.keys["wechat"]["h5"]["appid"]:
        raise PageRefused(10012, "appid 不正确")
    if request.args.get("response_type") != "code":
        raise PageRefused(10000, "response_type 必须是 code")
    if request.args["scope"] not in SCOPES:
        raise PageRefused(10005, "该公众号没有这个 scope 的权限")
    if not re.fullmatch(r"[a-zA-Z0-9]{0,128}", request.args.get("state", "")):
        raise PageRefused(10000, "state 只能是 128 个以内的字母和数字")
    if not _domain_configured(world, request.args["redirect_uri"]):
        raise PageRefused(10003, "redirect_uri 域名与后台配置不一致")


def _domain_configured(world: World, redirect_uri: str) -> bool:
    """The full domain is compared, without port; plain http is let through for loopback only."""
    scheme = urlsplit(redirect_uri).scheme
    if scheme != "https" and not (scheme == "http" and is_loopback(redirect_uri)):
        return False
    return same_host(redirect_uri, world.bank_url)


def _back(world: World, persona: Persona, *, snapshot: bool) -> AnyResponse:
    appid, scope = request.args["appid"], request.args["scope"]
    code = codes.issue(world, codes.OAUTH, persona["code"], appid, scope=scope, snapshot=snapshot)
    target = request.args["redirect_uri"].split("#")[0]
    joint = "&" if urlsplit(target).query else "?"
    return redirect(target + joint + urlencode({"code": code, "state": request.args.get("state", "")}))


def _grant(world: World, persona: Persona, scope: str, *, snapshot: bool) -> dict[str, Any]:
    """Tokens for the user; in snapshot mode for a virtual user that nothing may be bound to."""
    openid = f"o{secrets.token_hex(14)[:27]}" if snapshot else persona["wechat"]["h5_openid"]
    token = _new_access_token(world, openid, persona["code"], scope)
    refresh_token = secrets.token_urlsafe(64)
    world.store.put(
        REFRESH,
        refresh_token,
        {
            "appid": request.args["appid"],
            "openid": openid,
            "persona": persona["code"],
            "scope": scope,
            "expires_at": world.seconds() + REFRESH_SECONDS,
        },
    )
    more: dict[str, Any] = {}
    if snapshot:
        more["is_snapshotuser"] = 1
    elif scope == "snsapi_userinfo":  # the platform names the unionid only after consent
        more["unionid"] = persona["wechat"]["unionid"]
    return _token_answer(token, refresh_token, openid, scope) | more


def _new_access_token(world: World, openid: str, persona: str, scope: str) -> str:
    token = secrets.token_urlsafe(64)
    entry = {"openid": openid, "persona": persona, "scope": scope, "expires_at": world.seconds() + ACCESS_SECONDS}
    world.store.put(ACCESS, token, entry)
    return token


def _token_answer(token: str, refresh_token: str, openid: str, scope: str) -> dict[str, Any]:
    return {
        "access_token": token,
        "expires_in": ACCESS_SECONDS,
        "refresh_token": refresh_token,
        "openid": openid,
        "scope": scope,
    }


def _user_token(world: World) -> dict[str, Any]:
    token = world.store.get(ACCESS, request.args.get("access_token", ""))
    if token is None:
        raise Refused(40001 if request.args.get("access_token") else 41001)
    if token["openid"] != request.args.get("openid"):
        raise Refused(40003)
    if token["expires_at"] <= world.seconds():
        raise Refused(42001)
    return token
