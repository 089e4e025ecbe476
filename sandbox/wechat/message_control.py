"""Subscribe messages from the user's side: allow, refuse, read; and pushes sent again, often, or wrong in one way."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from sandbox import personas
from sandbox.context import World, current
from sandbox.wechat import messages, pushes

blueprint = Blueprint("wechat_message_control", __name__, url_prefix="/sandbox/api/wechat")
MOST_COPIES = 100


@blueprint.post("/refusals")
def refuse() -> Response:
    """{"persona", "template_id", "for_good"?}: the user refuses in the pop-up, or for good in the settings."""
    asked = request.get_json()
    openid = _openid(current(), asked)
    messages.refuse(current(), openid, asked["template_id"], for_good=asked.get("for_good") is True)
    return jsonify(left=0)


@blueprint.get("/pushes")
def sent_pushes() -> Response:
    """{"pushes": […]}, newest first, with every attempt."""
    return jsonify(pushes=current().store.all(pushes.KIND)[::-1])


@blueprint.post("/pushes")
def push() -> Response:
    """{"persona", "content": {…}, "format"?, "mode"?}: push any content as if from this user, such as an event."""
    asked = request.get_json()
    world = current()
    content = {"FromUserName": _openid(world, asked), "CreateTime": int(world.seconds()), **asked["content"]}
    changes = {name: asked[name] for name in ("format", "mode") if name in asked}
    if any(value not in pushes.CHOICES[name] for name, value in changes.items()):
        return _refusal("format is json or xml, mode is safe or plain")
    return jsonify(pushes.push(world, content, **changes))


@blueprint.post("/pushes/<number>/resend")
def resend(number: str) -> Response:
    """{"copies": n ≤ 100, "twist"?: {…}}: send again; a twist (sandbox.wechat.pushes.packed) must be refused."""
    asked = request.get_json()
    copies = asked.get("copies", 1)
    if not isinstance(copies, int) or not 1 <= copies <= MOST_COPIES:
        return _refusal(f"copies is 1 to {MOST_COPIES}")
    try:
        return jsonify(pushes.resend(current(), number, copies=copies, twist=asked.get("twist")))
    except KeyError:
        abort(404)
    except ValueError:
        return _refusal("unknown twist")


@blueprint.route("/push-settings", methods=["GET", "POST"])
def push_settings() -> Response:
    """{"pushes": normal|lost, "format": json|xml, "mode": safe|plain}, as they are or changed."""
    try:
        changes = request.get_json() if request.method == "POST" else {}
        return jsonify(pushes.change_settings(current(), changes))
    except ValueError as wrong:
        return _refusal(f"cannot set {wrong}")


def _openid(world: World, asked: dict[str, Any]) -> str:
    persona = personas.get(world.store, str(asked.get("persona"))) or abort(404)
    return str(persona["wechat"]["mini_openid"])


def _refusal(text: str) -> Response:
    response = jsonify(code="sandbox.refused", detail=text)
    response.status_code = 422
    return response
