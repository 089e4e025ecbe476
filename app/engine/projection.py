"""Many loans at once: the same equal-instalment arithmetic on whole columns, exact to the fen.

numpy is loaded when a projection is asked for, not when the engine is imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from . import annuities
from .checks import MAX_INSTALMENTS, MAX_PRINCIPAL_FEN
from .errors import ScheduleError
from .rounding import Rounding

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Column = NDArray[np.int64]

CHUNK = 1 << 14
"""Loans worked on together: few enough that their columns stay in the processor's cache."""


class Projection(NamedTuple):
    """Principal and interest in fen; row k belongs to period k, column j to loan j."""

    principal_fen: Column
    interest_fen: Column

    @property
    def payment_fen(self) -> Column:
        """Principal and interest together."""
        return self.principal_fen + self.interest_fen

    @property
    def balance_fen(self) -> Column:
        """What is left after each period."""
        after: Column = self.principal_fen[::-1].cumsum(axis=0)[::-1] - self.principal_fen
        return after

    def principal_by_period(self) -> Sequence[int]:
        """Principal of the whole portfolio that falls due in each period."""
        return [int(row.sum()) for row in self.principal_fen]

    def interest_by_period(self) -> Sequence[int]:
        """Interest of the whole portfolio in each period."""
        return [int(row.sum()) for row in self.interest_fen]


def project(
    principal_fen: Column, rate_units: Column, rate_scale: int, instalments: int, months: int = 1
) -> Projection:
    """Equal instalments over whole periods of so many months (30/360, half up), for loans with one number of periods.

    Loan j lends principal_fen[j] at the yearly rate rate_units[j] ÷ rate_scale. Every amount equals what
    `schedules.schedule` gives. Raises `schedule.principal_out_of_range`, `schedule.rate_out_of_range`,
    `schedule.instalments_out_of_range`, `schedule.columns_differ`, `schedule.rate_too_precise` where a product would
    not fit 63 bits (a scale of 10^6 with monthly periods always fits).
    """
    import numpy as np

    _check(principal_fen, rate_units, rate_scale, instalments, months)
    denominator = rate_scale * 12
    rates, which = np.unique(rate_units, return_inverse=True)
    exact = [annuities.uniform_ratio(int(rate) * months, denominator, instalments) for rate in rates]
    ratios = np.array([numerator / divisor for numerator, divisor in exact])
    principals = np.empty((instalments, len(principal_fen)), np.int64)
    interests = np.empty_like(principals)
    for start in range(0, len(principal_fen), CHUNK):
        part = slice(start, start + CHUNK)
        lent = principal_fen[part].astype(np.int64)
        amount = _instalments(lent, which[part], ratios, exact)
        _amortise(
            lent, amount, rate_units[part] * months, denominator, principals[:, part], interests[:, part]
        )  # fmt: skip
    return Projection(principals, interests)


def _instalments(lent: Column, which: Column, ratios: NDArray[np.float64], exact: list[tuple[int, int]]) -> Column:
    """The instalment of each loan. A float decides where it cannot be wrong: for up to 10^12 fen its error is below
    a thousandth of a fen, and whatever lies that near to a half is worked out in integers."""
    import numpy as np

    estimate = lent * ratios[which]
    below = np.floor(estimate)
    fraction = estimate - below
    amount: Column = below.astype(np.int64) + (fraction >= 0.5)
    near_half = np.abs(fraction - 0.5) < 1e-3
    for place in np.flatnonzero(near_half):
        amount[place] = annuities.instalment(int(lent[place]), exact[which[place]], Rounding.HALF_UP)
    return amount


def _amortise(
    lent: Column, amount: Column, numerator: Column, denominator: int, principals: Column, interests: Column
) -> None:
    """Fill in the rows of some loans: interest rounded half up, the rest of the instalment is principal, the last row
    takes what is left."""
    import numpy as np

    twice, balance, last = 2 * numerator.astype(np.int64), lent.copy(), len(principals) - 1
    for row in range(last + 1):
        due = balance * twice
        due += denominator
        np.floor_divide(due, 2 * denominator, out=interests[row])
        if row < last:
            np.subtract(amount, interests[row], out=principals[row])
            balance -= principals[row]
    if (balance <= 0).any():
        _amortise_tiny(lent, amount, numerator, denominator, principals, interests)
        return
    principals[last] = balance


def _amortise_tiny(
    lent: Column, amount: Column, numerator: Column, denominator: int, principals: Column, interests: Column
) -> None:
    """The same where rounding an instalment of a few fen up repays a loan before its last row."""
    import numpy as np

    twice, balance, last = 2 * numerator.astype(np.int64), lent.copy(), len(principals) - 1
    for row in range(last + 1):
        interests[row] = (balance * twice + denominator) // (2 * denominator)
        principals[row] = balance if row == last else np.minimum(amount - interests[row], balance)
        balance = balance - principals[row]


def _check(principal_fen: Column, rate_units: Column, rate_scale: int, instalments: int, months: int) -> None:
    if len(principal_fen) != len(rate_units):
        raise ScheduleError("columns_differ", "each loan needs a principal and a rate")
    if not 1 <= instalments <= MAX_INSTALMENTS:
        raise ScheduleError("instalments_out_of_range", "there must be between 1 and 600 instalments")
    if not len(principal_fen):
        return
    largest, dearest = int(principal_fen.max()), int(rate_units.max())
    if int(principal_fen.min()) < 1 or largest > MAX_PRINCIPAL_FEN:
        raise ScheduleError("principal_out_of_range", "principal_fen must be between 1 and 10^12")
    if int(rate_units.min()) < 0 or dearest > rate_scale:
        raise ScheduleError("rate_out_of_range", "a yearly rate must be between 0 and 1")
    if 2 * months * largest * dearest + 12 * rate_scale >= 2**63:
        raise ScheduleError("rate_too_precise", "the rates have too many places for columns of 64 bits")
