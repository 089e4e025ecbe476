"""Mini-program sign-in: code2Session, session checks and the phone number by its own code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from flask import Blueprint, Response, request

from sandbox import personas
from sandbox.context import World, current
from sandbox.wechat import codes
from sandbox.wechat.answers import Refused, answer, done, json_body
from sandbox.wechat.apps import check_credentials, openid_of
from sandbox.wechat.tokens import channel_token

SESSIONS = "wechat.session"
RATES = "wechat.rate"
LOGINS_A_MINUTE = 100

blueprint = Blueprint("wechat_login", __name__)


@blueprint.get("/sns/jscode2session")
def code_to_session() -> Response:
    """Exchange a wx.login code for openid, session_key and unionid; success carries no errcode.

    A login makes the user's earlier session_key invalid. 40226 for a persona marked as high risk, 45011 after 100
    logins a minute.
    """
    world = current()
    if check_credentials(world, request.args.get("appid"), request.args.get("secret")) != "mini":
        raise Refused(40013)
    if request.args.get("grant_type") != "authorization_code":
        raise Refused(40002)
    if not request.args.get("js_code"):
        raise Refused(41008)
    appid = request.args["appid"]
    issued = codes.redeem(world, request.args["js_code"], codes.LOGIN, appid)
    persona = personas.get(world.store, issued["persona"])
    if persona is None:
        raise Refused(40029)
    if persona["wechat"].get("high_risk"):
        raise Refused(40226)
    openid = openid_of(world, persona, appid)
    _count_login(world, openid)
    session_key = _new_session_key(world, openid)
    return answer({"session_key": session_key, "openid": openid, "unionid": persona["wechat"]["unionid"]})


@blueprint.get("/wxa/checksession")
def check_session() -> Response:
    """Is the session key of this user still the valid one? signature = hex(HMAC-SHA256(session_key text, ""))."""
    world = current()
    channel_token(world, "mini")
    if request.args.get("sig_method") != "hmac_sha256" or not _session_proved(world):
        raise Refused(87009)
    return done()


@blueprint.get("/wxa/resetusersessionkey")
def reset_session() -> Response:
    """Replace a user's session key by a new one."""
    world = current()
    channel_token(world, "mini")
    if request.args.get("sig_method") != "hmac_sha256" or not _session_proved(world):
        raise Refused(87009)
    openid = request.args["openid"]
    return done(openid=openid, session_key=_new_session_key(world, openid))


@blueprint.post("/wxa/business/getuserphonenumber")
def phone_number() -> Response:
    """Exchange the code of a getPhoneNumber button, which is not a login code, for the phone number."""
    world = current()
    body = json_body()
    appid = channel_token(world, "mini")
    if not isinstance(body.get("code"), str) or not body["code"]:
        raise Refused(41008)
    issued = codes.redeem(world, body["code"], codes.PHONE, appid, when_used=40029)
    persona = personas.get(world.store, issued["persona"])
    if persona is None or body.get("openid") not in (None, openid_of(world, persona, appid)):
        raise Refused(40029)
    phone = persona["person"]["phone"]
    watermark = {"timestamp": int(world.wire_seconds()), "appid": appid}
    return done(
        phone_info={"phoneNumber": phone, "purePhoneNumber": phone, "countryCode": "86", "watermark": watermark}
    )


def valid_session_key(world: World, openid: str) -> str | None:
    """The one session key that is valid for a user, or None before the first login."""
    session = world.store.get(SESSIONS, openid)
    return None if session is None else str(session["session_key"])


def visited(world: World, openid: str, within_seconds: float) -> bool:
    """Has this user signed in that recently?"""
    session = world.store.get(SESSIONS, openid)
    return session is not None and world.seconds() - float(session["at"]) < within_seconds


def is_mini_user(world: World, openid: object) -> bool:
    """Does this openid belong to somebody in the mini-program?"""
    persona = personas.by_openid(world.store, str(openid))
    return persona is not None and persona["wechat"]["mini_openid"] == openid


def _session_proved(world: World) -> bool:
    openid = request.args.get("openid", "")
    if not is_mini_user(world, openid):
        raise Refused(40003)
    key = valid_session_key(world, openid)
    if key is None:
        return False
    expected = hmac.new(key.encode(), b"", hashlib.sha256).hexdigest()
    return hmac.compare_digest(request.args.get("signature", "").encode(), expected.encode())


def _new_session_key(world: World, openid: str) -> str:
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    world.store.put(SESSIONS, openid, {"openid": openid, "session_key": key, "at": world.seconds()})
    return key


def _count_login(world: World, openid: str) -> None:
    minute = f"{openid}:{int(world.seconds() // 60)}"
    world.store.add(RATES, minute, {"count": 0})
    counted = world.store.update(RATES, minute, lambda rate: {"count": rate["count"] + 1})
    if counted["count"] > LOGINS_A_MINUTE:
        raise Refused(45011)
