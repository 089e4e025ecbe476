"""How values are written on pages: money, rates, instants, states, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import g, request, url_for

from app.console.views import wording
from app.console.views.changes import FIELDS as CHANGED
from app.kernel import clock
from app.kernel.money import format_yuan

_WEEKDAYS = tuple(zip("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))


def say(zh: str, en: str) -> str:
    """One of two texts."""
    return en if g.get("locale") == "en" else zh


def both(text: Mapping[str, str]) -> str:
    """A stored text that has both languages."""
    return say(text["zh"], text["en"])


def word(kind: str, status: str) -> dict[str, str]:
    """Tone and words of a status's tag."""
    found = wording.word(kind, status)
    return {"tone": found.tone, "text": say(found.zh, found.en)}


def phrase(key: str) -> str:
    """What a stored word is called."""
    return say(*wording.phrase(key))


def percent(rate: Decimal | str) -> str:
    """`0.072000` → `7.20%`."""
    return f"{Decimal(rate) * 100:.2f}%"


def points(bps: int) -> str:
    """Basis points with their sign: `+3.10%`, `−0.20%`."""
    sign = "\u2212" if bps < 0 else "+"
    return f"{sign}{abs(bps) // 100}.{abs(bps) % 100:02d}%"


def instant(value: datetime | None) -> str:
    """China time to the minute, with the year when it is another one."""
    if value is None:
        return "—"
    local = value.astimezone(clock.CHINA)
    return local.strftime("%m-%d %H:%M" if local.year == clock.today().year else "%Y-%m-%d %H:%M")


def day(value: date | None) -> str:
    return "—" if value is None else value.isoformat()


def today() -> str:
    now = clock.today()
    zh, en = _WEEKDAYS[now.weekday()]
    return f"{now.isoformat()} {say('周' + zh, en)}"


# others would reach into url_for, which knows names such as _scheme
_KEPT = ("lang", "status", "verdict", "kind", "cursor", "over", *CHANGED)


def here(**changes: Any) -> str:
    """This page's address with some of its query changed; of a page that answered a form, the page it belongs to."""
    if request.method != "GET" or not request.endpoint:
        own = request.path if request.path.endswith("/sign-in") else request.path.rpartition("/")[0]
        return own + "?" + "&".join(f"{key}={value}" for key, value in changes.items())
    kept: dict[str, Any] = {key: value for key, value in request.args.items() if key in _KEPT and key not in changes}
    return url_for(request.endpoint, **(request.view_args or {}), **kept, **changes)


FORMS: dict[str, Callable[..., Any]] = {
    "say": say,
    "both": both,
    "word": word,
    "phrase": phrase,
    "yuan": format_yuan,
    "percent": percent,
    "points": points,
    "instant": instant,
    "day": day,
    "here": here,
}
