"""Refunds that could not reach the payer's account: to a debit card of the payer's, or to the merchant's bank."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from sandbox.context import World, current
from sandbox.timers import timer_job
from sandbox.wechat.pay import sealing, settings
from sandbox.wechat.pay.answers import PayRefused, answer, invalid_request, parameter_error
from sandbox.wechat.pay.fields import Fields, body_fields
from sandbox.wechat.pay.keys import opening_key
from sandbox.wechat.pay.refunds import REFUNDS, Refund, finish, seen

BANKS = {
    "ICBC_DEBIT": "工商银行", "ABC_DEBIT": "农业银行", "BOC_DEBIT": "中国银行", "CCB_DEBIT": "建设银行",
    "COMM_DEBIT": "交通银行", "PSBC_DEBIT": "邮储银行", "CMB_DEBIT": "招商银行", "PAB_DEBIT": "平安银行",
    "SPDB_DEBIT": "浦发银行", "CITIC_DEBIT": "中信银行", "CEB_DEBIT": "光大银行", "CMBC_DEBIT": "民生银行",
    "CIB_DEBIT": "兴业银行", "GDB_DEBIT": "广发银行", "NBCB_DEBIT": "宁波银行",
}  # fmt: skip
DEAD_CARD = "0000"  # the magic end of a card that takes nothing either
LONGEST_SEALED = 1024

blueprint = Blueprint("wechat_pay_abnormal_refunds", __name__)


@blueprint.post("/refund/domestic/refunds/<refund_id>/apply-abnormal-refund")
def abnormal_refund(refund_id: str) -> Response:
    """Another way for an ABNORMAL refund under its own number: it is PROCESSING again, and its result comes later."""
    world = current()
    fields = body_fields()
    number = fields.must_text("out_refund_no", longest=64)
    known = world.store.get(REFUNDS, number)
    if known is None or known["refund_id"] != refund_id:
        raise PayRefused(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    way = _way(world, fields)

    def turn(kept: Refund) -> Refund:
        if kept["status"] != "ABNORMAL":
            raise invalid_request("退款单状态不是退款异常，不能发起异常退款")
        return kept | way | {"status": "PROCESSING"}

    turned = world.store.update(REFUNDS, number, turn)
    seconds = settings.read(world)["refund_seconds"]
    world.timers.after(world, seconds, "pay.abnormal_refund", {"out_refund_no": number}, timer_id=f"abnormal:{number}")
    return answer(seen(turned))


@timer_job("pay.abnormal_refund")
def _settle_by_timer(world: World, argument: dict[str, Any]) -> None:
    waiting = world.store.get(REFUNDS, argument["out_refund_no"])
    if waiting is not None and waiting["status"] == "PROCESSING" and settings.read(world)["refunds"] == "auto":
        dead = waiting["user_received_account"].endswith(DEAD_CARD)
        finish(world, argument["out_refund_no"], "ABNORMAL" if dead else "SUCCESS")


def _way(world: World, fields: Fields) -> dict[str, Any]:
    kind = fields.must_text("type", longest=32)
    if kind == "MERCHANT_BANK_CARD":
        return {"channel": "OTHER_BANKCARD", "user_received_account": "商户结算银行账户"}
    if kind != "USER_BANK_CARD":
        raise parameter_error("/type", kind, "不是可选的异常退款处理方式")
    bank = fields.must_text("bank_type", longest=16)
    if bank not in BANKS:
        raise parameter_error("/bank_type", bank, "不支持该银行的借记卡")
    number, name = (_opened(world, fields, one) for one in ("bank_account", "real_name"))
    if not number.isascii() or not number.isdigit() or not name:
        raise parameter_error("/bank_account", None, "收款银行卡号不正确")
    return {"channel": "OTHER_BANKCARD", "user_received_account": f"{BANKS[bank]}借记卡{number[-4:]}"}


def _opened(world: World, fields: Fields, name: str) -> str:
    sealed = fields.must_text(name, longest=LONGEST_SEALED)
    key = opening_key(world, request.headers.get("Wechatpay-Serial", ""))
    if key is None:
        raise parameter_error("/Wechatpay-Serial", None, "敏感字段需要用该序列号的公钥加密")
    try:
        return sealing.open_sensitive(key.private_key_pem, sealed)
    except ValueError:
        raise parameter_error(f"/{name}", None, "敏感字段解密失败") from None
