"""What each errcode of the WeChat platform API asks of us."""

from __future__ import annotations

from enum import Enum


class Action(Enum):
    """What to do about a failure."""

    BUSY = "busy"  # try again after a pause; a one-time code is not tried again
    TOKEN = "token"  # noqa: S105  fetch the shared access token anew, then once more
    CODE = "code"  # the person's client must fetch a new code
    RISKY = "risky"  # refuse this user
    MINUTE = "minute"  # the minute's quota is used: wait for the next
    DAY = "day"  # the day's quota is used: leave this call alone until midnight
    SETUP = "setup"  # our credentials or rights are wrong: alarm, and leave the vendor alone for a while
    FAULT = "fault"  # our program is wrong: alarm
    FINAL = "final"  # final for this message, person or session: record it, never repeat


ACTIONS: dict[int, Action] = {
    -1: Action.BUSY,
    40001: Action.TOKEN,
    40014: Action.TOKEN,
    42001: Action.TOKEN,
    40029: Action.CODE,
    40163: Action.CODE,
    42003: Action.CODE,
    40030: Action.CODE,
    42002: Action.CODE,
    40226: Action.RISKY,
    45011: Action.MINUTE,
    45009: Action.DAY,
    40013: Action.SETUP,
    40125: Action.SETUP,
    40164: Action.SETUP,
    40243: Action.SETUP,
    48001: Action.SETUP,
    89501: Action.SETUP,
    89503: Action.SETUP,
    89506: Action.SETUP,
    89507: Action.SETUP,
    40002: Action.FAULT,
    41001: Action.FAULT,
    41002: Action.FAULT,
    41004: Action.FAULT,
    41008: Action.FAULT,
    47001: Action.FAULT,
    47003: Action.FAULT,
    40003: Action.FINAL,
    43101: Action.FINAL,
    43104: Action.FINAL,
    61010: Action.FINAL,
    87009: Action.FINAL,
}


def action_of(errcode: int, *, fetching_token: bool = False) -> Action:
    """The table; an unknown code is a fault to look at. On the token's own call 40001 means a wrong secret."""
    action = ACTIONS.get(errcode, Action.FAULT)
    return Action.SETUP if fetching_token and action is Action.TOKEN else action
