"""The two WeChat apps of the bank, and the check of their credentials."""

from __future__ import annotations

import hmac
from typing import Any

from sandbox.context import World
from sandbox.personas import Persona
from sandbox.wechat.answers import Refused

CHANNELS = ("mini", "h5")


def channel_of(world: World, appid: str) -> str | None:
    """ "mini" or "h5", or None for an appid that is not the bank's."""
    return next((channel for channel in CHANNELS if world.keys["wechat"][channel]["appid"] == appid), None)


def openid_of(world: World, persona: Persona, appid: str) -> str:
    """The persona's openid in that app."""
    openid: str = persona["wechat"][f"{channel_of(world, appid)}_openid"]
    return openid


def check_credentials(world: World, appid: Any, secret: Any) -> str:
    """The channel of the app. Refuses: 41002/41004 missing, 40013 unknown appid, 40125 wrong secret."""
    if not appid:
        raise Refused(41002)
    if not secret:
        raise Refused(41004)
    channel = channel_of(world, str(appid))
    if channel is None:
        raise Refused(40013)
    if not hmac.compare_digest(str(secret).encode(), world.keys["wechat"][channel]["secret"].encode()):
        raise Refused(40125)
    return channel
