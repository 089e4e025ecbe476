"""One-time codes that the WeChat client hands out: login, web authorisation, phone number; single use, five minutes."""

from __future__ import annotations

import secrets
from typing import Any

from sandbox.context import World
from sandbox.wechat.answers import Refused

KIND = "wechat.code"
LIFE_SECONDS = 300

LOGIN = "login"
OAUTH = "oauth"
PHONE = "phone"


def issue(world: World, purpose: str, persona: str, appid: str, **more: Any) -> str:
    """A fresh code of one purpose for one persona in one app."""
    code = ("0" if purpose != PHONE else "") + secrets.token_hex(16 if purpose != PHONE else 32)
    world.store.put(
        KIND,
        code,
        {"purpose": purpose, "persona": persona, "appid": appid, "issued_at": world.seconds(), "used": False} | more,
    )
    return code


def redeem(world: World, code: str, purpose: str, appid: str, *, when_used: int = 40163) -> dict[str, Any]:
    """Use a code up and answer what it was issued with.

    Refuses: 40029 unknown, expired, of another purpose or another app; `when_used` if it was redeemed before (the real
    platform says 40163 for login and OAuth codes, 40029 for phone codes).
    """

    def use(issued: dict[str, Any]) -> dict[str, Any]:
        if issued["purpose"] != purpose or issued["appid"] != appid:
            raise Refused(40029)
        if issued["used"]:
            raise Refused(when_used)
        if world.seconds() - issued["issued_at"] >= LIFE_SECONDS:
            raise Refused(40029)
        return issued | {"used": True}

    try:
        return world.store.update(KIND, code, use)
    except KeyError:
        raise Refused(40029) from None
