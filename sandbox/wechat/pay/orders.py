"""Asking for an order and closing it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from sandbox.context import World, current
from sandbox.wechat.pay.answers import PayRefused, answer, invalid_request, nothing, parameter_error
from sandbox.wechat.pay.fields import body_fields
from sandbox.wechat.pay.prepay import ORDERS

TRANSACTIONS = "pay.transaction"

STATE_TEXTS = {"NOTPAY": "订单未支付", "SUCCESS": "支付成功", "REFUND": "转入退款", "CLOSED": "订单已关闭"}

blueprint = Blueprint("wechat_pay_orders", __name__)

Order = dict[str, Any]


@blueprint.get("/pay/transactions/out-trade-no/<out_trade_no>")
def by_number(out_trade_no: str) -> Response:
    """The order by the merchant's number; 404 ORDER_NOT_EXIST."""
    world = current()
    _check_mchid(world)
    return answer(transaction(_order(world, out_trade_no)))


@blueprint.get("/pay/transactions/id/<transaction_id>")
def by_id(transaction_id: str) -> Response:
    """A paid order by WeChat's number."""
    world = current()
    _check_mchid(world)
    return answer(transaction(order_of_transaction(world, transaction_id) or _missing()))


@blueprint.post("/pay/transactions/out-trade-no/<out_trade_no>/close")
def close(out_trade_no: str) -> Response:
    """No payment is possible after this; again is the same, a paid order says ORDERPAID."""
    world = current()
    mchid = body_fields().must_text("mchid", longest=32)
    if mchid != world.keys["wechat_pay"]["mchid"]:
        raise invalid_request("商户号与订单不一致")
    _order(world, out_trade_no)
    world.store.update(ORDERS, out_trade_no, _closed)
    return nothing()


def order_of_transaction(world: World, transaction_id: str) -> Order | None:
    """The paid order that has this transaction_id."""
    known = world.store.get(TRANSACTIONS, transaction_id)
    return None if known is None else world.store.get(ORDERS, known["out_trade_no"])


def transaction(order: Order) -> dict[str, Any]:
    """An order as query and notice show it; what only a payment brings is absent before it."""
    asked = order["asked"]
    seen: dict[str, Any] = {
        "appid": asked["appid"],
        "mchid": asked["mchid"],
        "out_trade_no": order["out_trade_no"],
        "attach": asked["attach"] or "",
        "trade_state": order["trade_state"],
        "trade_state_desc": STATE_TEXTS[order["trade_state"]],
        "promotion_detail": [],
    }
    amount = {"total": asked["total_fen"], "currency": asked["currency"], "payer_currency": asked["currency"]}
    if "transaction_id" not in order:
        return seen | {"amount": amount, "payer": {"openid": asked["openid"]} if "openid" in asked else {}}
    return seen | {
        "transaction_id": order["transaction_id"],
        "trade_type": order["trade_type"],
        "bank_type": order["bank_type"],
        "success_time": order["success_time"],
        "payer": {"openid": order["payer_openid"]},
        "amount": amount | {"payer_total": asked["total_fen"]},
    }


def _closed(order: Order) -> Order:
    if order["trade_state"] in ("SUCCESS", "REFUND"):
        raise PayRefused(400, "ORDERPAID", "该订单已支付，不能关闭")
    return order | {"trade_state": "CLOSED"}


def _order(world: World, out_trade_no: str) -> Order:
    return world.store.get(ORDERS, out_trade_no) or _missing()


def _missing() -> Order:
    raise PayRefused(404, "ORDER_NOT_EXIST", "订单不存在")


def _check_mchid(world: World) -> None:
    mchid = request.args.get("mchid")
    if not mchid:
        raise parameter_error("mchid", mchid, "缺少必填参数", location="query")
    if mchid != world.keys["wechat_pay"]["mchid"]:
        raise invalid_request("商户号与订单不一致")
