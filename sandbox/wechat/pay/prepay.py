"""Placing an order: JSAPI (mini-program too), Native and H5, with the rules of re-entry."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response

from sandbox import personas
from sandbox.context import World, current
from sandbox.wechat.apps import channel_of
from sandbox.wechat.pay.answers import PayRefused, answer, invalid_request, parameter_error
from sandbox.wechat.pay.fields import Fields, body_fields

ORDERS = "pay.order"
PREPAYS = "pay.prepay"
PREPAY_SECONDS = 2 * 3600
H5_URL_SECONDS = 300
SHORTEST, LONGEST, USUAL = timedelta(minutes=1), timedelta(days=90), timedelta(days=7)

blueprint = Blueprint("wechat_pay_prepay", __name__)


@blueprint.post("/pay/transactions/jsapi")
def jsapi() -> Response:
    """An order for a known payer, from a mini-program or a page inside WeChat → prepay_id."""
    world = current()
    fields = body_fields()
    asked = _common(world, fields)
    openid = fields.must_inner("payer").must_text("openid", longest=128)
    _check_payer(world, asked["appid"], openid)
    return answer({"prepay_id": _place(world, "JSAPI", asked | {"openid": openid})})


@blueprint.post("/pay/transactions/native")
def native() -> Response:
    """An order whose code is scanned from a screen → code_url."""
    world = current()
    prepay_id = _place(world, "NATIVE", _common(world, body_fields()))
    return answer({"code_url": f"weixin://wxpay/bizpayurl?pr={prepay_id}"})


@blueprint.post("/pay/transactions/h5")
def h5() -> Response:
    """An order from a browser outside WeChat → h5_url, good for five minutes."""
    world = current()
    fields = body_fields()
    asked = _common(world, fields)
    scene = fields.must_inner("scene_info")
    scene.address("payer_client_ip")
    kind = scene.must_inner("h5_info").must_text("type", longest=32)
    prepay_id = _place(world, "MWEB", asked | {"h5_type": kind})
    path = f"/cgi-bin/mmpayweb-bin/checkmweb?prepay_id={prepay_id}&package={secrets.randbelow(2**31)}"
    return answer({"h5_url": world.base_url + path})


def prepay_of(world: World, prepay_id: str) -> dict[str, Any] | None:
    """The prepay session, if it exists and is not older than two hours."""
    prepay = world.store.get(PREPAYS, prepay_id)
    return prepay if prepay is not None and prepay["expires_at"] > world.seconds() else None


def _common(world: World, fields: Fields) -> dict[str, Any]:
    """What all kinds of orders share, checked; what is compared on re-entry."""
    asked: dict[str, Any] = {
        "appid": fields.must_text("appid", longest=32),
        "mchid": fields.must_text("mchid", longest=32),
        "description": fields.must_text("description", longest=127),
        "out_trade_no": fields.must_text("out_trade_no", shortest=6, longest=32, pattern=r"[0-9A-Za-z_\-|*]+"),
        "time_expire": fields.text("time_expire", required=False, longest=64),
        "attach": fields.text("attach", required=False, longest=128),
        "notify_url": fields.notify_url(required=True),
        "goods_tag": fields.text("goods_tag", required=False, longest=32),
        "support_fapiao": fields.flag("support_fapiao"),
        "detail": fields.values.get("detail"),
        "settle_info": fields.values.get("settle_info"),
    }
    amount = fields.must_inner("amount")
    asked |= {"total_fen": amount.integer("total", least=1), "currency": amount.currency()}
    scene = fields.inner("scene_info", required=False)
    if scene is not None:
        scene.address("payer_client_ip")
    if asked["time_expire"] is not None:
        _moment(asked["time_expire"])
    _check_merchant(world, asked)
    return asked


def _check_merchant(world: World, asked: dict[str, Any]) -> None:
    if asked["mchid"] != world.keys["wechat_pay"]["mchid"]:
        raise PayRefused(400, "MCH_NOT_EXISTS", "商户号不存在，或与请求签名的商户号不一致")
    if channel_of(world, asked["appid"]) is None:
        raise PayRefused(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配，请检查后再试")


def _check_payer(world: World, appid: str, openid: str) -> None:
    """The openid must be of the very app that the order names."""
    persona = personas.by_openid(world.store, openid)
    channel = channel_of(world, appid)
    if persona is None or persona["wechat"][f"{channel}_openid"] != openid:
        raise PayRefused(400, "PARAM_ERROR", "appid和openid不匹配")


def _place(world: World, trade_type: str, asked: dict[str, Any]) -> str:
    """Create the order, or enter it again, and answer a fresh prepay_id."""
    now = world.now()
    order = {
        "out_trade_no": asked["out_trade_no"],
        "trade_type": trade_type,
        "asked": asked,
        "trade_state": "NOTPAY",
        "created_at": now.isoformat(),
        "pay_until": _pay_until(asked["time_expire"], now).timestamp(),
        "refunded_fen": 0,
        "refund_count": 0,
        "refunded_at": 0,
    }
    if not world.store.add(ORDERS, asked["out_trade_no"], order):
        _check_reentry(world, trade_type, asked)
    prepay_id = f"wx{world.local():%d%H%M%S}{secrets.token_hex(12)}"
    entry = {"out_trade_no": asked["out_trade_no"], "prepay_id": prepay_id, "created_at": now.timestamp()}
    world.store.put(PREPAYS, prepay_id, entry | {"expires_at": now.timestamp() + PREPAY_SECONDS})
    return prepay_id


def _check_reentry(world: World, trade_type: str, asked: dict[str, Any]) -> None:
    """The same number may come again only with the same parameters, unpaid, open and in time."""
    known = world.store.get(ORDERS, asked["out_trade_no"])
    assert known is not None
    same = known["asked"] == asked and known["trade_type"] == trade_type
    if known["trade_type"] != trade_type or (not same and known["trade_state"] != "NOTPAY"):
        raise PayRefused(403, "OUT_TRADE_NO_USED", "商户订单号重复")
    if not same:
        raise invalid_request("请求重入时，参数与首次请求时不一致。请核实后再试")
    if known["trade_state"] == "CLOSED":
        raise PayRefused(400, "ORDER_CLOSED", "该订单已关闭，请重新下单")
    if known["trade_state"] != "NOTPAY":
        raise PayRefused(400, "ORDERPAID", "该订单已支付")
    if known["pay_until"] <= world.seconds():
        raise invalid_request("该订单已超过支付时间")


def _pay_until(time_expire: str | None, now: datetime) -> datetime:
    """time_expire, raised to a minute and cut to 90 days ahead; a week if it is left out."""
    if time_expire is None:
        return now + USUAL
    return min(max(_moment(time_expire), now + SHORTEST), now + LONGEST)


def _moment(text: str) -> datetime:
    wrong = parameter_error("/time_expire", text, "不是带时区的RFC3339时间")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise wrong from None
    if moment.tzinfo is None or "T" not in text:
        raise wrong
    return moment
