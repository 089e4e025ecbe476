"""Amounts in capital figures: published samples, and read back for any amount."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.engine.errors import AmountError
from app.engine.uppercase import DIGITS, uppercase, uppercase_yuan

from .published import vectors

UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def read_back(text: str) -> int:
    """Fen from capital figures, by a reader that shares nothing with the writer."""
    total, section, digit, upper = 0, 0, 0, 0
    for char in text.removeprefix("人民币").removesuffix("整"):
        if char in DIGITS:
            digit = DIGITS.index(char)
        elif char in UNITS:
            section, digit = section + digit * UNITS[char], 0
        elif char == "万":
            upper, section, digit = upper + (section + digit) * 10**4, 0, 0
        elif char == "亿":
            total, upper, section, digit = (upper + section + digit) * 10**8, 0, 0, 0
        elif char == "元":
            total, upper, section, digit = (total + upper + section + digit) * 100, 0, 0, 0
        else:
            total, digit = total + digit * {"角": 10, "分": 1}[char], 0
    return total


def test_published_amounts() -> None:
    sample = vectors()["rmb"]
    assert {amount: uppercase_yuan(amount) for amount in sample} == sample


@pytest.mark.parametrize(
    ("amount_fen", "text"),
    [
        (0, "人民币零元整"),
        (10_05, "人民币壹拾元零伍分"),
        (100_000_000_00, "人民币壹亿元整"),
        (100_001_000_00, "人民币壹亿零壹仟元整"),
        (1_000_000_000_000_00, "人民币壹万亿元整"),
        (10_010_000_00, "人民币壹仟零壹万元整"),
        (1_001_00, "人民币壹仟零壹元整"),
        (1_010_00, "人民币壹仟零壹拾元整"),
    ],
)
def test_zeros(amount_fen: int, text: str) -> None:
    assert uppercase(amount_fen) == text


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**18 - 1) | st.integers(0, 10**9))
@example(10**18 - 1)
def test_reading_back_gives_the_amount(amount_fen: int) -> None:
    text = uppercase(amount_fen)
    assert read_back(text) == amount_fen
    assert "零零" not in text
    assert (amount_fen % 10 == 0) == text.endswith("整")


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("1.005", "amount.too_precise"),
        ("NaN", "amount.not_a_number"),
        ("Infinity", "amount.not_a_number"),
        ("ten", "amount.not_a_number"),
        ("-1", "amount.out_of_range"),
        ("1e30", "amount.out_of_range"),
        (Decimal(10) ** 16, "amount.out_of_range"),
        (None, "amount.not_a_number"),
    ],
)
def test_refused(amount: str, code: str) -> None:
    with pytest.raises(AmountError) as refused:
        uppercase_yuan(amount)
    assert refused.value.code == code


def test_only_whole_fen() -> None:
    with pytest.raises(AmountError) as refused:
        uppercase(1.5)  # type: ignore[arg-type]
    assert refused.value.code == "amount.not_integer"
