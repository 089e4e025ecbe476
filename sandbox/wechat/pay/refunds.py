"""Refunds: accepted at once, settled later, announced by a notice of their own."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, Response

from sandbox.context import World, current
from sandbox.timers import timer_job
from sandbox.wechat.pay import notices, settings
from sandbox.wechat.pay.answers import PayRefused, answer, invalid_request, parameter_error
from sandbox.wechat.pay.fields import Fields, body_fields
from sandbox.wechat.pay.orders import order_of_transaction
from sandbox.wechat.pay.prepay import ORDERS

REFUNDS = "pay.refund"
MOST_REFUNDS = 50
GAP_SECONDS = 60
YEAR_SECONDS = 365 * 86400
FINAL = ("SUCCESS", "CLOSED")
_SUMMARIES = {"SUCCESS": "退款成功", "ABNORMAL": "退款异常", "CLOSED": "退款关闭"}

blueprint = Blueprint("wechat_pay_refunds", __name__)

Refund = dict[str, Any]


@blueprint.post("/refund/domestic/refunds")
def refund() -> Response:
    """Ask for a refund: the answer says accepted (PROCESSING), not done; the same number refunds once."""
    world = current()
    asked = _asked(body_fields())
    known = world.store.get(REFUNDS, asked["out_refund_no"])
    if known is not None:
        return answer(_again(known, asked))
    order = _order(world, asked)
    fresh = _new_refund(world, order, asked)
    world.store.update(ORDERS, order["out_trade_no"], lambda kept: _reserved(world, kept, asked))
    _plan(world, fresh)  # before it is kept: a crash between leaves a timer without a refund, not the other way round
    if not world.store.add(REFUNDS, asked["out_refund_no"], fresh):
        world.store.update(ORDERS, order["out_trade_no"], lambda kept: _released(kept, asked["refund_fen"]))
        return answer(_again(world.store.get(REFUNDS, asked["out_refund_no"]) or fresh, asked))
    return answer(seen(fresh))


@blueprint.get("/refund/domestic/refunds/<out_refund_no>")
def refund_query(out_refund_no: str) -> Response:
    """The refund by the merchant's number; 404 RESOURCE_NOT_EXISTS."""
    known = current().store.get(REFUNDS, out_refund_no)
    if known is None:
        raise PayRefused(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    return answer(seen(known))


@timer_job("pay.refund")
def _settle_by_timer(world: World, argument: dict[str, Any]) -> None:
    waiting = world.store.get(REFUNDS, argument["out_refund_no"])
    if waiting is not None and waiting["status"] == "PROCESSING" and settings.read(world)["refunds"] == "auto":
        finish(world, argument["out_refund_no"], "SUCCESS")


def finish(world: World, out_refund_no: str, status: str) -> Refund:
    """Give a refund its result and tell the merchant. SUCCESS and CLOSED are final; ABNORMAL may still become SUCCESS.

    KeyError if there is no such refund; ValueError if the step is not possible.
    """
    success_time = world.local().isoformat(timespec="seconds")
    changed = False

    def settle(kept: Refund) -> Refund:
        nonlocal changed
        if status not in _SUMMARIES or (kept["status"] in FINAL and kept["status"] != status):
            raise ValueError(f"{kept['status']} cannot become {status}")
        changed = kept["status"] != status
        return kept | {"status": status} | ({"success_time": success_time} if status == "SUCCESS" and changed else {})

    done = world.store.update(REFUNDS, out_refund_no, settle)
    if changed and status == "CLOSED":
        world.store.update(ORDERS, done["out_trade_no"], lambda kept: _released(kept, done["refund_fen"]))
    if changed and done["notify_url"]:
        _tell(world, done)
    return done


def at_console(world: World, out_trade_no: str) -> Refund:
    """The whole payment is given back in the merchant's console: told to the merchant as any refund, asked for by none.

    ValueError for an order that is not paid, or was given back.
    """
    order = world.store.get(ORDERS, out_trade_no) or {}
    if order.get("trade_state") != "SUCCESS":
        raise ValueError("the order is not paid")
    asked = {
        "transaction_id": order["transaction_id"],
        "out_trade_no": out_trade_no,
        "out_refund_no": f"console{secrets.token_hex(8)}",
        "reason": None,
        "notify_url": order["asked"]["notify_url"],
        "refund_fen": order["asked"]["total_fen"],
        "total_fen": order["asked"]["total_fen"],
        "currency": order["asked"]["currency"],
    }
    world.store.update(ORDERS, out_trade_no, lambda kept: _reserved(world, kept, asked))
    world.store.put(REFUNDS, asked["out_refund_no"], _new_refund(world, order, asked))
    return finish(world, asked["out_refund_no"], "SUCCESS")


def seen(refund: Refund) -> dict[str, Any]:
    """A refund as create and query answer it."""
    document = {
        "refund_id": refund["refund_id"],
        "out_refund_no": refund["out_refund_no"],
        "transaction_id": refund["transaction_id"],
        "out_trade_no": refund["out_trade_no"],
        "channel": refund.get("channel", "ORIGINAL"),
        "user_received_account": refund["user_received_account"],
        "create_time": refund["create_time"],
        "status": refund["status"],
        "funds_account": "AVAILABLE",
        "promotion_detail": [],
        "amount": _amount(refund) | {
            "settlement_refund": refund["refund_fen"],
            "settlement_total": refund["total_fen"],
            "discount_refund": 0,
            "currency": "CNY",
            "from": [],
        },
    }  # fmt: skip
    return document | ({"success_time": refund["success_time"]} if "success_time" in refund else {})


def _tell(world: World, refund: Refund) -> None:
    resource = {
        "mchid": world.keys["wechat_pay"]["mchid"],
        "out_trade_no": refund["out_trade_no"],
        "transaction_id": refund["transaction_id"],
        "out_refund_no": refund["out_refund_no"],
        "refund_id": refund["refund_id"],
        "refund_status": refund["status"],
        "user_received_account": refund["user_received_account"],
        "amount": _amount(refund),
    } | ({"success_time": refund["success_time"]} if "success_time" in refund else {})
    notices.announce(
        world,
        url=refund["notify_url"],
        event_type=f"REFUND.{refund['status']}",
        original_type="refund",
        summary=_SUMMARIES[refund["status"]],
        resource=resource,
    )


def _amount(refund: Refund) -> dict[str, Any]:
    total, part = refund["total_fen"], refund["refund_fen"]
    return {"total": total, "refund": part, "payer_total": total, "payer_refund": part}


def _asked(fields: Fields) -> dict[str, Any]:
    amount = fields.must_inner("amount")
    asked = {
        "transaction_id": fields.text("transaction_id", required=False, longest=32),
        "out_trade_no": fields.text("out_trade_no", required=False, shortest=6, longest=32),
        "out_refund_no": fields.must_text("out_refund_no", longest=64, pattern=r"[0-9A-Za-z_\-|*@]+"),
        "reason": fields.text("reason", required=False, longest=80),
        "notify_url": fields.notify_url(required=False),
        "refund_fen": amount.integer("refund", least=1),
        "total_fen": amount.integer("total", least=1),
        "currency": amount.currency(),
    }
    if asked["transaction_id"] is None and asked["out_trade_no"] is None:
        raise parameter_error("/transaction_id", None, "transaction_id与out_trade_no必须有一个")
    return asked


def _order(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """The paid order to refund, found by either number; both must mean the same one."""
    if asked["transaction_id"] is not None:
        order = order_of_transaction(world, asked["transaction_id"])
    else:
        order = world.store.get(ORDERS, asked["out_trade_no"])
    if order is None:
        raise PayRefused(404, "RESOURCE_NOT_EXISTS", "订单不存在")
    if asked["out_trade_no"] not in (None, order["out_trade_no"]):
        raise invalid_request("微信支付订单号与商户订单号不一致")
    if order["trade_state"] not in ("SUCCESS", "REFUND"):
        raise invalid_request("订单未支付，不能退款")
    return order


def _reserved(world: World, order: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """Take the amount out of what can still be refunded, under the rules of the platform."""
    total = order["asked"]["total_fen"]
    now = world.seconds()
    if asked["total_fen"] != total:
        raise invalid_request("订单金额或退款金额与之前请求不一致，请核实后再试")
    if order["refunded_fen"] + asked["refund_fen"] > total:
        raise invalid_request("申请退款金额大于订单可退金额")
    if order["refund_count"] >= MOST_REFUNDS:
        raise invalid_request("单个订单最多部分退款50次")
    if now - order["refunded_at"] < GAP_SECONDS / settings.read(world)["time_scale"]:
        raise PayRefused(429, "FREQUENCY_LIMITED", "同一订单两次部分退款需间隔1分钟")
    if now - order["paid_at"] > YEAR_SECONDS:
        raise invalid_request("订单已超过一年，不能退款")
    return order | {
        "trade_state": "REFUND",
        "refunded_fen": order["refunded_fen"] + asked["refund_fen"],
        "refund_count": order["refund_count"] + 1,
        "refunded_at": now,
    }


def _released(order: dict[str, Any], refund_fen: int) -> dict[str, Any]:
    return order | {"refunded_fen": order["refunded_fen"] - refund_fen}


def _new_refund(world: World, order: dict[str, Any], asked: dict[str, Any]) -> Refund:
    day = world.local()
    return asked | {
        "refund_id": f"503{secrets.randbelow(10**8):08d}{day:%Y%m%d}{secrets.randbelow(10**10):010d}",
        "transaction_id": order["transaction_id"],
        "out_trade_no": order["out_trade_no"],
        "create_time": day.isoformat(timespec="seconds"),
        "status": "PROCESSING",
        "user_received_account": "支付用户零钱",
    }


def _again(known: Refund, asked: dict[str, Any]) -> dict[str, Any]:
    """The same number with the same amounts answers what it is now; otherwise it is refused."""
    names = ("refund_fen", "total_fen", "currency")
    numbers = all(asked[name] in (None, known[name]) for name in ("transaction_id", "out_trade_no"))
    if not numbers or any(known[name] != asked[name] for name in names):
        raise invalid_request("订单金额或退款金额与之前请求不一致，请核实后再试")
    return seen(known)


def _plan(world: World, refund: Refund) -> None:
    number, seconds = refund["out_refund_no"], settings.read(world)["refund_seconds"]
    world.timers.after(world, seconds, "pay.refund", {"out_refund_no": number}, timer_id=f"refund:{number}")
