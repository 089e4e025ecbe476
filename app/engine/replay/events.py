"""What can happen to a loan: each event with its value date and its place in the order of booking."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar

from ..allocation import FLIP_DAYS, PRINCIPAL_FIRST_ORDER, STATUTE_ORDER, Across, Bucket
from ..overdue import PenaltyRule
from ..prepayment import NO_FEE, Mode, PrepaymentFee
from ..terms import MONTHLY, Every, Method, Terms


@dataclass(frozen=True, slots=True)
class LoanRules:
    """What a contract says beyond its schedule."""

    penalty: PenaltyRule = field(default_factory=PenaltyRule)
    order: tuple[Bucket, ...] = STATUTE_ORDER
    late_order: tuple[Bucket, ...] = PRINCIPAL_FIRST_ORDER
    flip_days: int = FLIP_DAYS
    across: Across = Across.INSTALMENT_FIRST
    prepayment_fee: PrepaymentFee = NO_FEE


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened `on` a day; `sequence` is unique and grows with booking, not with the value date.

    `rank` orders events of one day: the loan begins, its terms change, costs and waivers, payments that are due,
    payments ahead of time, refunds, write-off.
    """

    rank: ClassVar[int] = 1
    on: date
    sequence: int


@dataclass(frozen=True, kw_only=True)
class Disbursed(Event):
    """The money was paid out under these terms; `terms.start_on` is the day."""

    rank: ClassVar[int] = 0
    terms: Terms
    rules: LoanRules = field(default_factory=LoanRules)


@dataclass(frozen=True, kw_only=True)
class Paid(Event):
    """Money came in for what is due; more than that is a credit which waits for the next due day."""

    rank: ClassVar[int] = 3
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class PrepaidPart(Paid):
    """Money came in to pay a part of the principal early."""

    rank: ClassVar[int] = 4
    mode: Mode


@dataclass(frozen=True, kw_only=True)
class PaidOff(Paid):
    """Money came in to settle the loan; if it turns out not to suffice, it counts as `Paid`."""

    rank: ClassVar[int] = 5


@dataclass(frozen=True, kw_only=True)
class Renewed(PaidOff):
    """The loan was settled from a new one without the customer repaying principal (无还本续贷)."""


@dataclass(frozen=True, kw_only=True)
class Reversed(Event):
    """An earlier event is taken back, as if it had never happened (冲正); `target` is its sequence."""

    target: int


@dataclass(frozen=True, kw_only=True)
class RateChanged(Event):
    """The contract rate is another from this day on, as on a repricing day of the LPR."""

    annual_rate: Decimal


@dataclass(frozen=True, kw_only=True)
class DueDayChanged(Event):
    """Instalments fall on another day of the month; none comes earlier than it would have."""

    anchor_day: int


@dataclass(frozen=True, kw_only=True)
class Extended(Event):
    """The loan runs for more periods than agreed (展期)."""

    periods: int


@dataclass(frozen=True, kw_only=True)
class Restructured(Event):
    """New terms for a debtor in difficulty: what was overdue becomes principal not yet due.

    With `capitalise`, unpaid interest and penalties become principal too; without it they stay due. With
    `keep_arrears` the overdue principal stays due as well, and only the rest gets new terms.
    """

    annual_rate: Decimal
    method: Method
    due_on: tuple[date, ...]
    every: Every = MONTHLY
    capitalise: bool = False
    keep_arrears: bool = False


@dataclass(frozen=True, kw_only=True)
class CostCharged(Event):
    """A cost of enforcement or another charge outside the schedule is owed."""

    rank: ClassVar[int] = 2
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class Waived(Event):
    """A claim was given up; `approval` names the decision. At most what is owed is waived."""

    rank: ClassVar[int] = 2
    number: int
    bucket: Bucket
    amount_fen: int
    approval: str


@dataclass(frozen=True, kw_only=True)
class MisuseFound(Event):
    """The money is used against its purpose from this day on."""


@dataclass(frozen=True, kw_only=True)
class MisuseEnded(Event):
    """The use is in order again."""


@dataclass(frozen=True, kw_only=True)
class Accelerated(Event):
    """The whole loan falls due on this day."""


@dataclass(frozen=True, kw_only=True)
class WrittenOff(Event):
    """The loan left the books; the claim remains, and what comes in is a recovery."""

    rank: ClassVar[int] = 7
    approval: str


@dataclass(frozen=True, kw_only=True)
class Refunded(Event):
    """A credit was paid back to the customer."""

    rank: ClassVar[int] = 6
    amount_fen: int
