"""Tables for spreadsheet programs: CSV that Excel opens with its Chinese right, and in which no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as the machine's own code page
MEDIA_TYPE = "text/csv"
# What makes a program calculate a cell, in both widths: a text that begins so gets an apostrophe (OWASP, CSV injection)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The whole table as bytes; see `csv_lines`."""
    return "".join(csv_lines(header, rows)).encode()


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A table line by line (RFC 4180, UTF-8 with byte order mark), so that one of any length needs no memory.

    Numbers, days and instants go in as they are, None is empty; text can never become a formula.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow([_cell(value) for value in header])
    yield _taken(buffer)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        yield _taken(buffer)


def yuan(amount_fen: int) -> Decimal:
    """Fen as a number of yuan with two decimals: what a spreadsheet can add up."""
    return Decimal(amount_fen).scaleb(-2).quantize(Decimal("0.01"))


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int | Decimal):
        return str(value)
    text = str(value)
    return f"'{text}" if text.lstrip(" \u3000\ufeff").startswith(_FORMULA) else text
