"""What a message says of its event, written for each channel: amounts, days and hours as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.kernel.clock import CHINA
from app.messages.domain.texts import Locale, text_of
from app.messages.domain.words import Words

LONGEST_THING = 20  # characters of a WeChat template's `thing`
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905
Values = Mapping[str, Any]  # plain JSON: amount_fen, due_on, effective_on, what, at, place, phone
# What was changed of a loan, after 变更： and after "your loan has".
WHAT: Mapping[str, tuple[str, str]] = {
    "rate_change": ("利率调整", "another interest rate"),
    "repricing": ("按约定随 LPR 调整利率", "another interest rate, by the LPR as agreed"),
    "due_day_change": ("还款日调整", "another due day"),
    "extension": ("借款展期", "a longer term"),
    "restructuring": ("还款方案重组", "a new repayment plan"),
}


def yuan(amount_fen: int, *, grouped: bool = True) -> str:
    """85606 → `856.06`; WeChat's keyword takes no separators."""
    whole, fen = divmod(amount_fen, 100)
    return f"{whole:,}.{fen:02d}" if grouped else f"{whole}.{fen:02d}"


def for_people(values: Values, locale: Locale) -> dict[str, str]:
    """For inbox and SMS, by the names that texts use."""
    chinese = locale == "zh-CN"
    written = {}
    if "amount_fen" in values:
        amount = yuan(values["amount_fen"])
        written["amount"] = f"{amount} 元" if chinese else f"¥{amount}"
    for name in ("due_on", "effective_on"):
        if name in values:
            written[name] = _day(date.fromisoformat(values[name]), locale)
    if "what" in values:
        written["what"] = WHAT[values["what"]][0 if chinese else 1]
    if "at" in values:
        at = datetime.fromisoformat(values["at"]).astimezone(CHINA)
        written["at"] = f"{_day(at.date(), locale)} {at:%H:%M}"
    return written | {name: str(values[name]) for name in ("place", "phone") if name in values}


def for_wechat(kind: str, version: int, values: Values) -> dict[str, str]:
    """For a WeChat template: no separators in amounts, nothing longer than its keyword takes."""
    written = for_people(values, "zh-CN") | {"note": text_of(kind, version).note}
    if "amount_fen" in values:
        written["amount"] = f"{yuan(values['amount_fen'], grouped=False)}元"
    if "place" in written:
        written["place"] = _cut(written["place"])
    return written


def filled(kind: str, version: int, values: Values, locale: Locale) -> Words:
    """The title and the text as they are read."""
    words = text_of(kind, version).words(locale)
    return Words(words.title, words.body.format_map(for_people(values, locale)))


def _day(day: date, locale: Locale) -> str:
    if locale == "zh-CN":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_THING else text[: LONGEST_THING - 1] + "…"
