"""The H5 cashier: the page behind h5_url, in a browser outside WeChat."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox import personas
from sandbox.context import World, current
from sandbox.hosts import same_host
from sandbox.wechat.pay.payment import act
from sandbox.wechat.pay.prepay import H5_URL_SECONDS, ORDERS, prepay_of

blueprint = Blueprint("wechat_pay_cashier", __name__)

PATH = "/cgi-bin/mmpayweb-bin/checkmweb"


@blueprint.get(PATH)
def cashier() -> str | tuple[str, int]:
    """Refuses, in the words of the real page, an empty Referer, a foreign domain and a link older than five minutes."""
    world = current()
    problem = _problem(world)
    if problem:
        return render_template("cashier.html", problem=problem, order=None, people=[]), 400
    order = _order(world)
    return render_template("cashier.html", problem="", order=order, people=personas.everybody(world.store))


@blueprint.post(PATH)
def pay() -> AnyResponse | str:
    """The user paid or gave up; the browser goes back to redirect_url in both cases, which proves nothing."""
    world = current()
    persona = personas.get(world.store, request.form.get("persona", "")) or abort(400)
    given = act(world, persona, _order(world), request.form.get("outcome", "cancel"))
    target = request.args.get("redirect_url", "")
    if target and same_host(target, world.bank_url):
        return redirect(target)
    return render_template("cashier.html", problem=given.message, order=None, people=[])


def _problem(world: World) -> str:
    prepay = prepay_of(world, request.args.get("prepay_id", ""))
    if prepay is None or world.seconds() - prepay["created_at"] >= H5_URL_SECONDS:
        return "支付链接已失效，请回到商家页面重新发起"
    if not request.headers.get("Referer"):
        return "商家参数格式有误，请联系商家解决"
    if not same_host(request.headers["Referer"], world.bank_url):
        return "商家存在未配置的参数，请联系商家解决"
    return ""


def _order(world: World) -> dict[str, Any]:
    prepay = prepay_of(world, request.args.get("prepay_id", "")) or abort(404)
    return world.store.get(ORDERS, prepay["out_trade_no"]) or abort(404)
