"""The clock of all that waits in the sandbox: transfers on their way, refunds, pushes, notices that come again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox import timers
from sandbox.context import World, current
from sandbox.wechat.pay import notices

MOST = 100_000.0
blueprint = Blueprint("clock", __name__, url_prefix="/sandbox/api")


@blueprint.get("/clock")
def shown() -> Response:
    """{"time_scale", "now"}: how many times faster waiting goes, and the instant."""
    return jsonify(_seen(current()))


@blueprint.post("/clock")
def turn() -> Response:
    """{"time_scale": 1 to 100000}: a wait of an hour ends after an hour divided by it, also one that has begun.

    Times that are written down stay true, so that signatures and deadlines keep their meaning.
    """
    scale: Any = (request.get_json(silent=True) or {}).get("time_scale")
    if isinstance(scale, bool) or not isinstance(scale, int | float) or not 1 <= scale <= MOST:
        response = jsonify(code="sandbox.refused", detail=f"time_scale is a number from 1 to {MOST:.0f}")
        response.status_code = 422
        return response
    world = current()
    notices.change_settings(world, {"time_scale": float(scale)})  # its schedule has a switch of its own
    timers.change_scale(world, float(scale))
    return jsonify(_seen(world))


def _seen(world: World) -> dict[str, Any]:
    return {"time_scale": timers.scale(world), "now": world.local().isoformat(timespec="seconds")}
