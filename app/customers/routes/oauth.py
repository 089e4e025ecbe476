"""Signing in inside WeChat: to its page, back through the callback, then the session for a one-time code."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request

from app.adapters import channels
from app.customers import schemas, usecases
from app.customers.domain.sessions import OneTimeCodeRefused, StateRefused
from app.customers.models import OauthState
from app.customers.routes.answers import settings, signed_in, visit
from app.customers.routes.sign_in import sign_in
from app.kernel.db import transaction
from app.kernel.errors import Problem

oauth_callback = Blueprint("oauth_callback", __name__)
CALLBACK_PATH = "/callbacks/wechat/oauth"
_BROWSER = re.compile(r"br_[A-Za-z0-9_-]{43}")


@sign_in.post("/sign-in/wechat/start")
@sign_in.arguments(schemas.WechatStartIn)
@sign_in.response(200, schemas.WechatStartOut)
def start_wechat(body: dict[str, Any]) -> Any:
    """Begin signing in inside WeChat: answers where to send the browser, and sets a cookie that ties the trip to it.

    Afterwards WeChat returns here and the browser lands on `return_path#wechat_code=…` (or `#wechat_error=…`).
    422 `oauth.return_path_refused`.
    """
    origin = _origin()
    with transaction() as session:
        trip = usecases.begin_trip(
            session,
            origin=origin,
            return_path=body["return_path"],
            browser=_known_browser(origin),
        )
    url = channels().wechat_login.authorize_url(
        redirect_uri=f"{origin}{CALLBACK_PATH}", state=trip.state, scope="snsapi_base"
    )
    answer = {"authorize_url": url}
    return answer, 200, {"Set-Cookie": _cookie(origin, trip.browser)}


@oauth_callback.get("/wechat/oauth")
def return_from_wechat() -> Response:
    """Where WeChat sends the browser: uses up state and code, then redirects to a clean address."""
    state, code = request.args.getlist("state"), request.args.getlist("code")
    if len(state) != 1 or len(code) > 1:
        raise StateRefused("Start signing in again.")
    with transaction() as session:
        taken = usecases.take_state(session, state=state[0], browser=_browser())
    try:
        fragment = {"wechat_code": _exchange(taken, code)} if code else {"wechat_error": "wechat.denied"}
    except Problem as problem:  # the page that began shows it: a person stands before this answer
        fragment = {"wechat_error": problem.code}
    response = redirect(f"{taken.origin}{taken.return_path}#{urlencode(fragment)}", 303)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response  # type: ignore[return-value]


@sign_in.post("/sign-in/wechat")
@sign_in.arguments(schemas.OneTimeCodeIn)
@sign_in.response(201, schemas.SignedInOut)
def create_wechat_session(body: dict[str, Any]) -> dict[str, Any]:
    """Fetch the session with the one-time code, within a minute and in the same browser.

    422 `oauth.one_time_code_refused`; a code that was used before also ends the session that it opened.
    """
    with transaction() as session:
        usecases.end_reused(session, one_time_code=body["one_time_code"])
    with transaction() as session:
        result = usecases.redeem(
            session, one_time_code=body["one_time_code"], browser=_browser(), device=visit().device
        )
        return signed_in(session, result)


def _exchange(taken: OauthState, code: list[str]) -> str:
    identity = channels().wechat_login.h5_identity(code[0])
    with transaction() as session:
        return usecases.arrive(session, taken=taken, identity=identity)


def _origin() -> str:
    """Ours under which the browser came, so that cookie and callback meet; never one that a header made up."""
    known = (settings().public_url, settings().embed_url)
    asked = request.host_url.rstrip("/")
    return asked if asked in known else known[0]


def _cookie_name(origin: str) -> str:
    return "__Host-dk_browser" if origin.startswith("https://") else "dk_browser"


def _cookie(origin: str, browser: str) -> str:
    # Lax: the return from WeChat's page is a navigation from another site
    secure = "; Secure" if origin.startswith("https://") else ""
    return f"{_cookie_name(origin)}={browser}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax{secure}"


def _known_browser(origin: str) -> str | None:
    """The cookie, if it can be one of ours: it is written back, and must not carry a header of somebody else's."""
    found = request.cookies.get(_cookie_name(origin), "")
    return found if _BROWSER.fullmatch(found) else None


def _browser() -> str:
    found = _known_browser(_origin())
    if not found:
        raise (StateRefused if request.method == "GET" else OneTimeCodeRefused)("Start signing in again.")
    return found
