"""The words of every kind of message, by version: a published version is never changed, only followed by the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.messages.domain.texts_1 import FIRST
from app.messages.domain.texts_2 import SECOND
from app.messages.domain.words import Text

Locale = Literal["zh-CN", "en"]
Group = Literal["notice", "reminder", "appointment", "security"]
LOCALES: tuple[Locale, ...] = ("zh-CN", "en")


@dataclass(frozen=True)
class Kind:
    """`group` decides when it may be sent; `page` is where WeChat opens the mini-program, with the subject's id."""

    group: Group
    page: str
    version: int


_LOAN, _APPLICATION = "loans/loan/loan?id={id}", "applications/application/application?id={id}"
KINDS: Mapping[str, Kind] = {
    "approved": Kind("notice", _APPLICATION, 2),
    "declined": Kind("notice", _APPLICATION, 2),
    "disbursed": Kind("notice", _LOAN, 1),
    "paid": Kind("notice", _LOAN, 2),
    "payment_reversed": Kind("notice", _LOAN, 2),
    "waived": Kind("notice", _LOAN, 2),
    "settled": Kind("notice", _LOAN, 2),
    "terms_changed": Kind("notice", _LOAN, 2),
    "due_soon": Kind("reminder", _LOAN, 2),
    "overdue": Kind("reminder", _LOAN, 2),
    "appointment": Kind("appointment", "", 2),
    "appointment_cancelled": Kind("appointment", "", 2),
    "phone_changed": Kind("security", "", 2),
    "debit_failed": Kind("notice", "", 2),
    "mandate_stopped": Kind("notice", "", 2),
}

TEXTS: Mapping[tuple[str, int], Text] = {**FIRST, **SECOND}

def text_of(kind: str, version: int) -> Text:
    """The words of one version. KeyError for a version that never was."""
    return TEXTS[kind, version]
