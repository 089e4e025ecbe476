"""Which part of what is owed a payment settles, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from .checks import is_integer
from .errors import AllocationError


class Bucket(StrEnum):
    """A kind of money owed."""

    FEE = "fee"
    COMPOUND_INTEREST = "compound_interest"
    PENALTY_INTEREST = "penalty_interest"
    INTEREST = "interest"
    PRINCIPAL = "principal"


STATUTE_ORDER = (
    Bucket.FEE,
    Bucket.COMPOUND_INTEREST,
    Bucket.PENALTY_INTEREST,
    Bucket.INTEREST,
    Bucket.PRINCIPAL,
)
"""Costs of enforcement, interest, principal (Civil Code art. 561); what banks use up to 90 days past due."""

PRINCIPAL_FIRST_ORDER = (
    Bucket.FEE,
    Bucket.PRINCIPAL,
    Bucket.COMPOUND_INTEREST,
    Bucket.PENALTY_INTEREST,
    Bucket.INTEREST,
)
"""Bank practice above 90 days past due, where interest is no longer income: the principal is saved first."""

FLIP_DAYS = 90


class Across(StrEnum):
    """Whether a bucket is filled for every instalment before the next bucket, or an instalment before the next."""

    INSTALMENT_FIRST = "instalment_first"
    BUCKET_FIRST = "bucket_first"


@dataclass(frozen=True, slots=True)
class Owed:
    """What one instalment still owes, in fen; `number` is its place in the schedule."""

    number: int
    fee_fen: int = 0
    compound_interest_fen: int = 0
    penalty_interest_fen: int = 0
    interest_fen: int = 0
    principal_fen: int = 0

    def of(self, bucket: Bucket) -> int:
        """What is owed of one kind."""
        return int(getattr(self, f"{bucket.value}_fen"))

    @property
    def total_fen(self) -> int:
        """Everything owed on the instalment."""
        return sum(self.of(bucket) for bucket in Bucket)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a payment: so much to one bucket of one instalment."""

    number: int
    bucket: Bucket
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """How a payment was divided; `overpaid_fen` is a credit that can be refunded."""

    parts: tuple[Part, ...]
    overpaid_fen: int

    def total_fen(self, bucket: Bucket) -> int:
        """What went to one bucket over all instalments."""
        return sum(part.amount_fen for part in self.parts if part.bucket is bucket)

    def to_fen(self, number: int, bucket: Bucket) -> int:
        """What went to one bucket of one instalment."""
        return sum(part.amount_fen for part in self.parts if part.number == number and part.bucket is bucket)


def order_for(days_past_due: int, flip_days: int = FLIP_DAYS) -> tuple[Bucket, ...]:
    """The default order: statute up to `flip_days` past due, principal first above."""
    return PRINCIPAL_FIRST_ORDER if days_past_due > flip_days else STATUTE_ORDER


def allocate(
    paid_fen: int,
    owed: Sequence[Owed],
    order: Sequence[Bucket] = STATUTE_ORDER,
    across: Across = Across.INSTALMENT_FIRST,
) -> Allocation:
    """Divide a payment over what is owed, oldest instalment first; what is left over is overpaid.

    `owed` comes oldest first. A bucket that the order leaves out is not touched. Raises
    `allocation.amount_out_of_range`, `allocation.owed_negative`, `allocation.order_repeats`,
    `allocation.not_oldest_first`.
    """
    _check(paid_fen, owed, order)
    if across is Across.BUCKET_FIRST:
        places = [(item, bucket) for bucket in order for item in owed]
    else:
        places = [(item, bucket) for item in owed for bucket in order]
    parts, left = [], paid_fen
    for item, bucket in places:
        amount = min(left, item.of(bucket))
        if amount:
            parts.append(Part(item.number, bucket, amount))
            left -= amount
    return Allocation(tuple(parts), left)


def _check(paid_fen: int, owed: Sequence[Owed], order: Sequence[Bucket]) -> None:
    if not is_integer(paid_fen) or paid_fen <= 0:
        raise AllocationError("amount_out_of_range", "a payment must be an integer of at least 1 fen")
    if len(set(order)) != len(order):
        raise AllocationError("order_repeats", "each bucket may appear once in the order")
    if any(item.of(bucket) < 0 for item in owed for bucket in Bucket):
        raise AllocationError("owed_negative", "nothing owed may be negative")
    if any(before.number >= after.number for before, after in pairwise(owed)):
        raise AllocationError("not_oldest_first", "instalments must come oldest first, each once")
