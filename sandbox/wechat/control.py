"""What a phone in a person's hand does, and the switches of WeChat and WeChat Pay, as JSON under /sandbox/api."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from sandbox import personas
from sandbox.context import World, current
from sandbox.personas import Persona
from sandbox.wechat import codes, messages
from sandbox.wechat.apps import CHANNELS
from sandbox.wechat.pay import faults, notices, refunds, settings
from sandbox.wechat.pay.faults import FaultRefused
from sandbox.wechat.pay.payment import ClientAnswer, act, request_payment
from sandbox.wechat.pay.prepay import ORDERS, prepay_of
from sandbox.wechat.pay.settings import SettingRefused
from sandbox.wechat.pay.twists import TwistRefused

blueprint = Blueprint("wechat_control", __name__, url_prefix="/sandbox/api")

OUTCOMES = ("ok", "cancel", "fail")
MOST_COPIES = 100


@blueprint.post("/wechat/login-codes")
def login_code() -> Response:
    """{"persona", "app": "mini"|"h5", "scope"?, "snapshot"?} → {"code"}: wx.login, or the end of the OAuth page."""
    world = current()
    asked = request.get_json()
    persona = _persona(world, asked)
    app = asked.get("app", "mini")
    if app not in CHANNELS:
        return refusal(f"unknown app {app}")
    return jsonify(code=new_login_code(world, persona, app, asked))


@blueprint.post("/wechat/phone-codes")
def phone_code() -> Response:
    """{"persona"} → {"code"}: a tap on the mini-program's phone-number button."""
    world = current()
    persona = _persona(world, request.get_json())
    return jsonify(code=codes.issue(world, codes.PHONE, persona["code"], world.keys["wechat"]["mini"]["appid"]))


@blueprint.post("/wechat/request-payment")
def pay() -> Response:
    """{"persona", "params": {appId?, timeStamp, nonceStr, package, signType, paySign}, "outcome": ok|cancel|fail}.

    Answers {"errMsg", "paid"}; 422 when the client refuses the parameters or the user.
    """
    asked = request.get_json()
    if asked.get("outcome", "ok") not in OUTCOMES:
        return refusal("outcome is ok, cancel or fail")
    world = current()
    params = asked.get("params")
    if not isinstance(params, dict):
        return refusal("params is missing")
    return _client_answer(request_payment(world, _persona(world, asked), params, asked.get("outcome", "ok")))


@blueprint.post("/wechat/scan-payment")
def scan() -> Response:
    """{"persona", "code_url", "outcome"}: somebody scans the code of a Native order."""
    world = current()
    asked = request.get_json()
    prepay = prepay_of(world, str(asked.get("code_url", "")).rpartition("pr=")[2])
    if prepay is None or asked.get("outcome", "ok") not in OUTCOMES:
        return refusal("no such code, or it is too old")
    order = world.store.get(ORDERS, prepay["out_trade_no"]) or abort(404)
    return _client_answer(act(world, _persona(world, asked), order, asked.get("outcome", "ok")))


@blueprint.post("/wechat/templates")
def template() -> Response:
    """{"template_id", "title", "fields": ["thing1", …]}: the console of the mini-program adds a message template."""
    asked = request.get_json()
    messages.register_template(current(), asked["template_id"], asked.get("title", ""), asked["fields"])
    return jsonify(template_id=asked["template_id"])


@blueprint.post("/wechat/grants")
def grant() -> Response:
    """{"persona", "template_id", "count"?} → {"left"}: the user allows messages of a template."""
    world = current()
    asked = request.get_json()
    openid = _persona(world, asked)["wechat"]["mini_openid"]
    return jsonify(left=messages.grant(world, openid, asked["template_id"], asked.get("count", 1)))


@blueprint.get("/wechat/messages")
def sent_messages() -> Response:
    """{"messages": […]}: the subscribe messages that arrived, newest first; ?persona= leaves those of one."""
    world = current()
    code = request.args.get("persona")
    kept = world.store.all(messages.MESSAGES)[::-1]
    if code is not None:
        openid = (personas.get(world.store, code) or abort(404))["wechat"]["mini_openid"]
        kept = [message for message in kept if message["openid"] == openid]
    return jsonify(messages=kept)


