"""A caller of the Dukou ports for tests: signs its requests and checks the signature of every answer."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sandbox.context import World


class PortCaller:
    """Holds one port client's credentials, as the bank does. The signature is written here a second time on purpose."""

    def __init__(self, client: FlaskClient, world: World, port: str) -> None:
        self.client = client
        self.world = world
        self.credentials = world.keys["ports"][port]

    def sign(self, *lines: str) -> str:
        return hmac.new(self.credentials["secret"].encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest()

    def headers(self, method: str, target: str, body: bytes, **changes: str) -> dict[str, str]:
        timestamp, nonce = str(int(self.world.seconds())), secrets.token_hex(16)
        signature = self.sign(method, target, timestamp, nonce, hashlib.sha256(body).hexdigest())
        return {
            "X-Port-Client": self.credentials["client_id"],
            "X-Port-Timestamp": timestamp,
            "X-Port-Nonce": nonce,
            "X-Port-Signature": signature,
            "Content-Type": "application/json",
        } | changes

    def call(self, method: str, target: str, content: dict[str, Any] | None = None) -> TestResponse:
        body = b"" if content is None else json.dumps(content, ensure_ascii=False).encode()
        answer = self.client.open(target, method=method, data=body, headers=self.headers(method, target, body))
        expected = self.sign(
            answer.headers["X-Port-Timestamp"], str(answer.status_code), hashlib.sha256(answer.data).hexdigest()
        )
        assert hmac.compare_digest(answer.headers["X-Port-Signature"], expected)
        return answer

    def post(self, target: str, content: dict[str, Any]) -> TestResponse:
        return self.call("POST", target, content)

    def get(self, target: str) -> TestResponse:
        return self.call("GET", target)
