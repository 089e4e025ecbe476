"""The equal instalment: the amount that repays a balance with interest over given periods, exact before rounding."""

from functools import lru_cache

from .rounding import Rounding, divide


@lru_cache(maxsize=4096)
def uniform_ratio(numerator: int, denominator: int, periods: int) -> tuple[int, int]:
    """Instalment per unit of principal when every period bears r = numerator ÷ denominator, as an exact fraction.

    A = P·r·(1+r)^n ÷ ((1+r)^n − 1); 1 ÷ n without interest. A bank's book has few pairs of rate and term, so
    remembering them is what makes a schedule cheap.
    """
    if not numerator:
        return 1, periods
    grown = (denominator + numerator) ** periods
    return numerator * grown, denominator * (grown - denominator**periods)


def ratio(numerators: tuple[int, ...], denominator: int) -> tuple[int, int]:
    """Instalment per unit of principal for periods that bear different interest f = numerator ÷ denominator.

    A = P·Π(1+f) ÷ Σ, where Σ is the sum over the periods of the product of (1+f) of those after it (each instalment
    grows to the end, and together they equal the principal grown to the end).
    """
    grown, total, unit = 1, 0, 1
    for numerator in numerators:
        growth = denominator + numerator
        unit *= denominator
        grown *= growth
        total = total * growth + unit
    return grown, total


def instalment(principal_fen: int, exact: tuple[int, int], rounding: Rounding, step_fen: int = 1) -> int:
    """The instalment in fen: principal × exact ratio, rounded once, to a multiple of the step."""
    return divide(principal_fen * exact[0], exact[1] * step_fen, rounding) * step_fen
