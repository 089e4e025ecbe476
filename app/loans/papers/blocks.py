"""The parts that papers are made of, as data for the layout: facts, figures, tables, words; each in two languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.kernel.money import format_yuan
from config.settings import Bank

LAYOUT = Path(__file__).parents[1] / "templates" / "paper.typ"
LETTER = Path(__file__).parents[1] / "templates" / "letter.typ"
Both = tuple[str, str]
"""The same words in Chinese and in English."""


@dataclass(frozen=True)
class Column:
    """A column of a table; `share` is its part of the width, 0 leaves it as wide as its words."""

    zh: str
    en: str
    align: str = "left"
    share: int = 1


def number_column(zh: str, en: str) -> Column:
    """A column of amounts."""
    return Column(zh, en, "right")


def paper(
    title: Both, number: str, dated: date, bank: Bank, blocks: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """A whole paper: its title and number under the bank's name, its blocks, the bank's phones below.

    `dated` is the day it speaks of, not the moment of printing: the same content gives the same file.
    """
    return {
        "title": words(title),
        "number": number,
        "dated": {"year": dated.year, "month": dated.month, "day": dated.day},
        "bank": {
            "name": bank.name,
            "english_name": bank.english_name,
            "mark": bank.mark.svg,
            "color": bank.brand_color,
            "service_phone": bank.service_phone,
            "complaint_phone": bank.complaint_phone,
            "licence_line": bank.licence_line,
        },
        "blocks": list(blocks),
    }


def facts(*rows: tuple[Both, str]) -> dict[str, Any]:
    """Names with their values, two beside each other."""
    return {"kind": "facts", "rows": [{**words(name), "value": value} for name, value in rows]}


def figures(*found: tuple[Both, int]) -> dict[str, Any]:
    """A few amounts that matter most, large."""
    return {"kind": "figures", "items": [{**words(name), "value": format_yuan(fen)} for name, fen in found]}


def amount(name: Both, fen: int, in_words: str) -> dict[str, Any]:
    """The one amount of a paper, in figures and in capital figures."""
    return {"kind": "amount", **words(name), "value": format_yuan(fen), "in_words": in_words}


def table(
    heading: Both, columns: Sequence[Column], rows: Iterable[Sequence[str]], total: Sequence[str] | None = None
) -> dict[str, Any]:
    """A table with its heading, its last line set apart when there is a total."""
    return {
        "kind": "table",
        "heading": words(heading),
        "columns": [vars(column) for column in columns],
        "rows": [list(row) for row in rows],
        "total": list(total) if total else None,
    }


def heading(found: Both) -> dict[str, Any]:
    """A heading between blocks."""
    return {"kind": "heading", **words(found)}


def notes(*lines: str) -> dict[str, Any]:
    """Small print."""
    return {"kind": "notes", "lines": list(lines)}


def words(both: Both) -> dict[str, str]:
    """Chinese and English under their names."""
    return {"zh": both[0], "en": both[1]}


def yuan(amount_fen: int) -> str:
    """An amount of a table; nothing is a dash, so that what moved stands out."""
    return format_yuan(amount_fen) if amount_fen else "—"


def chinese_day(on: date) -> str:
    """`2026 年 11 月 23 日`."""
    return f"{on.year} 年 {on.month} 月 {on.day} 日"


def percent(rate: Decimal) -> str:
    """`0.0600` → `6.00%`."""
    return f"{rate * 100:.2f}%"
