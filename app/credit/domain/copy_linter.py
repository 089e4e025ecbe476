"""Words that may not stand in what customers read of a product: promises nobody can keep, and inducements.

Source: 金融产品网络营销管理办法 (in force since 2026-09-30) as reported in the press, which names 低风险, 低门槛,
秒到账 and 高收益; the other words are this bank's choice in its spirit. Unverified against the official text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.kernel.errors import Unprocessable


class ForbiddenPromise(Unprocessable):
    """A text promises what may not be promised; the context lists where, what and why."""

    code = "catalogue.forbidden_promise"


@dataclass(frozen=True)
class Finding:
    """One forbidden phrase at one place, such as `summary.zh`."""

    where: str
    phrase: str
    why: str


INDUCES, CERTAIN, SUPERLATIVE, EVADES, FREE = (
    "an inducement",
    "promises an approval or a speed that is not certain",
    "a superlative nobody can prove",
    "says that checks do not happen",
    "hides what it costs",
)
_FORBIDDEN: Mapping[str, tuple[str, ...]] = {  # lower case, without spaces and marks, as `lint` compares them
    INDUCES: ("低风险", "低门槛", "零门槛", "高收益", "无风险", "稳赚", "riskfree", "norisk"),
    CERTAIN: (
        *("秒到账", "秒批", "秒放", "秒下款", "必过", "包过", "百分百通过", "100%通过", "一定能贷", "保证通过"),
        *("保证下款", "guaranteedapproval", "approvalguaranteed", "instantcash", "instantapproval"),
    ),
    SUPERLATIVE: (
        *("最低利率", "利率最低", "全网最", "全国最低", "最划算", "行业第一"),
        *("lowestrate", "bestrate", "cheapestloan"),
    ),
    EVADES: ("不看征信", "无视征信", "不上征信", "免审核", "黑户", "内部渠道", "nocreditcheck"),
    FREE: ("零利息", "0利息", "免息", "零费率", "日息低至", "interestfree", "zerointerest", "nocost"),
}
_NOISE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff·,，.。、!！*_\-—~|/\\]+")


def lint(body: Mapping[str, Any]) -> Sequence[Finding]:
    """Every forbidden phrase in every text of a product's or rule set's body, however it is spaced or spelt wide."""
    found = []
    for where, text in _texts(body):
        plain = _NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()
        found += [Finding(where, one, why) for why, phrases in _FORBIDDEN.items() for one in phrases if one in plain]
    return found


def check_copy(body: Mapping[str, Any]) -> None:
    """Raises ForbiddenPromise."""
    if found := lint(body):
        raise ForbiddenPromise("The texts promise what may not be promised.", findings=[vars(one) for one in found])


def _texts(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(inner, f"{where}.{name}" if where else str(name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _texts(inner, f"{where}.{place}")
    elif isinstance(value, str):
        yield where, value
