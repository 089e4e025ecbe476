"""Ways into the mini-program from outside: URL link, URL scheme and the code to scan."""

from __future__ import annotations

import io
import re
import secrets
from typing import Any

import segno
from flask import Blueprint, Response, abort, jsonify, render_template

from sandbox.context import World, current
from sandbox.wechat.answers import Refused, done, json_body
from sandbox.wechat.tokens import channel_token

LINKS = "wechat.link"
LONGEST_DAYS = 30
SEEN_SECONDS = 300
_QUERY = re.compile(r"[A-Za-z0-9!#$&'()*+,/:;=?@\-._~%]{0,1024}")
_SCENE = re.compile(r"[A-Za-z0-9!#$&'()*+,/:;=?@\-._~]{1,32}")
_PAGE = re.compile(r"[A-Za-z0-9_\-][\w\-/]*")
_VERSIONS = ("release", "trial", "develop")

blueprint = Blueprint("wechat_open_links", __name__)


@blueprint.post("/wxa/generate_urllink")
def url_link() -> Response:
    """A link that opens a page of the mini-program, for 30 days at most."""
    world = current()
    body = json_body()
    channel_token(world, "mini")
    link = _new_link(world, body, _expiry(world, body))
    return done(url_link=f"{world.base_url}/wxaurl/{link}")


@blueprint.post("/wxa/generatescheme")
def url_scheme() -> Response:
    """The same as a weixin:// scheme."""
    world = current()
    body = json_body()
    channel_token(world, "mini")
    jump = body.get("jump_wxa", {})
    if not isinstance(jump, dict):
        raise Refused(47001)
    link = _new_link(world, jump, _expiry(world, body))
    return done(openlink=f"weixin://dl/business/?t={link}")


@blueprint.post("/wxa/getwxacodeunlimit")
def code_image() -> Response:
    """An image that never expires and carries a scene of 32 characters at most; a failure is JSON."""
    world = current()
    body = json_body()
    channel_token(world, "mini")
    if not isinstance(body.get("scene"), str) or not _SCENE.fullmatch(body["scene"]):
        raise Refused(40129)
    page = body.get("page", "pages/index/index")
    if not isinstance(page, str) or not _PAGE.fullmatch(page) or body.get("env_version", "release") not in _VERSIONS:
        raise Refused(41030)
    width = body.get("width", 430)
    if not isinstance(width, int) or not 280 <= width <= 1280:
        raise Refused(47001)
    link = secrets.token_urlsafe(8)
    made = {"path": page, "query": f"scene={body['scene']}", "expires_at": None, "code": link}
    world.store.put(LINKS, link, made | {"made_at": world.seconds()})
    code = segno.make(f"{world.base_url}/wxaurl/{link}", error="m")
    image = io.BytesIO()
    code.save(image, kind="png", scale=max(1, width // code.symbol_size()[0]))
    return Response(image.getvalue(), content_type="image/png")


@blueprint.get("/sandbox/api/wechat/codes")
def codes_on_screens() -> Response:
    """{"codes": [{"path", "query"}]}: the codes to scan that were made in the last minutes, newest first."""
    world = current()
    since = world.seconds() - SEEN_SECONDS
    kept = [link for link in world.store.all(LINKS)[::-1] if link.get("made_at", 0) > since]
    return jsonify(codes=[{"path": link["path"], "query": link["query"]} for link in kept])


@blueprint.get("/wxaurl/<code>")
def landing(code: str) -> str:
    """What a phone would do with the link."""
    world = current()
    link = world.store.get(LINKS, code)
    if link is None:
        abort(404)
    expired = link["expires_at"] is not None and link["expires_at"] <= world.seconds()
    return render_template("open_link.html", link=link, expired=expired)


def _new_link(world: World, target: dict[str, Any], expires_at: float) -> str:
    path, query = target.get("path", "pages/index/index"), target.get("query", "")
    if not isinstance(path, str) or not _PAGE.fullmatch(path) or target.get("env_version", "release") not in _VERSIONS:
        raise Refused(40165)
    if not isinstance(query, str) or not _QUERY.fullmatch(query):
        raise Refused(40212)
    link = secrets.token_urlsafe(8)
    world.store.put(LINKS, link, {"path": path, "query": query, "expires_at": expires_at, "code": link})
    return link


def _expiry(world: World, body: dict[str, Any]) -> float:
    """expire_type 0: expire_time in Unix seconds; 1: expire_interval in days; never more than 30 days ahead."""
    now = world.seconds()
    if body.get("expire_type", 0) == 1:
        days = body.get("expire_interval", LONGEST_DAYS)
        moment = now + days * 86400 if isinstance(days, int) else 0
    else:
        given = body.get("expire_time", now + LONGEST_DAYS * 86400)
        moment = given if isinstance(given, (int, float)) else 0
    if not now < moment <= now + LONGEST_DAYS * 86400:
        raise Refused(47001, "invalid expire time")
    return float(moment)
