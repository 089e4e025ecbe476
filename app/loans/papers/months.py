"""The months for which there is a statement: from the day a loan was paid out to the day nothing was owed any more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.kernel.errors import NotFound, Unprocessable

_SHAPE = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


class MonthMalformed(Unprocessable):
    """A month is written 2026-11."""

    code = "statement.month_malformed"


class NoStatement(NotFound):
    """No loan of the customer ran in that month, or the month has not come yet."""

    code = "statement.not_available"


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month in China."""

    year: int
    number: int

    @classmethod
    def read(cls, text: str) -> Month:
        """`2026-11`. Raises MonthMalformed."""
        found = _SHAPE.fullmatch(text)
        if found is None or not text.isascii():
            raise MonthMalformed("Write the month as 2026-11.")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, on: date) -> Month:
        """The month a day lies in."""
        return cls(on.year, on.month)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    @property
    def first_on(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_on(self) -> date:
        return self.following.first_on - timedelta(days=1)

    @property
    def following(self) -> Month:
        return Month(self.year + self.number // 12, self.number % 12 + 1)


@dataclass(frozen=True)
class Span:
    """One month as a statement covers it: up to today while it runs."""

    month: Month
    from_on: date
    to_on: date
    complete: bool


def span(month: Month, today: date) -> Span:
    """Raises NoStatement for a month that has not begun."""
    if month > Month.of(today):
        raise NoStatement("That month has not come yet.", month=str(month))
    return Span(month, month.first_on, min(month.last_on, today), complete=month.last_on < today)


def spans(start_on: date, end_on: date | None, today: date) -> Iterator[Span]:
    """The statements of a loan, newest first; `end_on` is the day nothing was owed any more."""
    first, last = Month.of(start_on), Month.of(min(end_on or today, today))
    found = []
    while first <= last:
        found.append(span(first, today))
        first = first.following
    return reversed(found)


def check_within(month: Month, start_on: date, end_on: date | None) -> None:
    """Raises NoStatement for a month before the loan began or after it was settled."""
    if month < Month.of(start_on) or (end_on and month > Month.of(end_on)):
        raise NoStatement("The loan did not run in that month.", month=str(month))
