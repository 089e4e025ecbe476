"""The check of the merchant's request signature: WECHATPAY2-SHA256-RSA2048 in the Authorization header."""

from __future__ import annotations

import re

from flask import Response, request

from sandbox.context import World, current
from sandbox.wechat.pay import sealing
from sandbox.wechat.pay.answers import PayRefused

SCHEME = "WECHATPAY2-SHA256-RSA2048"
WINDOW_SECONDS = 300
NONCES = "pay.nonce"
_FIELD = re.compile(r'(\w+)="([^"]*)"')
_WANTED = {"mchid", "nonce_str", "timestamp", "serial_no", "signature"}


def check_request() -> Response | None:
    """Refuse what the merchant did not sign, signed more than 5 minutes ago or ahead, or sends a second time (401).

    The real service also refuses a call without Accept or User-Agent (400), and a body that is not JSON (415).
    """
    world = current()
    if not request.headers.get("User-Agent") or not request.headers.get("Accept"):
        raise PayRefused(400, "PARAM_ERROR", "Http头缺少Accept或User-Agent")
    fields = _parse(request.headers.get("Authorization", ""))
    _check_identity(world, fields)
    _check_signature(world, fields)
    if not world.store.unique(NONCES, f"{fields['mchid']}:{fields['nonce_str']}"):
        raise sign_error("nonce_str", "nonce_str was used before")
    if request.get_data() and request.mimetype not in ("application/json", "multipart/form-data"):
        raise PayRefused(415, "PARAM_ERROR", "Http头Content-Type必须是application/json")
    return None


def sign_error(field: str, issue: str, signed: bytes = b"", target: str = "") -> PayRefused:
    """401 SIGN_ERROR, with what the platform tried to verify, cut as the real one cuts it."""
    detail: dict[str, object] = {"field": field, "issue": issue, "location": "authorization"}
    if signed:
        detail["sign_information"] = {
            "method": request.method,
            "url": target,
            "sign_message_length": len(signed),
            "truncated_sign_message": _truncated(signed),
        }
    return PayRefused(401, "SIGN_ERROR", "签名错误，请检查后再试", detail)


def _parse(header: str) -> dict[str, str]:
    scheme, _, rest = header.partition(" ")
    fields = dict(_FIELD.findall(rest))
    if scheme != SCHEME or not set(fields) >= _WANTED:
        raise PayRefused(401, "SIGN_ERROR", "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》")
    return fields


def _check_identity(world: World, fields: dict[str, str]) -> None:
    section = world.keys["wechat_pay"]
    if fields["mchid"] != section["mchid"]:
        raise sign_error("mchid", "mchid does not exist")
    if fields["serial_no"].upper() != section["merchant_serial"]:
        raise sign_error("serial_no", "merchant certificate serial does not exist")
    timestamp = fields["timestamp"]
    if not timestamp.isascii() or not timestamp.isdigit():
        raise sign_error("timestamp", "timestamp is not a number of seconds")
    if abs(world.wire_seconds() - int(timestamp)) > WINDOW_SECONDS:
        raise sign_error("timestamp", "timestamp expired")
    if not 1 <= len(fields["nonce_str"]) <= 64:
        raise sign_error("nonce_str", "nonce_str missing or too long")


def _check_signature(world: World, fields: dict[str, str]) -> None:
    target = request.environ["RAW_URI"]
    signed = sealing.message(request.method, target, fields["timestamp"], fields["nonce_str"], _signed_body())
    if not sealing.verified(world.keys["wechat_pay"]["merchant_certificate_pem"], signed, fields["signature"]):
        raise sign_error("signature", "sign not match", signed, target)


def _signed_body() -> bytes:
    """The body as sent; of an upload only its `meta` part is signed."""
    if request.mimetype == "multipart/form-data":
        return request.form.get("meta", "").encode()
    return request.get_data()


def _truncated(signed: bytes) -> str:
    lines = signed.decode(errors="replace").split("\n")
    lines[3] = lines[3][:4] + "..."
    return "\n".join(lines[:4]) + "\n" + "\n".join(lines[4:])[:40]
