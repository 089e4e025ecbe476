"""Scripted payments: what WeChat Pay may do to one, each with one call under /sandbox/api/scenarios."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, jsonify, request

from sandbox import personas
from sandbox.context import World, current
from sandbox.personas import Persona
from sandbox.wechat.pay import notices, refunds
from sandbox.wechat.pay.payment import pay_as
from sandbox.wechat.pay.prepay import ORDERS

COPIES = 10
LATE_SECONDS = 3.0
Play = Callable[[World, Persona, str], str]

blueprint = Blueprint("wechat_pay_scenarios", __name__, url_prefix="/sandbox/api/scenarios")


def duplicate(world: World, payer: Persona, number: str) -> str:
    """Paid; beside the notice come ten copies at once, and ten more that have ids of their own."""
    notice_id = pay_as(world, payer, number)
    notices.resend(world, notice_id, copies=COPIES)
    notices.resend(world, notice_id, copies=COPIES, new_id=True)
    return notice_id


def out_of_order(world: World, payer: Persona, number: str) -> str:
    """Paid and given back in the merchant's console; the refund is told first, the payment seconds later."""
    notice_id = pay_as(world, payer, number, mode="held")
    refunds.at_console(world, number)
    world.timers.after(world, LATE_SECONDS, "pay.notice.copy", {"id": notice_id, "new_id": False, "twist": None})
    return notice_id


def lost(world: World, payer: Persona, number: str) -> str:
    """Paid; the notice never comes."""
    return pay_as(world, payer, number, mode="lost")


def late_after_close(world: World, payer: Persona, number: str) -> str:
    """The merchant closed the order; money that was on its way arrives all the same and is told."""
    order = world.store.get(ORDERS, number) or {}
    if order.get("trade_state") != "CLOSED":
        raise ValueError("the merchant has not closed this order")
    return pay_as(world, payer, number, late=True)


def wrong_amount(world: World, payer: Persona, number: str) -> str:
    """Paid; the notice, sealed and signed well, tells one fen."""
    notice_id = pay_as(world, payer, number, mode="lost")
    twist = {"resource": {"amount": {"total": 1, "payer_total": 1}}}
    notices.resend(world, notice_id, twist=twist)
    return notice_id


def signature_probe(world: World, payer: Persona, number: str) -> str:
    """Paid; the first attempt of the notice carries a wrong signature, the next one (15 s) the right one."""
    return pay_as(world, payer, number, first="probe")


def certificate_rotation(world: World, payer: Persona, number: str) -> str:
    """Paid; the notice is signed by the platform certificate, as on days when the keys change."""
    return pay_as(world, payer, number, key="certificate")


PLAYS: dict[str, Play] = {
    play.__name__: play
    for play in (duplicate, out_of_order, lost, late_after_close, wrong_amount, signature_probe, certificate_rotation)
}


@blueprint.get("")
def listed() -> Response:
    """{"scenarios": {name: what happens}}; and bill_with_differences, which takes a day instead of an order."""
    texts = {name: (one.__doc__ or "").partition("\n")[0] for name, one in PLAYS.items()}
    return jsonify(scenarios=texts | {"bill_with_differences": "Every difference that one file can show."})


@blueprint.post(f"/<any({','.join(PLAYS)}):name>")
def play(name: str) -> Response:
    """{"out_trade_no", "persona"?} → {"scenario", "notice_id"}; 422 when the order's state does not allow it."""
    world, asked = current(), request.get_json()
    order = world.store.get(ORDERS, str(asked.get("out_trade_no"))) or abort(404)
    openid = order["asked"].get("openid", "")
    named = personas.get(world.store, str(asked.get("persona", "good")))
    payer = personas.by_openid(world.store, openid) or named or abort(404)
    try:
        return jsonify(scenario=name, notice_id=PLAYS[name](world, payer, order["out_trade_no"]))
    except ValueError as wrong:
        response = jsonify(code="sandbox.refused", detail=str(wrong))
        response.status_code = 422
        return response
