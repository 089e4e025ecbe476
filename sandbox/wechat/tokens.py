"""Access tokens of the platform API: two isolated families (token, stable_token), and the JS-SDK ticket."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, Response, request

from sandbox.context import World, current
from sandbox.wechat.answers import Refused, answer, done, json_body
from sandbox.wechat.apps import CHANNELS, channel_of, check_credentials

KIND = "wechat.token"
LIFE_SECONDS = 7200
OVERLAP_SECONDS = 300
FORCE_GAP_SECONDS = 30
FORCES_A_DAY = 20
FAMILIES = ("classic", "stable")

blueprint = Blueprint("wechat_tokens", __name__)

Family = dict[str, Any]


@blueprint.get("/cgi-bin/token")
def token() -> Response:
    """A new token at every call; the one before works five minutes more."""
    world = current()
    if request.args.get("grant_type") != "client_credential":
        raise Refused(40002)
    check_credentials(world, request.args.get("appid"), request.args.get("secret"))
    now = world.seconds()

    def renew(family: Family) -> Family:
        for entry in family["tokens"]:
            entry["dies_at"] = min(entry["dies_at"], now + OVERLAP_SECONDS)
        return _with_new_token(family, now)

    return _issued(_change(world, "classic", request.args["appid"], renew), now)


@blueprint.route("/cgi-bin/stable_token", methods=["GET", "POST"])
def stable_token() -> Response:
    """The same token while it has more than five minutes left; force_refresh kills it (20 a day, 30 s apart)."""
    if request.method != "POST":
        raise Refused(43002)
    world = current()
    body = json_body()
    if body.get("grant_type") != "client_credential":
        raise Refused(40002)
    check_credentials(world, body.get("appid"), body.get("secret"))
    force = body.get("force_refresh", False)
    if not isinstance(force, bool):
        raise Refused(47001)
    now = world.seconds()
    renew = _forced if force else _kept
    return _issued(_change(world, "stable", body["appid"], lambda family: renew(family, now)), now)


@blueprint.get("/cgi-bin/ticket/getticket")
def ticket() -> Response:
    """The JS-SDK ticket: the same one for two hours."""
    world = current()
    appid = token_owner(world)
    if request.args.get("type") != "jsapi":
        raise Refused(40002, "invalid ticket type")
    now = world.seconds()

    def keep(family: Family) -> Family:
        return family if family["tokens"] and family["tokens"][-1]["dies_at"] > now else _with_new_token(family, now)

    entry = _change(world, "ticket", appid, keep)["tokens"][-1]
    return done(ticket=entry["token"], expires_in=int(entry["dies_at"] - now))


def token_owner(world: World) -> str:
    """The appid whose access_token is in the query. Refuses: 41001 missing, 42001 expired, 40001 anything else."""
    given = request.args.get("access_token", "")
    if not given:
        raise Refused(41001)
    now = world.seconds()
    for channel in CHANNELS:
        appid = world.keys["wechat"][channel]["appid"]
        for family in FAMILIES:
            document = world.store.get(KIND, f"{family}:{appid}") or {"tokens": []}
            entry = next((entry for entry in document["tokens"] if entry["token"] == given), None)
            if entry is not None and entry["dies_at"] > now:
                return str(appid)
            if entry is not None:
                raise Refused(42001 if entry["issued_at"] + LIFE_SECONDS <= now else 40001)
    raise Refused(40001)


def channel_token(world: World, channel: str) -> str:
    """The appid of the token in the query, which must be of this channel; 48001 for the other app's token."""
    appid = token_owner(world)
    if channel_of(world, appid) != channel:
        raise Refused(48001)
    return appid


def _kept(family: Family, now: float) -> Family:
    if family["tokens"] and family["tokens"][-1]["dies_at"] - now > OVERLAP_SECONDS:
        return family
    return _with_new_token(family, now)


def _forced(family: Family, now: float) -> Family:
    forced = [moment for moment in family["forced"] if now - moment < 86400]
    if forced and now - forced[-1] < FORCE_GAP_SECONDS:
        raise Refused(45011)
    if len(forced) >= FORCES_A_DAY:
        raise Refused(45009)
    for entry in family["tokens"]:
        entry["dies_at"] = min(entry["dies_at"], now)
    return _with_new_token(family | {"forced": [*forced, now]}, now)


def _with_new_token(family: Family, now: float) -> Family:
    """Append a token; those that died more than a day ago are forgotten, so that an old one still says 42001."""
    kept = [entry for entry in family["tokens"] if now - entry["dies_at"] < 86400]
    fresh = {"token": secrets.token_urlsafe(102), "issued_at": now, "dies_at": now + LIFE_SECONDS}
    return family | {"tokens": [*kept, fresh]}


def _change(world: World, family: str, appid: str, change: Any) -> Family:
    key = f"{family}:{appid}"
    world.store.add(KIND, key, {"tokens": [], "forced": []})
    return world.store.update(KIND, key, change)


def _issued(family: Family, now: float) -> Response:
    entry = family["tokens"][-1]
    return answer({"access_token": entry["token"], "expires_in": int(entry["dies_at"] - now)})
