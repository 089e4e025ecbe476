"""What a user does with subscribe messages on the phone, as buttons of the desk."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from sandbox import personas
from sandbox.context import current
from sandbox.wechat import messages, pushes

blueprint = Blueprint("desk_message_actions", __name__, url_prefix="/desk/do/messages")


@blueprint.before_request
def _same_page() -> None:
    """A form on another site must not push the buttons of this one."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)


@blueprint.post("/subscriptions")
def subscribe() -> Response:
    """Allow one message of a template, refuse it in the pop-up, or for good in the settings."""
    world, how = current(), request.form.get("how", "allow")
    persona = personas.get(world.store, request.form.get("persona", "")) or abort(404)
    template_id = request.form.get("template_id", "")
    if messages.template_of(world, template_id) is None:
        abort(404)
    openid = persona["wechat"]["mini_openid"]
    if how == "allow":
        return _back(f"{persona['title']}: {messages.grant(world, openid, template_id)}")
    messages.refuse(world, openid, template_id, for_good=how == "settings")
    return _back(f"{persona['title']}: {how}")


@blueprint.post("/pushes/<number>")
def resend(number: str) -> Response:
    """Push again, once or ten times at once, true or with one byte changed."""
    copies = max(1, min(100, request.form.get("copies", 1, type=int)))
    twist = {"flip_byte": True} if request.form.get("twist") else None
    try:
        pushes.resend(current(), number, copies=copies, twist=twist)
    except KeyError:
        abort(404)
    return _back(f"× {copies}")


def _back(said: str) -> Response:
    return redirect(f"{url_for('pages.section', name='messages')}?{urlencode({'said': said})}", 303)
