"""Notices of WeChat Pay made by hand with the platform's own keys, so that each may be wrong in exactly one way."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from sandbox.wechat.pay import sealing
from tests.stack import Stack

PATH = "/callbacks/wechat/pay"
Headers = dict[str, str]


@dataclass(frozen=True)
class Order:
    """A payment order as our database knows it."""

    out_trade_no: str
    appid: str
    amount_fen: int
    openid: str


class Forger:
    """Builds, signs and posts notices."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.keys: dict[str, Any] = stack.sandbox.world["wechat_pay"]
        self.http = httpx.Client(base_url=stack.web_url, trust_env=False, timeout=30)

    def paid(self, order: Order, **changes: Any) -> dict[str, Any]:
        """What WeChat Pay tells of a payment of this order; None takes a field away."""
        told = {
            "mchid": self.keys["mchid"],
            "appid": order.appid,
            "out_trade_no": order.out_trade_no,
            "transaction_id": f"4200{secrets.randbelow(10**24):024d}",
            "trade_type": "JSAPI",
            "trade_state": "SUCCESS",
            "success_time": time.strftime("%Y-%m-%dT%H:%M:%S+08:00", time.gmtime(time.time() + 8 * 3600)),
            "amount": {"total": order.amount_fen, "payer_total": order.amount_fen, "currency": "CNY"},
            "payer": {"openid": order.openid},
        }
        return {name: value for name, value in {**told, **changes}.items() if value is not None}

    def envelope(self, told: dict[str, Any], *, resource: dict[str, Any] | None = None, **changes: Any) -> bytes:
        """The sealed notice; `resource` replaces fields of the sealed part."""
        plain = json.dumps(told, ensure_ascii=False).encode()
        sealed = sealing.encrypt(self.keys["api_v3_key"], plain, "transaction") | {"original_type": "transaction"}
        document = {
            "id": secrets.token_hex(16),
            "create_time": "2026-11-23T12:00:00+08:00",
            "resource_type": "encrypt-resource",
            "event_type": "TRANSACTION.SUCCESS",
            "summary": "支付成功",
            "resource": {name: value for name, value in {**sealed, **(resource or {})}.items() if value is not None},
        }
        return json.dumps({**document, **changes}, ensure_ascii=False, separators=(",", ":")).encode()

    def signed(self, body: bytes, *, skew_s: int = 0, serial: str | None = None) -> Headers:
        """The headers of a genuine notice with this body, sent now or `skew_s` from now."""
        timestamp, nonce = str(int(time.time()) + skew_s), secrets.token_hex(16)
        text = sealing.message(timestamp, nonce, body)
        return {
            "Content-Type": "application/json",
            "Wechatpay-Serial": serial or self.keys["platform_public_key_id"],
            "Wechatpay-Timestamp": timestamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Signature": sealing.sign(self.keys["platform_private_key_pem"], text),
            "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
        }

    def resigned(self, body: bytes, how: str) -> Headers:
        """Signed with the right key in a wrong way: sha1, pss, or hmac with the public key as secret."""
        headers = self.signed(body)
        text = sealing.message(headers["Wechatpay-Timestamp"], headers["Wechatpay-Nonce"], body)
        key = serialization.load_pem_private_key(self.keys["platform_private_key_pem"].encode(), None)
        made = {
            "sha1": lambda: key.sign(text, padding.PKCS1v15(), hashes.SHA1()),  # type: ignore[union-attr,call-arg]
            "pss": lambda: key.sign(  # type: ignore[union-attr,call-arg]
                text, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256()
            ),
            "hmac": lambda: hmac.digest(self.keys["platform_public_key_pem"].encode(), text, hashlib.sha256),
        }[how]()
        return headers | {"Wechatpay-Signature": base64.b64encode(made).decode()}

    def post(self, body: bytes, headers: Headers | list[tuple[str, str]]) -> httpx.Response:
        """Send it as WeChat Pay would."""
        return self.http.post(PATH, content=body, headers=headers)

    def tell(self, order: Order, **changes: Any) -> httpx.Response:
        """A genuine notice of this order with some fields of the payment changed."""
        body = self.envelope(self.paid(order, **changes))
        return self.post(body, self.signed(body))


def effects(stack: Stack) -> dict[str, int]:
    """How many rows there are of everything that a payment can bring about."""
    tables = ("outbox_events", "journals", "payment_transactions", "payment_notices")
    return {table: int(str(stack.query(f"SELECT count(*) FROM {table}")[0][0])) for table in tables}


def last_notice(stack: Stack) -> tuple[object, ...]:
    """(verdict, reason) of the newest call on the notice address."""
    return stack.query("SELECT verdict, reason FROM payment_notices ORDER BY id DESC LIMIT 1")[0]
