"""A loan at a day in its life, as its events leave it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from ..allocation import Allocation, Bucket, Owed
from ..overdue import days_past_due
from ..prepayment import PayOffQuote, payoff_quote
from ..rounding import to_fen
from ..schedules import Schedule
from .events import LoanRules


class LoanStatus(StrEnum):
    """Where a loan is in its life."""

    ACTIVE = "active"
    SETTLED = "settled"
    RENEWED = "renewed"
    WRITTEN_OFF = "written_off"


@dataclass
class Bill:
    """A row that has fallen due: what it asked for, what has grown on it, what has been settled.

    Number 0 gathers what belongs to no row: costs, and penalty for misuse. Penalties are kept exact and rounded when
    asked for, so that looking at a loan in between changes nothing. `grace_factor` is the penalty per fen of the days
    of grace, which only counts once grace is missed.
    """

    number: int
    due_on: date
    asked: dict[Bucket, int]
    settled: dict[Bucket, int] = field(default_factory=dict)
    penalty_exact: Fraction = Fraction(0)
    compound_exact: Fraction = Fraction(0)
    grace_factor: Fraction = Fraction(0)
    annual_rate: Decimal = Decimal(0)
    """The contract rate under which the row fell due: a later change of rate does not reach what is late already."""
    closed: bool = field(default=False, compare=False)
    """Found settled once: nothing can grow on a settled row any more, so it need not be looked at again."""

    def owed(self, bucket: Bucket) -> int:
        """What is still owed of one kind."""
        asked = self.asked.get(bucket, 0)
        if bucket is Bucket.PENALTY_INTEREST:
            asked += to_fen(self.penalty_exact)
        elif bucket is Bucket.COMPOUND_INTEREST:
            asked += to_fen(self.compound_exact)
        return asked - self.settled.get(bucket, 0)

    def settle(self, bucket: Bucket, amount_fen: int) -> None:
        """Count an amount as paid or waived."""
        self.settled[bucket] = self.settled.get(bucket, 0) + amount_fen

    def as_owed(self) -> Owed:
        """The bill as the allocation sees it."""
        return Owed(self.number, **{f"{bucket.value}_fen": self.owed(bucket) for bucket in Bucket})

    @property
    def is_settled(self) -> bool:
        """Whether nothing is owed."""
        if not self.closed and all(self.owed(bucket) == 0 for bucket in Bucket):
            self.closed = self.number > 0
            return True
        return self.closed

    @property
    def is_late_if_unpaid(self) -> bool:
        """Whether principal or interest of a schedule row is unpaid: what days past due count from."""
        return self.number > 0 and not self.closed and self.owed(Bucket.PRINCIPAL) + self.owed(Bucket.INTEREST) > 0


@dataclass(frozen=True, slots=True)
class EarlyPayment:
    """Principal paid before it was due, with its interest to the day and its fee."""

    sequence: int
    on: date
    principal_fen: int
    interest_fen: int
    fee_fen: int


@dataclass(frozen=True, slots=True)
class Applied:
    """How money was used on a day: of which event (None: a credit that met a due day), and where it went."""

    sequence: int | None
    on: date
    allocation: Allocation


@dataclass
class LoanState:
    """The loan after replaying its events up to `on`. `plan` holds rows not yet due from `rows_billed` on; their
    numbers start after `numbered`."""

    on: date
    rules: LoanRules
    plan: Schedule
    disbursed_fen: int
    rows_billed: int = 0
    numbered: int = 0
    status: LoanStatus = LoanStatus.ACTIVE
    bills: list[Bill] = field(default_factory=list)
    early: list[EarlyPayment] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)
    credit_fen: int = 0
    capitalised_fen: int = 0
    recovered_fen: int = 0
    refunded_fen: int = 0
    misused: bool = False
    ended_on: date | None = None
    restructured_on: date | None = None
    extensions: int = 0
    anchor_day: int = 1
    dpd_at_opening: int = 0
    """Days past due before the day's payments: it decides their order, so that their sequence does not."""

    @property
    def not_due_fen(self) -> int:
        """Principal that is not yet due."""
        return self.plan.terms.principal_fen - sum(self.plan.principals_fen[: self.rows_billed])

    @property
    def principal_fen(self) -> int:
        """All principal still owed, due or not."""
        return self.not_due_fen + sum(bill.owed(Bucket.PRINCIPAL) for bill in self.bills)

    @property
    def due_fen(self) -> int:
        """Everything due and unpaid, penalties to the day included."""
        return sum(bill.as_owed().total_fen for bill in self.bills if not bill.closed)

    @property
    def days_past_due(self) -> int:
        """Days since the oldest unpaid row fell due, 0 while its grace lasts."""
        late = [
            days_past_due(bill.due_on, self.on, self.rules.penalty.grace_days)
            for bill in self.bills
            if bill.is_late_if_unpaid
        ]
        return max(late, default=0)

    @property
    def accrued_fen(self) -> int:
        """Interest of the running period to the day, not yet due."""
        return self._quote().interest_fen

    def payoff(self) -> PayOffQuote:
        """What settles the loan today, penalties, credit and the fee for paying early included."""
        quote = self._quote()
        return PayOffQuote(
            valid_on=self.on,
            arrears_fen=self.due_fen,
            principal_fen=quote.principal_fen,
            interest_fen=quote.interest_fen,
            fee_fen=quote.fee_fen,
            credit_fen=self.credit_fen,
            interest_saved_fen=quote.interest_saved_fen,
        )

    def billed_fen(self) -> int:
        """What the plan's billed rows asked for: with this much paid, the plan alone has neither arrears nor credit."""
        rows = self.plan.instalments[: self.rows_billed]
        return sum(row.payment_fen for row in rows)

    def _quote(self) -> PayOffQuote:
        if self.status in (LoanStatus.SETTLED, LoanStatus.RENEWED):
            return PayOffQuote(self.on, 0, 0, 0, 0, 0, 0)
        return payoff_quote(self.plan, self.on, self.billed_fen(), self.rules.prepayment_fee)

    def replace_plan(self, plan: Schedule) -> None:
        """Go on with another plan; its first row follows the last one billed."""
        self.numbered += self.rows_billed
        self.rows_billed = 0
        self.plan = plan
