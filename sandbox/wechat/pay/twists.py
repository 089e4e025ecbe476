"""Notices that must not be believed: copies with another content, an old time, a foreign serial or a changed byte."""

from __future__ import annotations

import json
from typing import Any

from sandbox.context import World
from sandbox.wechat.pay import keys, sealing


class TwistRefused(Exception):
    """There is no such twist, or it cannot have this value; the message names it."""


def check(twist: dict[str, Any]) -> None:
    """Refuse what `twisted` does not understand.

    resource: {fields} laid over the true content, sealed and signed well (a wrong amount, another merchant).
    skew_seconds: the time stamp is that far off, signed well. serial: another Wechatpay-Serial in the header.
    flip_byte: one byte of the body changes after signing. signature: another Wechatpay-Signature.
    """
    kinds = {"resource": dict, "skew_seconds": int, "serial": str, "flip_byte": bool, "signature": str}
    for name, value in twist.items():
        if name not in kinds or type(value) is not kinds[name]:
            raise TwistRefused(name)


def twisted(world: World, envelope: str, twist: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    """The body and the Wechatpay-* headers of such a copy."""
    body = _resealed(world, envelope, twist["resource"]) if "resource" in twist else envelope.encode()
    key = keys.notice_key(world)
    headers = keys.signature_headers(world, key, body, skew_seconds=twist.get("skew_seconds", 0))
    headers["Wechatpay-Serial"] = twist.get("serial", key.serial)
    headers["Wechatpay-Signature"] = twist.get("signature", headers["Wechatpay-Signature"])
    if twist.get("flip_byte"):
        middle = body.index(b'"ciphertext"') + 20  # inside the sealed text, so that the JSON stays readable
        body = body[:middle] + (b"A" if body[middle : middle + 1] != b"A" else b"B") + body[middle + 1 :]
    return body, headers


def _resealed(world: World, envelope: str, changes: dict[str, Any]) -> bytes:
    document = json.loads(envelope)
    api_key = world.keys["wechat_pay"]["api_v3_key"]
    content = _laid_over(json.loads(sealing.decrypt(api_key, document["resource"])), changes)
    sealed = sealing.encrypt(
        api_key, json.dumps(content, ensure_ascii=False).encode(), document["resource"]["associated_data"]
    )
    document["resource"] |= sealed
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _laid_over(content: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Objects are merged, everything else is replaced."""
    merged = dict(content)
    for name, value in changes.items():
        both = isinstance(value, dict) and isinstance(content.get(name), dict)
        merged[name] = _laid_over(content[name], value) if both else value
    return merged
