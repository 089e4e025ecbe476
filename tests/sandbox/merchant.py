"""A merchant of WeChat Pay for the tests: signs requests with its own code, checks answers, listens for notices."""

from __future__ import annotations

import base64
import functools
import json
import threading
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sandbox.context import World

CHECK = (padding.PKCS1v15(), hashes.SHA256())


@functools.cache
def private_key(pem: str) -> RSAPrivateKey:
    """Reading a key takes tens of milliseconds, so each is read once."""
    key = serialization.load_pem_private_key(pem.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    return key


class Merchant:
    """Calls /v3 of a sandbox application as a merchant's server does."""

    def __init__(self, client: FlaskClient, world: World) -> None:
        self.client = client
        self.world = world
        self.section = world.keys["wechat_pay"]

    def sign(self, *lines: str) -> str:
        text = "".join(f"{line}\n" for line in lines).encode()
        return base64.b64encode(private_key(self.section["merchant_private_key_pem"]).sign(text, *CHECK)).decode()

    def authorization(self, method: str, target: str, body: str, **wrong: str) -> str:
        fields = {
            "mchid": self.section["mchid"],
            "nonce_str": uuid.uuid4().hex,
            "timestamp": str(int(self.world.seconds())),
            "serial_no": self.section["merchant_serial"],
        } | {name: value for name, value in wrong.items() if name != "signature"}
        signature = self.sign(method, target, fields["timestamp"], fields["nonce_str"], body)
        fields["signature"] = wrong.get("signature", signature)
        return "WECHATPAY2-SHA256-RSA2048 " + ",".join(f'{name}="{value}"' for name, value in fields.items())

    def call(self, method: str, target: str, body: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        text = "" if body is None else json.dumps(body, ensure_ascii=False)
        known = {
            "Authorization": self.authorization(method, target, text),
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "tests",
            "Wechatpay-Serial": self.section["platform_public_key_id"],
        }
        return self.client.open(target, method=method, data=text.encode(), headers=known | headers)

    def order(self, **changes: Any) -> dict[str, Any]:
        return {
            "appid": self.world.keys["wechat"]["mini"]["appid"],
            "mchid": self.section["mchid"],
            "description": "测试还款",
            "out_trade_no": "R" + uuid.uuid4().hex[:24],
            "notify_url": "http://127.0.0.1:9/callbacks/wechat/pay",
            "amount": {"total": 856066, "currency": "CNY"},
            "payer": {"openid": self.openid("good")},
        } | changes

    def openid(self, persona: str, app: str = "mini") -> str:
        return str((self.world.store.get("persona", persona) or {})["wechat"][f"{app}_openid"])

    def prepay(self, **changes: Any) -> tuple[dict[str, Any], str]:
        order = self.order(**changes)
        answer = self.call("POST", "/v3/pay/transactions/jsapi", order)
        assert answer.status_code == 200, answer.text
        return order, answer.json["prepay_id"]

    def client_params(self, prepay_id: str, **wrong: str) -> dict[str, str]:
        params = {
            "appId": self.world.keys["wechat"]["mini"]["appid"],
            "timeStamp": str(int(self.world.seconds())),
            "nonceStr": uuid.uuid4().hex,
            "package": f"prepay_id={prepay_id}",
            "signType": "RSA",
        } | wrong
        params["paySign"] = self.sign(*(params[name] for name in ("appId", "timeStamp", "nonceStr", "package")))
        return params

    def pay(self, prepay_id: str, persona: str = "good", outcome: str = "ok", **wrong: str) -> TestResponse:
        asked = {"persona": persona, "params": self.client_params(prepay_id, **wrong), "outcome": outcome}
        return self.client.post("/sandbox/api/wechat/request-payment", json=asked)

    def paid_order(self, **changes: Any) -> dict[str, Any]:
        order, prepay_id = self.prepay(**changes)
        assert self.pay(prepay_id).json["errMsg"] == "requestPayment:ok"
        return order

    def query(self, out_trade_no: str) -> TestResponse:
        return self.call("GET", f"/v3/pay/transactions/out-trade-no/{out_trade_no}?mchid={self.section['mchid']}")

    def platform_signed(self, headers: Any, body: bytes) -> bool:
        """Is this answer or notice signed with the platform key that its serial names?"""
        serial = headers["Wechatpay-Serial"]
        if serial == self.section["platform_public_key_id"]:
            key = serialization.load_pem_public_key(self.section["platform_public_key_pem"].encode())
        else:
            assert serial == self.section["platform_certificate"]["serial"]
            pem = self.section["platform_certificate"]["certificate_pem"].encode()
            key = x509.load_pem_x509_certificate(pem).public_key()
        text = f"{headers['Wechatpay-Timestamp']}\n{headers['Wechatpay-Nonce']}\n".encode() + body + b"\n"
        try:
            key.verify(base64.b64decode(headers["Wechatpay-Signature"]), text, *CHECK)  # type: ignore[union-attr, call-arg, arg-type]
        except Exception:
            return False
        return True


@dataclass
class Received:
    """One request that reached the listener."""

    headers: Any
    body: bytes


@dataclass
class Listener:
    """A notify_url on this machine that answers with the statuses it was given, then with 204."""

    answers: list[int] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)

    def __enter__(self) -> Listener:
        listener = self
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with lock:
                    listener.received.append(Received(self.headers, body))
                    status = listener.answers.pop(0) if listener.answers else 204
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/callbacks/wechat/pay"
