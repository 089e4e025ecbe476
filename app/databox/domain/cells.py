"""Cells of foreign tables as exact values: anything that could be read in two ways is refused."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from app.databox.domain.documents import Unreadable

Row = list[str]

_AMOUNT = re.compile(r"(?P<minus>-?)(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,13})(?:\.(?P<fraction>\d{1,2}))?", re.ASCII)
_TIME = r"(?:[T ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_DAY = re.compile(r"(\d{4})([-/.年]?)(\d{1,2})([-/.月]?)(\d{1,2})日?" + _TIME, re.ASCII)
_NOTHING = {"", "-", "--", "—"}


def plain(cell: str) -> str:
    """Half-width, without blanks around and without the marks that only direct text."""
    return "".join(mark for mark in unicodedata.normalize("NFKC", cell) if unicodedata.category(mark) != "Cf").strip()


def label(cell: str) -> str:
    """A heading for comparison: without blanks, units in brackets and colons."""
    return re.sub(r"\s+|\(.*?\)|:$", "", plain(cell)).lower()


def amount_fen(cell: str, place: str) -> int | None:
    """Yuan with at most two decimals as fen; None for an empty cell. Raises Unreadable (`amount_unreadable`).

    Grouping must be by threes; brackets mean less than nothing, as in accounts; no exponents, formulas or currencies
    other than yuan.
    """
    text = plain(cell).removeprefix("CNY").removeprefix("RMB").replace("¥", "").replace(" ", "").replace("−", "-")
    if text in _NOTHING:
        return None
    bracketed = text.startswith("(") and text.endswith(")")
    found = _AMOUNT.fullmatch(text[1:-1] if bracketed else text.removeprefix("+"))
    if not found or (bracketed and found["minus"]):
        raise Unreadable("amount_unreadable", place)
    fen = int(found["whole"].replace(",", "")) * 100 + int((found["fraction"] or "").ljust(2, "0"))
    return -fen if bracketed or found["minus"] else fen


def day(cell: str, place: str) -> date:
    """Year, month, day in that order, a time of day may follow. Raises Unreadable (`date_unreadable`)."""
    found = _DAY.fullmatch(plain(cell))
    compact = found and not found[2] and not found[4]
    if not found or bool(found[2]) != bool(found[4]) or (compact and len(found[3] + found[5]) != 4):
        raise Unreadable("date_unreadable", place)
    try:
        return date(int(found[1]), int(found[3]), int(found[5]))
    except ValueError:
        raise Unreadable("date_unreadable", place) from None
