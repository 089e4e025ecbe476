"""How the sandbox's WeChat Pay behaves: the switches that a person or a test may turn."""

from __future__ import annotations

from typing import Any

from sandbox.context import World

KIND = "pay.settings"
NAME = "current"

DEFAULTS: dict[str, Any] = {
    "notices": "normal",
    "time_scale": 1.0,
    "key_mode": "both",
    "notice_key": "public_key",
    "refunds": "auto",
    "refund_seconds": 2.0,
    "bills": "daily",
    "probe_notices": 0,
    "probe_answers": 0,
}

_CHOICES = {
    "notices": ("normal", "held", "lost"),
    "key_mode": ("both", "public_key", "certificate"),
    "notice_key": ("public_key", "certificate"),
    "refunds": ("auto", "held"),
    "bills": ("daily", "ready"),
}


class SettingRefused(Exception):
    """There is no such setting, or it cannot have this value; the message names it."""


def read(world: World) -> dict[str, Any]:
    """All settings as they are now."""
    return DEFAULTS | (world.store.get(KIND, NAME) or {})


def change(world: World, changes: dict[str, Any]) -> dict[str, Any]:
    """Change the named settings and answer all of them.

    notices: normal sends at once, held waits for a person, lost never sends. time_scale divides every waiting time of
    the retry schedule. bills: daily has yesterday's from ten o'clock on, ready has any day's at once. key_mode: which
    platform keys exist. probe_*: how many next notices or answers carry a wrong signature that starts with
    WECHATPAY/SIGNTEST/.
    """
    for name, value in changes.items():
        if not _allowed(name, value):
            raise SettingRefused(name)
    world.store.add(KIND, NAME, {})
    return DEFAULTS | world.store.update(KIND, NAME, lambda kept: kept | changes)


def take_one(world: World, name: str) -> bool:
    """Count a "next n" setting down; True if there was one left."""
    taken = False

    def count_down(kept: dict[str, Any]) -> dict[str, Any]:
        nonlocal taken
        taken = kept.get(name, 0) > 0
        return kept | {name: kept[name] - 1} if taken else kept

    if read(world)[name] > 0:
        world.store.update(KIND, NAME, count_down)
    return taken


def _allowed(name: str, value: Any) -> bool:
    if name in _CHOICES:
        return value in _CHOICES[name]
    if name not in DEFAULTS or isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return value > 0 if name == "time_scale" else value >= 0
