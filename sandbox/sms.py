"""The SMS vendor: accepts messages over its port and keeps them in an inbox that people and tests can read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from sandbox.context import current
from sandbox.ports import PortRefusal, now_text, port_blueprint, read_body

KIND = "sms"
MAINLAND_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
TEXTS: Mapping[str, str] = tomllib.loads(Path(__file__).with_name("sms_templates.toml").read_text(encoding="utf-8"))

blueprint = Blueprint("sms", __name__)
port: Blueprint = port_blueprint("sms", "/sms/v1")


@port.post("/messages")
def send() -> ResponseReturnValue:
    """{message_no, phone, template, params} → sent; the same message_no is delivered once.

    409 message.conflict when the number carries another message, 400 request.invalid for what is not a mobile number.
    """
    message = read_body(message_no=str, phone=str, template=str, params=dict)
    if not MAINLAND_MOBILE.fullmatch(message["phone"]):
        raise PortRefusal(400, "request.invalid", "phone must be a mainland mobile number of 11 digits")
    store = current().store
    store.add(KIND, message["message_no"], {**message, "sent_at": now_text()})
    kept = store.get(KIND, message["message_no"]) or message
    if any(kept[name] != message[name] for name in message):
        raise PortRefusal(409, "message.conflict", "this number carries another message")
    return {"message_no": message["message_no"], "state": "sent"}


@blueprint.get("/sandbox/api/sms")
def inbox() -> ResponseReturnValue:
    """The messages, newest first, as they read on the phone; ?phone= leaves those to one number."""
    phone = request.args.get("phone")
    store = current().store
    messages = store.find(KIND, phone=phone) if phone else store.all(KIND)
    return {"messages": [message | {"text": text(message)} for message in messages[::-1]]}


def text(message: Mapping[str, Any]) -> str:
    """What stands on the phone; of a template that was never approved only its name."""
    approved: str = TEXTS.get(message["template"], message["template"])
    return approved.format_map(_Given(message["params"]))


class _Given(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "…"


blueprint.register_blueprint(port)