@blueprint.get("/pay/orders")
def pay_orders() -> Response:
    """{"orders": […]}, newest first."""
    return jsonify(orders=current().store.all(ORDERS)[::-1])


@blueprint.get("/pay/refunds")
def pay_refunds() -> Response:
    """{"refunds": […]}, newest first."""
    return jsonify(refunds=current().store.all(refunds.REFUNDS)[::-1])


@blueprint.post("/pay/refunds/<out_refund_no>/finish")
def finish_refund(out_refund_no: str) -> Response:
    """{"status": "SUCCESS"|"ABNORMAL"|"CLOSED"}: the result of a refund."""
    try:
        return jsonify(refunds.finish(current(), out_refund_no, request.get_json()["status"]))
    except KeyError:
        abort(404)
    except ValueError as wrong:
        return refusal(str(wrong))


@blueprint.get("/pay/notices")
def pay_notices() -> Response:
    """{"notices": […]}, newest first, with every attempt, plain content and the second of the next try."""
    return jsonify(notices=current().store.all(notices.KIND)[::-1])


@blueprint.post("/pay/notices/<notice_id>/resend")
def resend_notice(notice_id: str) -> Response:
    """{"copies": n ≤ 100, "new_id": bool, "twist"?: {…}}: send at once, in parallel, besides the schedule.

    A twist (sandbox.wechat.pay.twists.check) makes copies that the bank must refuse.
    """
    asked = request.get_json()
    copies = asked.get("copies", 1)
    if not isinstance(copies, int) or not 1 <= copies <= MOST_COPIES:
        return refusal(f"copies is 1 to {MOST_COPIES}")
    try:
        new_id, twist = asked.get("new_id") is True, asked.get("twist")
        return jsonify(notices.resend(current(), notice_id, copies=copies, new_id=new_id, twist=twist))
    except KeyError:
        abort(404)
    except TwistRefused as refused:
        return refusal(f"unknown twist {refused}")


@blueprint.get("/pay/settings")
def pay_settings() -> Response:
    """The switches of WeChat Pay as they are."""
    return jsonify(settings.read(current()))


@blueprint.post("/pay/settings")
def change_pay_settings() -> Response:
    """Change some switches (sandbox.wechat.pay.settings.change says what each does)."""
    try:
        return jsonify(notices.change_settings(current(), request.get_json()))
    except SettingRefused as refused:
        return refusal(f"cannot set {refused}")


@blueprint.post("/pay/faults")
def plan_fault() -> Response:
    """{"api", "fault", "times"}: the next calls of an API of WeChat Pay fail (sandbox.wechat.pay.faults)."""
    asked = request.get_json()
    try:
        faults.plan(current(), asked.get("api"), asked.get("fault"), asked.get("times", 1))
    except FaultRefused as refused:
        return refusal(f"unknown fault {refused}")
    return jsonify(asked)


def new_login_code(world: World, persona: Persona, app: str, more: dict[str, Any]) -> str:
    """A code that signs this persona in: of wx.login for the mini-program, of the OAuth page for H5."""
    appid = world.keys["wechat"][app]["appid"]
    if app == "mini":
        return codes.issue(world, codes.LOGIN, persona["code"], appid)
    scope = str(more.get("scope", "snsapi_base"))
    return codes.issue(world, codes.OAUTH, persona["code"], appid, scope=scope, snapshot=more.get("snapshot") is True)


def refusal(text: str) -> Response:
    """422: the sandbox does not do this."""
    response = jsonify(code="sandbox.refused", detail=text)
    response.status_code = 422
    return response


def _client_answer(given: ClientAnswer) -> Response:
    response = jsonify(errMsg=given.message, paid=given.paid)
    response.status_code = 422 if given.refused else 200
    return response


def _persona(world: World, asked: dict[str, Any]) -> Persona:
    return personas.get(world.store, str(asked.get("persona"))) or abort(404)
