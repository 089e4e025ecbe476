"""The one place where an exact value becomes whole fen."""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Rounding(StrEnum):
    """What happens to exactly half a fen: away from zero, or to the even neighbour."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


def half_up(numerator: int, denominator: int) -> int:
    """Nearest integer to numerator ÷ denominator (denominator > 0), a half away from zero."""
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def half_even(numerator: int, denominator: int) -> int:
    """Nearest integer to numerator ÷ denominator (denominator > 0), a half to the even neighbour."""
    quotient, rest = divmod(numerator, denominator)
    twice = 2 * rest
    if twice > denominator or (twice == denominator and quotient & 1):
        return quotient + 1
    return quotient


def divide(numerator: int, denominator: int, rounding: Rounding = Rounding.HALF_UP) -> int:
    """Nearest integer to numerator ÷ denominator under the policy; exact, because nothing leaves the integers."""
    return half_even(numerator, denominator) if rounding is Rounding.HALF_EVEN else half_up(numerator, denominator)


def to_fen(amount: Decimal | Fraction, rounding: Rounding = Rounding.HALF_UP) -> int:
    """Whole fen nearest to an exact amount of fen."""
    numerator, denominator = amount.as_integer_ratio()
    return divide(numerator, denominator, rounding)


def share(amount_fen: int, rate: Decimal, rounding: Rounding = Rounding.HALF_UP) -> int:
    """amount × rate in whole fen."""
    numerator, denominator = rate.as_integer_ratio()
    return divide(amount_fen * numerator, denominator, rounding)
