"""Vintages: of the loans of one month, the share that was ever so late, by months on book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

LATE_DAYS = 30
MONTHS = 24  # how far back months are shown


@dataclass(frozen=True)
class Late:
    """Loans of one month that first became `LATE_DAYS` late after so many months; None: never yet."""

    month: date  # its first day
    months_on_book: int | None
    loans: int
    principal_fen: int


@dataclass(frozen=True)
class Vintage:
    """The loans of one period. `late_fen[m]`: principal, as lent, of those ever late within m months; as far as every
    loan of the period has been on book so long."""

    begins_on: date
    loans: int
    principal_fen: int
    late_fen: Sequence[int]

    def late_bps(self, months_on_book: int) -> int | None:
        """The share in basis points, rounded down; None when that is still ahead."""
        if months_on_book >= len(self.late_fen):
            return None
        return self.late_fen[months_on_book] * 10_000 // self.principal_fen


def vintages(found: Iterable[Late], on: date) -> Sequence[Vintage]:
    """One a month, the oldest first; months without loans are left out."""
    by_month: dict[date, list[Late]] = defaultdict(list)
    for one in found:
        by_month[one.month].append(one)
    made = []
    for month, lates in sorted(by_month.items()):
        so_far = [
            sum(one.principal_fen for one in lates if one.months_on_book is not None and one.months_on_book <= age)
            for age in range(_months(month, on) + 1)
        ]
        made.append(
            Vintage(month, sum(one.loans for one in lates), sum(one.principal_fen for one in lates), so_far)
        )
    return made


def by_quarter(months: Iterable[Vintage]) -> Sequence[Vintage]:
    """Months of one quarter together; the youngest says how far the line goes."""
    quarters: dict[date, list[Vintage]] = defaultdict(list)
    for one in months:
        quarters[date(one.begins_on.year, (one.begins_on.month - 1) // 3 * 3 + 1, 1)].append(one)
    return [
        Vintage(
            begins,
            sum(one.loans for one in parts),
            sum(one.principal_fen for one in parts),
            [sum(values) for values in zip(*(one.late_fen for one in parts), strict=False)],
        )
        for begins, parts in sorted(quarters.items())
    ]


def _months(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month
