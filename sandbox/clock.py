"""The one clock of the sandbox: how far it is ahead of the machines, as the bank's test clock says, and how many times
faster all that waits goes (transfers on their way, refunds, pushes, notices that come again)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox import timers
from sandbox.context import World, current
from sandbox.wechat.pay import notices

MOST = 100_000.0
blueprint = Blueprint("clock", __name__, url_prefix="/sandbox/api")


@blueprint.get("/clock")
def shown() -> Response:
    """{"time_scale", "ahead_s", "now"}: how many times faster waiting goes, how far ahead it is, and the instant."""
    return jsonify(_seen(current()))


@blueprint.post("/clock")
def turn() -> Response:
    """{"time_scale": 1 to 100000}: a wait of an hour ends after an hour divided by it, also one that has begun.

    Times that are written down stay true, so that signatures and deadlines keep their meaning.

    {"ahead_s"}: the bank's test clock moved; all vendors show its time, and what was due by then happens now.
    Signatures go on showing the machines' time. It never goes back.
    """
    asked: Any = request.get_json(silent=True) or {}
    if "ahead_s" in asked:
        return _keep_time(asked["ahead_s"])
    scale: Any = asked.get("time_scale")
    if isinstance(scale, bool) or not isinstance(scale, int | float) or not 1 <= scale <= MOST:
        return _refused(f"time_scale is a number from 1 to {MOST:.0f}")
    world = current()
    notices.change_settings(world, {"time_scale": float(scale)})  # its schedule has a switch of its own
    timers.change_scale(world, float(scale))
    return jsonify(_seen(world))


def _keep_time(ahead_s: Any) -> Response:
    world = current()
    if isinstance(ahead_s, bool) or not isinstance(ahead_s, int) or ahead_s < world.ahead.total_seconds():
        return _refused("ahead_s is a whole number of seconds and never becomes less")
    world.keep_time(timedelta(seconds=ahead_s))
    return jsonify(_seen(world))


def _refused(detail: str) -> Response:
    response = jsonify(code="sandbox.refused", detail=detail)
    response.status_code = 422
    return response


def _seen(world: World) -> dict[str, Any]:
    ahead_s = int(world.ahead.total_seconds())
    return {"time_scale": timers.scale(world), "ahead_s": ahead_s, "now": world.local().isoformat(timespec="seconds")}
