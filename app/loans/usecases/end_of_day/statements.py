"""The statements of the end of day, kept as SQL beside this file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import TextClause, text


@cache
def statement(name: str) -> TextClause:
    """The statement in `<name>.sql`."""
    return text((Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8"))
