"""One merchant's orders, refunds and notices over WeChat Pay v3."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from app.adapters.answers import AnswerMalformed, Fields
from app.adapters.wechat_pay import (
    CARD_BANKS,
    BillKind,
    Card,
    Notice,
    OrderClosed,
    PayBy,
    PayOrder,
    Refund,
    RefundOrder,
    Transaction,
)
from app.adapters.wechat_pay.bills import Bills
from app.adapters.wechat_pay.notices import read_notice
from app.adapters.wechat_pay.reading import read_refund, read_transaction
from app.adapters.wechat_pay.signing import new_nonce
from app.adapters.wechat_pay.transport import PayTransport

CHINA = ZoneInfo("Asia/Shanghai")
ORDERS = "/v3/pay/transactions"
REFUNDS = "/v3/refund/domestic/refunds"
OUT_TRADE_NO = re.compile(r"[0-9A-Za-z_-]{6,32}", re.ASCII)
REFUND_ID = re.compile(r"[0-9A-Za-z]{1,32}", re.ASCII)
OUT_REFUND_NO = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)


class PayClient:
    """The `WechatPay` protocol. `appid` is the mini-program's."""

    def __init__(self, section: Mapping[str, Any], appid: str, *, wall: Callable[[], float] = time.time) -> None:
        self._wire = PayTransport(section, wall=wall)
        self._bills = Bills(self._wire, section["base_url"])
        self._appid = appid
        self._wall = wall

    @property
    def mchid(self) -> str:
        """Our merchant number."""
        return self._wire.merchant.mchid

    @property
    def appid(self) -> str:
        """The mini-program's appid."""
        return self._appid

    def prepay(self, order: PayOrder) -> str:
        """POST /v3/pay/transactions/jsapi; the same bytes on every repeat, so it is a re-entry; see the protocol."""
        if not order.openid:
            raise ValueError("a JSAPI order names its payer")
        return self._place(order, "jsapi", "prepay_id", {"payer": {"openid": order.openid}})

    def h5_url(self, order: PayOrder) -> str:
        """POST /v3/pay/transactions/h5; see the protocol."""
        if not order.payer_address:
            raise ValueError("an H5 order names the address of the payer's phone")
        scene = {"payer_client_ip": order.payer_address, "h5_info": {"type": "Wap"}}
        return self._place(order, "h5", "h5_url", {"scene_info": scene})

    def code_url(self, order: PayOrder) -> str:
        """POST /v3/pay/transactions/native; see the protocol."""
        scene = {"scene_info": {"payer_client_ip": order.payer_address}} if order.payer_address else {}
        return self._place(order, "native", "code_url", scene)

    def _place(self, order: PayOrder, kind: PayBy, answered: str, more: dict[str, Any]) -> str:
        """ValueError for a number or sum that WeChat Pay never accepts, and for an order of another kind."""
        _check_number(OUT_TRADE_NO, order.out_trade_no)
        if order.pay_by != kind:
            raise ValueError("the order is paid in another way")
        if order.amount_fen < 1 or order.expires_at.tzinfo is None:
            raise ValueError("an order needs a sum of at least one fen and an aware expiry")
        body = {
            "appid": order.appid,
            "mchid": self.mchid,
            "description": plain_text(order.description, 127),
            "out_trade_no": order.out_trade_no,
            "time_expire": order.expires_at.astimezone(CHINA).isoformat(timespec="seconds"),
            "notify_url": order.notify_url,
            "amount": {"total": order.amount_fen, "currency": "CNY"},
            **more,
        }
        answer = self._wire.call("prepay", "POST", f"{ORDERS}/{kind}", body)
        return self._wire.read("prepay", answer, lambda fields: fields.text(answered))

    def client_parameters(self, prepay_id: str, appid: str) -> dict[str, str]:
        """See the protocol."""
        timestamp, nonce, package = str(int(self._wall())), new_nonce(), f"prepay_id={prepay_id}"
        return {
            "appId": appid,
            "timeStamp": timestamp,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": self._wire.merchant.pay_sign(appid, timestamp, nonce, package),
        }

    def query(self, out_trade_no: str) -> Transaction:
        """GET …/out-trade-no/{no}; see the protocol."""
        _check_number(OUT_TRADE_NO, out_trade_no)
        answer = self._wire.call("query", "GET", f"{ORDERS}/out-trade-no/{out_trade_no}?mchid={self.mchid}")
        return self._wire.read("query", answer, lambda fields: _transaction(fields, out_trade_no))

    def close(self, out_trade_no: str) -> None:
        """POST …/out-trade-no/{no}/close; see the protocol."""
        _check_number(OUT_TRADE_NO, out_trade_no)
        try:
            self._wire.call("close", "POST", f"{ORDERS}/out-trade-no/{out_trade_no}/close", {"mchid": self.mchid})
        except OrderClosed:
            return

    def refund(self, order: RefundOrder) -> Refund:
        """POST /v3/refund/domestic/refunds; see the protocol."""
        _check_number(OUT_REFUND_NO, order.out_refund_no)
        if not 1 <= order.amount_fen <= order.order_amount_fen:
            raise ValueError("a refund is at least one fen and at most the order's sum")
        by_order = {"out_trade_no": order.out_trade_no}
        body = {
            **({"transaction_id": order.transaction_id} if order.transaction_id else by_order),
            "out_refund_no": order.out_refund_no,
            "reason": plain_text(order.reason, 80),
            "notify_url": order.notify_url,
            "amount": {"refund": order.amount_fen, "total": order.order_amount_fen, "currency": "CNY"},
        }
        answer = self._wire.call("refund", "POST", REFUNDS, body)
        return self._wire.read("refund", answer, lambda fields: _refund(fields, order.out_refund_no))

    def query_refund(self, out_refund_no: str) -> Refund:
        """GET /v3/refund/domestic/refunds/{no}; see the protocol."""
        _check_number(OUT_REFUND_NO, out_refund_no)
        answer = self._wire.call("query_refund", "GET", f"{REFUNDS}/{out_refund_no}")
        return self._wire.read("query_refund", answer, lambda fields: _refund(fields, out_refund_no))

    def redirect_refund(self, *, refund_id: str, out_refund_no: str, card: Card | None) -> Refund:
        """POST /v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund; see the protocol.

        Number and name are encrypted for the key that the request's Wechatpay-Serial names.
        """
        _check_number(REFUND_ID, refund_id)
        _check_number(OUT_REFUND_NO, out_refund_no)
        if card and card.bank_type not in CARD_BANKS:
            raise ValueError("WeChat Pay sends no refund to cards of this bank")
        body = {"out_refund_no": out_refund_no, "type": "USER_BANK_CARD" if card else "MERCHANT_BANK_CARD"}
        private = {"bank_account": card.account_no, "real_name": card.account_name} if card else {}
        body |= {"bank_type": card.bank_type} if card else {}
        target = f"{REFUNDS}/{refund_id}/apply-abnormal-refund"
        answer = self._wire.call("redirect_refund", "POST", target, body, private=private)
        return self._wire.read("redirect_refund", answer, lambda fields: _refund(fields, out_refund_no))

    def fetch_bill(self, kind: BillKind, day: date, into: BinaryIO) -> str:
        """See the protocol."""
        return self._bills.fetch(kind, day, into)

    def read_notice(self, headers: Mapping[str, str], raw: bytes) -> Notice:
        """See the protocol."""
        return read_notice(self._wire.keys.find, self._wire.api_v3_key, headers, raw, self._wall())


def plain_text(text: str, longest: int) -> str:
    """What WeChat Pay's fields can hold: no control characters, none beyond three bytes of UTF-8 (emoji)."""
    return "".join(char for char in text if char.isprintable() and char <= "\uffff")[:longest]


def _check_number(shape: re.Pattern[str], number: str) -> None:
    if not shape.fullmatch(number):
        raise ValueError("the number is not of a shape that WeChat Pay accepts")


def _transaction(fields: Fields, out_trade_no: str) -> Transaction:
    found = read_transaction(fields)
    if found.out_trade_no != out_trade_no:
        raise AnswerMalformed("out_trade_no")
    return found


def _refund(fields: Fields, out_refund_no: str) -> Refund:
    found = read_refund(fields)
    if found.out_refund_no != out_refund_no:
        raise AnswerMalformed("out_refund_no")
    return found
