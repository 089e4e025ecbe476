"""Early repayment: the quote that settles a loan, and what is left after paying a part of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from . import plans
from .checks import is_integer
from .errors import PrepaymentError
from .period_interest import PeriodInterest, of_shares
from .positions import Position, position, row_lengths
from .redrawing import redraw, remaining_lengths, remaining_terms
from .rounding import divide, share, to_fen
from .schedules import Schedule
from .terms import Method, Terms


class Mode(StrEnum):
    """What becomes of the remaining instalments after a part payment."""

    LOWER_INSTALMENT = "lower_instalment"
    SHORTER_TERM = "shorter_term"


@dataclass(frozen=True, slots=True)
class PrepaymentFee:
    """A fee for paying early, on the principal paid early: rate + fixed amount, never above its caps.

    `cap_interest_days` limits it to so many days' interest on that principal (contract rate, 360-day year). No fee
    from `free_from` on. The law's default is no fee (Civil Code art. 677): then leave everything at zero.
    """

    rate: Decimal = Decimal(0)
    fixed_fen: int = 0
    cap_fen: int | None = None
    cap_interest_days: int | None = None
    free_from: date | None = None

    def __post_init__(self) -> None:
        amounts = (self.rate, self.fixed_fen, self.cap_fen or 0, self.cap_interest_days or 0)
        if any(amount < 0 for amount in amounts) or self.rate > 1:
            raise PrepaymentError("fee_out_of_range", "a fee cannot be negative, nor more than the principal")

    def on_principal(self, principal_fen: int, on: date, annual_rate: Decimal) -> int:
        """The fee for paying this principal early on this day."""
        if self.free_from is not None and on >= self.free_from:
            return 0
        fee_fen = share(principal_fen, self.rate) + self.fixed_fen
        if self.cap_fen is not None:
            fee_fen = min(fee_fen, self.cap_fen)
        if self.cap_interest_days is not None:
            interest = Fraction(annual_rate) * self.cap_interest_days / 360
            fee_fen = min(fee_fen, to_fen(principal_fen * interest))
        return fee_fen


NO_FEE = PrepaymentFee()


@dataclass(frozen=True, slots=True)
class PayOffQuote:
    """What settles the loan on a day, valid to the end of that day (Asia/Shanghai)."""

    valid_on: date
    arrears_fen: int
    principal_fen: int
    interest_fen: int
    fee_fen: int
    credit_fen: int
    interest_saved_fen: int

    @property
    def total_fen(self) -> int:
        """What is to be paid; 0 when the credit covers everything."""
        return max(0, self._sum_fen)

    @property
    def refund_fen(self) -> int:
        """What the customer gets back when the credit is more than is owed."""
        return max(0, -self._sum_fen)

    @property
    def _sum_fen(self) -> int:
        return self.arrears_fen + self.principal_fen + self.interest_fen + self.fee_fen - self.credit_fen


@dataclass(frozen=True, slots=True)
class Prepayment:
    """How a part payment was used, and the schedule of what is left."""

    on: date
    mode: Mode
    arrears_fen: int
    interest_fen: int
    fee_fen: int
    principal_fen: int
    plan: Schedule
    interest_saved_fen: int


def payoff_quote(plan: Schedule, on: date, paid_fen: int, fee: PrepaymentFee = NO_FEE) -> PayOffQuote:
    """What settles the loan on a day: arrears, all principal, interest for the actual days of the running period.

    `paid_fen` is everything paid so far. The fee never exceeds the interest that paying early saves. Raises
    `prepayment.before_start`.
    """
    now = position(plan, on, paid_fen)
    saved_fen = max(0, sum(plan.interests_fen[now.rows_due :]) - now.accrued_fen)
    fee_fen = min(fee.on_principal(now.balance_fen, on, plan.terms.annual_rate), saved_fen)
    return PayOffQuote(
        on, now.arrears_fen, now.balance_fen, now.accrued_fen, fee_fen, now.credit_fen, saved_fen
    )  # fmt: skip


def prepay(
    plan: Schedule, on: date, paid_fen: int, amount_fen: int, mode: Mode, fee: PrepaymentFee = NO_FEE
) -> Prepayment:
    """Pay a part early. The amount (with what was overpaid before) settles arrears, then interest to the day, then the
    fee and principal; the rest of the schedule is drawn up anew from the day on.

    The running period keeps its length: what was earned before the day is charged now, the remaining part of it on
    the lower principal, so that paying early never costs more. Lower instalment: same due days, smaller amounts.
    Shorter term: the same instalment (or principal plan) until nothing is left; where principal comes at the end
    there is nothing to shorten. Raises `prepayment.amount_too_small`, `prepayment.settles_loan`,
    `prepayment.flat_not_supported`, `prepayment.amount_not_integer`.
    """
    if not is_integer(amount_fen):
        raise PrepaymentError("amount_not_integer", "the amount must be an integer number of fen")
    if plan.terms.method is Method.FLAT:
        raise PrepaymentError("flat_not_supported", "a flat schedule is for comparison; it cannot be repaid early")
    now = position(plan, on, paid_fen)
    free_fen = amount_fen + now.credit_fen - now.arrears_fen - now.accrued_fen
    principal_fen = _principal_within(free_fen, now, fee, plan.terms.annual_rate)
    if amount_fen <= 0 or principal_fen <= 0:
        raise PrepaymentError("amount_too_small", "the amount does not reach the principal that is not yet due")
    if principal_fen >= now.balance_fen:
        owed = payoff_quote(plan, on, paid_fen, fee).total_fen
        raise PrepaymentError("settles_loan", "the amount settles the loan; ask for a pay-off", pay_off_fen=owed)
    rest = _rest(plan, now, now.balance_fen - principal_fen, mode)
    return Prepayment(
        on=on,
        mode=mode,
        arrears_fen=now.arrears_fen,
        interest_fen=now.accrued_fen,
        fee_fen=fee.on_principal(principal_fen, on, plan.terms.annual_rate),
        principal_fen=principal_fen,
        plan=rest,
        interest_saved_fen=sum(plan.interests_fen[now.rows_due :]) - now.accrued_fen - rest.total_interest_fen,
    )


def _principal_within(free_fen: int, now: Position, fee: PrepaymentFee, annual_rate: Decimal) -> int:
    """The largest principal that an amount pays together with its fee (the fee grows with the principal)."""
    low, high = 0, max(0, min(free_fen, now.balance_fen))
    while low < high:
        middle = (low + high + 1) // 2
        if middle + fee.on_principal(middle, now.on, annual_rate) <= free_fen:
            low = middle
        else:
            high = middle - 1
    return low


def _rest(plan: Schedule, now: Position, balance_fen: int, mode: Mode) -> Schedule:
    """The schedule from the day on, for what is left."""
    terms = remaining_terms(plan, now, balance_fen)
    lengths = remaining_lengths(plan, now)
    if mode is Mode.LOWER_INSTALMENT:
        return redraw(terms, lengths)
    interest = of_shares([Fraction(terms.annual_rate) * length for length in lengths])
    if terms.method is Method.EQUAL_INSTALMENT:
        principals, interests = _keep_instalment(plan, now, terms, interest)
    else:
        principals = _keep_principals(plan.principals_fen[now.rows_due :], balance_fen)
        interests = plans.interests_on(terms, principals, interest)
    if terms.interest_grace:
        principals, interests = plans.postponed((principals, interests), terms.interest_grace)
    return _cut(Schedule(terms, principals, interests, lengths))


def _keep_instalment(plan: Schedule, now: Position, terms: Terms, interest: PeriodInterest) -> plans.Columns:
    """Go on with the instalment as it was: the first one after any grace."""
    grace, rounding = terms.principal_grace, terms.rounding
    row = now.rows_due + grace
    # worked out anew, because grace may have put this row's interest off
    earned = now.balance_fen * Fraction(terms.annual_rate) * row_lengths(plan)[row]
    amount = plan.principals_fen[row] + to_fen(earned + (0 if row else plan.carried), rounding)
    before = [divide(terms.principal_fen * n, interest.denominator, rounding) for n in interest.numerators[:grace]]
    rest = interest._replace(numerators=interest.numerators[grace:], uniform=False)
    principals, interests = plans.amortise(terms.principal_fen, amount, rest, rounding)
    return [0] * grace + principals, before + interests


def _keep_principals(principals: Sequence[int], balance_fen: int) -> list[int]:
    """The planned principal of each row until nothing is left."""
    kept = []
    for principal in principals:
        kept.append(min(principal, balance_fen))
        balance_fen -= kept[-1]
    return kept


def _cut(plan: Schedule) -> Schedule:
    """Drop the rows after the one that brings the balance to nothing."""
    left, rows = plan.terms.principal_fen, 0
    while left:
        left -= plan.principals_fen[rows]
        rows += 1
    amounts = plan.terms.principal_plan_fen and tuple(plan.principals_fen[:rows])
    shorter = replace(plan.terms, instalments=rows, due_on=plan.due_on[:rows], principal_plan_fen=amounts)
    lengths = plan.lengths and plan.lengths[:rows]
    return Schedule(shorter, plan.principals_fen[:rows], plan.interests_fen[:rows], lengths)
