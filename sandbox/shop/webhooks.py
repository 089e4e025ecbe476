"""The partner's receiver of the bank's webhooks: verified on the raw bytes, each id taken once, every delivery kept."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from sandbox.context import World, current
from sandbox.shop import orders
from sandbox.store import Document

blueprint = Blueprint("shop_webhooks", __name__)

TOLERANCE_SECONDS = 300
DELIVERY = "shop_webhook"
SEEN = "shop_webhook_seen"
SETTINGS = ("shop_webhook_settings", "current")
PAYOUT = "shop_payout"


class WebhookRefused(Exception):
    """The delivery is not proven to come from the bank; the message is the verdict that is kept."""


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> str:
    """Check a delivery by Standard Webhooks (HMAC-SHA256, `v1`) and answer its id.

    `secret` is whsec_<base64>. One good signature of the space-separated list is enough (rotation); 300 s either way.
    Header names must be lower-case. Raises WebhookRefused.
    """
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "")
    if not (message_id and timestamp and given):
        raise WebhookRefused("missing_headers")
    if not (timestamp.isascii() and timestamp.isdigit() and abs(now - int(timestamp)) <= TOLERANCE_SECONDS):
        raise WebhookRefused("stale_timestamp")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    expected = hmac.new(key, signed, hashlib.sha256).digest()
    for version, _, signature in (item.partition(",") for item in given.split(" ")):
        if version == "v1" and hmac.compare_digest(_decoded(signature), expected):
            return message_id
    raise WebhookRefused("bad_signature")


def _decoded(signature: str) -> bytes:
    try:
        return base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return b""


@blueprint.post("/shop/webhooks")
def receive() -> ResponseReturnValue:
    """Take one delivery: 204 when taken or taken before, 401 when not proven, 500 when told to fail."""
    world = current()
    body = request.get_data()
    headers = {name.lower(): value for name, value in request.headers.items()}
    verdict, status = _judge(world, headers, body)
    delivery_id = secrets.token_hex(8)
    delivery = {
        "id": delivery_id,
        "received_at": world.now().isoformat(timespec="milliseconds"),
        "headers": headers,
        "body": body.decode(errors="replace"),
        "verdict": verdict,
        "status": status,
    }
    world.store.put(DELIVERY, delivery_id, delivery)
    return "", status


def _judge(world: World, headers: Mapping[str, str], body: bytes) -> tuple[str, int]:
    try:
        message_id = verify(world.keys["partner"]["webhook_secret"], headers, body, world.wire_seconds())
    except WebhookRefused as refused:
        return str(refused), 401
    if _told_to_fail(world):
        return "failed_on_request", 500
    if world.store.get(SEEN, message_id) is not None:
        return "duplicate", 204
    try:
        verdict = _take(world, json.loads(body))
    except (ValueError, TypeError, KeyError, AttributeError):
        verdict = "unreadable"
    # Marked last: a crash before this line makes the bank send again, and orders take an event twice without harm.
    world.store.unique(SEEN, message_id)
    return verdict, 400 if verdict == "unreadable" else 204


def _told_to_fail(world: World) -> bool:
    world.store.add(*SETTINGS, {"fail_next": 0})
    failing = False

    def change(settings: Document) -> Document:
        nonlocal failing
        failing = settings["fail_next"] > 0
        return {"fail_next": max(0, settings["fail_next"] - 1)}

    world.store.update(*SETTINGS, change)
    return failing


def _take(world: World, event: dict[str, Any]) -> str:
    """Let the event act on its order; events without one of our orders, or of unknown type, are kept and ignored."""
    datetime.fromisoformat(event["timestamp"])
    order_ref = event["data"].get("order_ref")
    if event["type"] != "order.financed" and event["type"] not in orders.LOAN_STAGES:
        return "ignored_type"
    if not order_ref or not world.store.get(orders.KIND, order_ref):
        return "no_such_order"
    order = world.store.update(orders.KIND, order_ref, lambda document: orders.apply_event(document, event))
    if event["type"] == "disbursement.succeeded":
        amount_fen = event["data"].get("amount_fen", order["amount_fen"])
        payout = {"order_ref": order_ref, "amount_fen": amount_fen, "at": event["timestamp"]}
        world.store.put(PAYOUT, order_ref, payout)
    return "taken"


@blueprint.get("/sandbox/api/webhooks")
def deliveries() -> ResponseReturnValue:
    """Every delivery the partner has seen, newest first, and how many of the next will fail."""
    world = current()
    settings = world.store.get(*SETTINGS) or {"fail_next": 0}
    return {"webhooks": world.store.all(DELIVERY)[::-1], "settings": settings}


@blueprint.post("/sandbox/api/webhooks/settings")
def settings() -> ResponseReturnValue:
    """{"fail_next": n}: answer 500 to the next n genuine deliveries."""
    asked = request.get_json(silent=True) or {}
    count = asked.get("fail_next")
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= 1000:
        return {"code": "request.invalid", "detail": "fail_next must be a whole number from 0 to 1000"}, 400
    current().store.put(*SETTINGS, {"fail_next": count})
    return {"fail_next": count}
