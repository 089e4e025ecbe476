"""Proof that a message comes from WeChat Pay: headers, time window, key by serial, signature over the raw bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives.asymmetric import rsa

from app.adapters.wechat_pay import NoticeFault
from app.adapters.wechat_pay.signing import SCHEME, lines, verifies

FindKey = Callable[[str], rsa.RSAPublicKey | None]  # by Wechatpay-Serial
WINDOW_S = 300
LONGEST = {"serial": 64, "timestamp": 12, "nonce": 128, "signature": 1024, "signature-type": 64}


class NotGenuine(Exception):
    """The message did not prove where it comes from; `reason` names the step that failed."""

    def __init__(self, reason: NoticeFault) -> None:
        super().__init__(reason)
        self.reason = reason


def verify(find: FindKey, headers: Mapping[str, str], raw: bytes, now: float) -> None:
    """Check a notice or an answer before any of it is parsed. Raises NotGenuine."""
    given = _wechatpay(headers)
    if given.get("signature-type", SCHEME) != SCHEME:
        raise NotGenuine("headers")
    timestamp = given["timestamp"]
    # first the clock: what is stale must not make us fetch certificates
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(now - int(timestamp)) >= WINDOW_S:
        raise NotGenuine("timestamp")
    key = find(given["serial"])
    if key is None:
        raise NotGenuine("serial")
    if not verifies(key, lines(timestamp, given["nonce"], raw), given["signature"]):
        raise NotGenuine("signature")


def _wechatpay(headers: Mapping[str, str]) -> dict[str, str]:
    """The Wechatpay-* headers by their last part, whatever their case; each once, printable and of decent length."""
    found: dict[str, str] = {}
    for name, value in headers.items():
        part = name.lower().removeprefix("wechatpay-")
        if part == name.lower() or part not in LONGEST:
            continue
        if found.get(part, value) != value or not value.isascii() or not value.isprintable():
            raise NotGenuine("headers")
        if len(value) > LONGEST[part]:
            raise NotGenuine("serial" if part == "serial" else "headers")
        found[part] = value
    if not all(found.get(part) for part in ("serial", "timestamp", "nonce", "signature")):
        raise NotGenuine("headers")
    return found
