"""CSV for spreadsheet programs: Chinese stays right, numbers stay numbers, text never becomes a formula."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.spreadsheets import write_csv, yuan


def read(table: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))


def test_excel_is_told_that_it_is_utf_8() -> None:
    table = write_csv(["期次", "本金（元）"], [[1, yuan(-123_456)], [None, date(2026, 11, 23)]])
    assert table.startswith(b"\xef\xbb\xbf") and b"\r\n" in table
    assert read(table) == [["期次", "本金（元）"], ["1", "-1234.56"], ["", "2026-11-23"]]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1+1", "＠a", '=HYPERLINK("http://x","y")'],
)
def test_text_never_becomes_a_formula(text: str) -> None:
    [[cell]] = read(write_csv([], [[text]]))[1:]
    assert cell == f"'{text}"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=2, max_size=5))
def test_whatever_is_written_is_read_again(row: list[str]) -> None:
    cells = read(write_csv(["a"], [row]))[1]
    for cell, text in zip(cells, row, strict=True):
        assert cell in (text, f"'{text}")
        assert cell.lstrip(" \u3000\ufeff")[:1] not in set("=+-@\t\r\n＝＋－＠")


def test_yuan_are_exact() -> None:
    assert (yuan(0), yuan(1), yuan(10**15 + 7)) == (Decimal("0.00"), Decimal("0.01"), Decimal("10000000000000.07"))
