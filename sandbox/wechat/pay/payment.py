"""The moment of paying: the WeChat client checks the page's signature and the user, then the money moves."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sandbox.context import World
from sandbox.personas import Persona
from sandbox.wechat.apps import channel_of
from sandbox.wechat.pay import notices, sealing
from sandbox.wechat.pay.orders import TRANSACTIONS, transaction
from sandbox.wechat.pay.prepay import ORDERS, prepay_of

BANK_TYPE = "OTHERS"


@dataclass(frozen=True)
class ClientAnswer:
    """What wx.requestPayment hands to the page; `paid` says what really happened."""

    message: str
    paid: bool = False
    refused: bool = False


def request_payment(world: World, persona: Persona, params: dict[str, Any], outcome: str) -> ClientAnswer:
    """What the client does with {appId?, timeStamp, nonceStr, package, signType, paySign}.

    Refuses a wrong paySign, another appId than the order's, an old prepay_id and another user than the payer. `outcome`
    is what the user does: "ok" pays, "cancel" closes the sheet, "fail" has no money.
    """
    prepay = prepay_of(world, str(params.get("package", "")).removeprefix("prepay_id="))
    if prepay is None or not str(params.get("package", "")).startswith("prepay_id="):
        return _refused("支付场景非法或预支付会话已失效")
    order = world.store.get(ORDERS, prepay["out_trade_no"])
    assert order is not None
    appid = str(params.get("appId") or order["asked"]["appid"])
    if appid != order["asked"]["appid"] or not _signed(world, appid, params):
        return _refused("支付验证签名失败")
    if order["asked"].get("openid") not in _openids(persona):
        return _refused("下单账号与支付账号不一致，请核实后再支付")
    return act(world, persona, order, outcome)


def act(world: World, persona: Persona, order: dict[str, Any], outcome: str) -> ClientAnswer:
    """The user sees the cashier for this order and pays, cancels or cannot pay."""
    if outcome == "cancel":
        return ClientAnswer("requestPayment:fail cancel")
    if outcome == "fail":
        return ClientAnswer("requestPayment:fail 余额不足")
    refusal = _pay(world, persona, order["out_trade_no"])
    return _refused(refusal) if refusal else ClientAnswer("requestPayment:ok", paid=True)


def pay_as(world: World, persona: Persona, out_trade_no: str, *, late: bool = False, **telling: str) -> str:
    """Take the money in the way a scenario wants: answers why not, or the id of the notice.

    `late`: the money was on its way when the merchant closed the order. `telling`: see `notices.announce`.
    """
    refusal = _pay(world, persona, out_trade_no, late=late, **telling)
    if refusal:
        raise ValueError(refusal)
    return str(notices.of_order(world, out_trade_no)[0]["id"])


def _pay(world: World, persona: Persona, out_trade_no: str, *, late: bool = False, **telling: str) -> str:
    """Take the money once and tell the merchant; answers why not, or nothing."""
    paid_at = world.local()
    refusal = ""

    def settle(order: dict[str, Any]) -> dict[str, Any]:
        nonlocal refusal
        refusal = "" if late and order["trade_state"] == "CLOSED" else _unpayable(order, paid_at.timestamp())
        if refusal:
            return order
        return order | {
            "trade_state": "SUCCESS",
            "transaction_id": f"4200{secrets.randbelow(10**6):06d}{paid_at:%Y%m%d}{secrets.randbelow(10**10):010d}",
            "success_time": paid_at.isoformat(timespec="seconds"),
            "paid_at": paid_at.timestamp(),
            "bank_type": BANK_TYPE,
            "payer_openid": persona["wechat"][f"{channel_of(world, order['asked']['appid'])}_openid"],
        }

    order = world.store.update(ORDERS, out_trade_no, settle)
    if not refusal:
        world.store.put(TRANSACTIONS, order["transaction_id"], {"out_trade_no": out_trade_no})
        _tell(world, order, **telling)
    return refusal


def _tell(world: World, order: dict[str, Any], **telling: str) -> None:
    notices.announce(
        world,
        url=order["asked"]["notify_url"],
        event_type="TRANSACTION.SUCCESS",
        original_type="transaction",
        summary="支付成功",
        resource=transaction(order),
        **telling,
    )


def _unpayable(order: dict[str, Any], now: float) -> str:
    if order["trade_state"] == "CLOSED":
        return "该订单已关闭，请重新下单"
    if order["trade_state"] != "NOTPAY":
        return "该订单已支付"
    return "该订单已过期，请重新下单" if order["pay_until"] <= now else ""


def _signed(world: World, appid: str, params: dict[str, Any]) -> bool:
    parts = [appid, *(params.get(name) for name in ("timeStamp", "nonceStr", "package"))]
    if params.get("signType") != "RSA" or not all(isinstance(part, str) and part for part in parts):
        return False
    certificate = world.keys["wechat_pay"]["merchant_certificate_pem"]
    return sealing.verified(certificate, sealing.message(*map(str, parts)), str(params.get("paySign", "")))


def _openids(persona: Persona) -> tuple[str, str]:
    return persona["wechat"]["mini_openid"], persona["wechat"]["h5_openid"]


def _refused(text: str) -> ClientAnswer:
    return ClientAnswer(f"requestPayment:fail {text}", refused=True)
