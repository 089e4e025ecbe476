"""What WeChat pushes to the bank's address: events of subscribe messages, three attempts each, signed and encrypted."""

from __future__ import annotations

import json
import secrets
import time
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import httpx

from sandbox.context import World
from sandbox.timers import timer_job
from sandbox.wechat import push_sealing

KIND = "wechat.push"
SETTINGS = ("wechat.settings", "pushes")
PATH = "/callbacks/wechat/messages"
ATTEMPTS, GAP_SECONDS, TIMEOUT_SECONDS = 3, 5.0, 5.0
LISTS = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
    "subscribe_msg_sent_event": "SubscribeMsgSentEvent",
}
USUAL: dict[str, Any] = {"pushes": "normal", "format": "json", "mode": "safe"}
CHOICES = {"pushes": ("normal", "lost"), "format": ("json", "xml"), "mode": ("safe", "plain")}
TWISTS = ("flip_byte", "signature", "skew_seconds", "appid", "doctype", "token")

_http = httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False)


def settings(world: World) -> dict[str, Any]:
    """How pushes go out now."""
    return USUAL | (world.store.get(*SETTINGS) or {})


def change_settings(world: World, changes: dict[str, Any]) -> dict[str, Any]:
    """Change some; ValueError names what cannot be. pushes: lost sends none. format, mode: as the console sets them."""
    for name, value in changes.items():
        if value not in CHOICES.get(name, ()):
            raise ValueError(name)
    world.store.put(*SETTINGS, settings(world) | changes)
    return settings(world)


def announce(world: World, openid: str, event: str, listed: list[dict[str, Any]]) -> dict[str, Any]:
    """Push an event about a user's subscriptions; kept also when it is lost on its way."""
    content = {
        "ToUserName": "gh_sandbox",
        "FromUserName": openid,
        "CreateTime": int(world.seconds()),
        "MsgType": "event",
        "Event": event,
        "List": listed,
    }
    return push(world, content)


def push(world: World, content: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Keep a push and send it; `changes` overrule the settings (format, mode) for this one."""
    kept = settings(world) | changes
    number = secrets.token_hex(8)
    document = {
        "id": number,
        "content": content,
        "format": kept["format"],
        "mode": kept["mode"],
        "state": "lost" if kept["pushes"] == "lost" else "pending",
        "attempts": [],
        "at": world.now().isoformat(),
    }
    world.store.put(KIND, number, document)
    if document["state"] == "pending":
        world.timers.after(world, 0, "wechat.push", {"id": number})
    return document


def resend(world: World, number: str, *, copies: int, twist: dict[str, Any] | None) -> dict[str, Any]:
    """Send a push `copies` times at once, besides its attempts; with a twist the bank must refuse them."""
    document = world.store.get(KIND, number)
    if document is None:
        raise KeyError(number)
    if set(twist or {}) - set(TWISTS):
        raise ValueError("twist")
    for _ in range(copies):
        world.timers.after(world, 0, "wechat.push.copy", {"id": number, "twist": twist})
    return document


@timer_job("wechat.push")
def _deliver(world: World, argument: dict[str, Any]) -> None:
    document = world.store.get(KIND, argument["id"])
    if document is None or document["state"] != "pending":
        return
    attempt = _post(world, document, {})

    def record(kept: dict[str, Any]) -> dict[str, Any]:
        attempts = [*kept["attempts"], attempt]
        tried = sum(not one["copy"] for one in attempts)
        state = "delivered" if attempt["status"] == 200 else "gave_up" if tried >= ATTEMPTS else "pending"
        return kept | {"attempts": attempts, "state": state}

    if world.store.update(KIND, document["id"], record)["state"] == "pending":
        world.timers.after(world, GAP_SECONDS, "wechat.push", {"id": document["id"]})


@timer_job("wechat.push.copy")
def _deliver_copy(world: World, argument: dict[str, Any]) -> None:
    document = world.store.get(KIND, argument["id"])
    if document is not None:
        attempt = _post(world, document, argument["twist"] or {}) | {"copy": True, "twist": argument["twist"]}
        world.store.update(KIND, document["id"], lambda kept: kept | {"attempts": [*kept["attempts"], attempt]})


def _post(world: World, document: dict[str, Any], twist: dict[str, Any]) -> dict[str, Any]:
    body, query = packed(world, document, twist)
    started, status, problem = time.monotonic(), None, ""
    try:
        kind = "text/xml" if document["format"] == "xml" else "application/json"
        url = f"{world.bank_url}{PATH}?{urlencode(query)}"
        status = _http.post(url, content=body, headers={"Content-Type": kind}).status_code
    except httpx.HTTPError as error:
        problem = type(error).__name__
    milliseconds = round((time.monotonic() - started) * 1000)
    happened = {"at": world.now().isoformat(), "status": status, "problem": problem, "copy": False}
    return happened | {"milliseconds": milliseconds}


def packed(world: World, document: dict[str, Any], twist: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    """The body and the query of one sending, signed now.

    Twists: flip_byte of the cipher after signing, another signature, skew_seconds, appid or token of somebody else,
    a doctype in front of the XML.
    """
    app = world.keys["wechat"]["mini"]
    token, nonce = twist.get("token", app["message_token"]), secrets.token_hex(5)
    timestamp = str(int(world.wire_seconds()) + int(twist.get("skew_seconds", 0)))
    query = {"signature": push_sealing.signature(token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
    plain = written(document["content"], document["format"])
    if document["mode"] == "plain":
        return _with_doctype(plain, twist), query | {"signature": twist.get("signature", query["signature"])}
    receiver = twist.get("appid", app["appid"])
    sealed = push_sealing.encrypt(app["encoding_aes_key"], _with_doctype(plain, twist), receiver)
    proof = twist.get("signature", push_sealing.signature(token, timestamp, nonce, sealed))
    if twist.get("flip_byte"):
        sealed = sealed[:30] + ("A" if sealed[30] != "A" else "B") + sealed[31:]
    envelope = {"ToUserName": "gh_sandbox", "Encrypt": sealed}
    more = {"encrypt_type": "aes", "msg_signature": proof, "openid": document["content"]["FromUserName"]}
    return written(envelope, document["format"]), query | more


def written(content: dict[str, Any], form: str) -> bytes:
    """As JSON, or as the XML of the same content."""
    if form == "json":
        return json.dumps(content, ensure_ascii=False).encode()
    content = dict(content)
    if "List" in content:
        content[LISTS.get(content.get("Event", ""), "Lists")] = {"List": content.pop("List")}
    return f"<xml>{_elements(content)}</xml>".encode()


def _elements(content: dict[str, Any]) -> str:
    pieces = []
    for name, value in content.items():
        for one in value if isinstance(value, list) else [value]:
            inner = _elements(one) if isinstance(one, dict) else escape(str(one))
            pieces.append(f"<{name}>{inner}</{name}>")
    return "".join(pieces)


def _with_doctype(plain: bytes, twist: dict[str, Any]) -> bytes:
    if not twist.get("doctype"):
        return plain
    return b'<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + plain
