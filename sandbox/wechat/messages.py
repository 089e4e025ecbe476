"""Subscribe messages with their one-time grants, and the content check of texts."""

from __future__ import annotations

import re
import secrets
from typing import Any

from flask import Blueprint, Response

from sandbox import personas
from sandbox.context import World, current
from sandbox.wechat import pushes
from sandbox.wechat.answers import Refused, done, json_body
from sandbox.wechat.login import is_mini_user, visited
from sandbox.wechat.tokens import channel_token

MESSAGES = "wechat.message"
GRANTS = "wechat.grant"
TEMPLATES = "wechat.template"
VISIT_SECONDS = 2 * 3600
LONGEST_CONTENT = 2500
BUSY_WORDS = "测试繁忙"
RISKY_WORDS = {"测试违规": ("risky", 20006), "测试疑似": ("review", 20001)}

_CHINESE_TIME = r"(\d{4}年\d{1,2}月\d{1,2}日\s?)?\d{1,2}:\d{2}(~.*)?|\d{4}年\d{1,2}月\d{1,2}日"
_RULES = {
    "thing": r".{1,20}",
    "number": r"\d{1,32}(\.\d+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": r"[\x20-\x7e]{1,32}",
    "time": _CHINESE_TIME,
    "date": _CHINESE_TIME,
    "amount": r"[¥$€£]?\d{1,10}(\.\d+)?元?",
    "phone_number": r"[\d+\-]{1,17}",
    "car_number": r".{1,8}",
    "name": r"[一-鿿·]{1,10}|[A-Za-z .]{1,20}",
    "phrase": r"[一-鿿]{1,5}",
}

blueprint = Blueprint("wechat_messages", __name__)


@blueprint.post("/cgi-bin/message/subscribe/send")
def send() -> Response:
    """One message for one grant. 40003 openid, 40037 template, 41030 page, 47003 field, 43101 no grant left."""
    world = current()
    body = json_body()
    channel_token(world, "mini")
    openid = str(body.get("touser", ""))
    template = template_of(world, str(body.get("template_id", "")))
    if not is_mini_user(world, openid):
        raise Refused(40003)
    if template is None:
        raise Refused(40037)
    if body.get("page") and not re.fullmatch(r"[A-Za-z0-9_\-][\w\-/]*(\?.*)?", str(body["page"])):
        raise Refused(41030)
    values = _checked_values(template["fields"], body.get("data"))
    _use_grant(world, openid, template["template_id"])
    number = secrets.randbelow(2**61)
    message = {
        "msgid": str(number),
        "openid": openid,
        "template_id": template["template_id"],
        "title": template["title"],
        "page": body.get("page", ""),
        "data": values,
        "at": world.now().isoformat(),
    }
    world.store.put(MESSAGES, secrets.token_hex(8), message)
    told = {"TemplateId": template["template_id"], "MsgID": str(number), "ErrorCode": "0", "ErrorStatus": "success"}
    pushes.announce(world, openid, "subscribe_msg_sent_event", [told])
    return done(msgid=number)


@blueprint.post("/wxa/msg_sec_check")
def check_text() -> Response:
    """Version 2 of the content check: errcode 0 says nothing, result.suggest decides."""
    world = current()
    body = json_body()
    channel_token(world, "mini")
    content = body.get("content")
    if body.get("version") != 2 or not isinstance(content, str) or not 1 <= len(content) <= LONGEST_CONTENT:
        raise Refused(47001)
    if body.get("scene") not in (1, 2, 3, 4):
        raise Refused(40129)
    openid = str(body.get("openid", ""))
    if not is_mini_user(world, openid):
        raise Refused(43104 if personas.by_openid(world.store, openid) else 40003)
    if not visited(world, openid, VISIT_SECONDS):
        raise Refused(61010)
    texts = "".join(str(body.get(name, "")) for name in ("content", "nickname", "title", "signature"))
    if BUSY_WORDS in texts:
        raise Refused(-1)
    suggest, label = next((verdict for word, verdict in RISKY_WORDS.items() if word in texts), ("pass", 100))
    model = {"strategy": "content_model", "errcode": 0, "suggest": suggest, "label": label, "prob": 90}
    return done(detail=[model], trace_id=secrets.token_hex(16), result={"suggest": suggest, "label": label})


def register_template(world: World, template_id: str, title: str, fields: list[str]) -> None:
    """Give the mini-program a template, as its console does; the field names say the kind (thing1, amount2, …)."""
    world.store.put(TEMPLATES, template_id, {"template_id": template_id, "title": title, "fields": fields})


def template_of(world: World, template_id: str) -> dict[str, Any] | None:
    """A template of the mini-program: of those it was set up with, or registered since."""
    usual = world.keys["wechat"]["mini"]["templates"].values()
    found = next((one for one in usual if one["id"] == template_id), None)
    if found is None:
        return world.store.get(TEMPLATES, template_id)
    return {"template_id": template_id, "title": found["title"], "fields": list(found["fields"].values())}


def refuse(world: World, openid: str, template_id: str, *, for_good: bool) -> None:
    """The user tapped "refuse"; `for_good`: in the mini-program's settings, where what was granted ends too."""
    if for_good:
        world.store.put(GRANTS, f"{openid}:{template_id}", _granted(openid, template_id))
    event = "subscribe_msg_change_event" if for_good else "subscribe_msg_popup_event"
    pushes.announce(world, openid, event, [{"TemplateId": template_id, "SubscribeStatusString": "reject"}])


def _granted(openid: str, template_id: str) -> dict[str, Any]:
    return {"openid": openid, "template_id": template_id, "count": 0}


def grant(world: World, openid: str, template_id: str, count: int = 1) -> int:
    """The user tapped "allow" `count` times; answers how many sends are left."""
    for _ in range(count):
        listed = [{"TemplateId": template_id, "SubscribeStatusString": "accept", "PopupScene": "0"}]
        pushes.announce(world, openid, "subscribe_msg_popup_event", listed)
    key = f"{openid}:{template_id}"
    world.store.add(GRANTS, key, _granted(openid, template_id))
    changed = world.store.update(GRANTS, key, lambda kept: kept | {"count": kept["count"] + count})
    return int(changed["count"])


def _use_grant(world: World, openid: str, template_id: str) -> None:
    def use(kept: dict[str, Any]) -> dict[str, Any]:
        if kept["count"] < 1:
            raise Refused(43101)
        return kept | {"count": kept["count"] - 1}

    try:
        world.store.update(GRANTS, f"{openid}:{template_id}", use)
    except KeyError:
        raise Refused(43101) from None


def _checked_values(fields: list[str], given: Any) -> dict[str, str]:
    """Every field of the template, each within the rule of its kind; 47003 names the field."""
    if not isinstance(given, dict):
        raise Refused(47001)
    values = {}
    for name in fields:
        entry = given.get(name)
        value = entry.get("value") if isinstance(entry, dict) else None
        rule = _RULES[name.rstrip("0123456789")]
        if not isinstance(value, str) or not re.fullmatch(rule, value):
            raise Refused(47003, f"argument invalid! data.{name}.value invalid")
        values[name] = value
    return values
