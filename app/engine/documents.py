"""What a repayment receipt and a pay-off letter say about money, as values for whoever prints them."""

from dataclasses import dataclass
from datetime import date

from .allocation import Bucket
from .errors import ReplayError
from .replay.events import Paid
from .replay.state import LoanState, LoanStatus
from .uppercase import uppercase


@dataclass(frozen=True, slots=True)
class RepaymentReceipt:
    """How one payment was used: the parts and the new credit, less what came from an earlier credit, are the amount."""

    on: date
    amount_fen: int
    amount_in_words: str
    fee_fen: int
    compound_interest_fen: int
    penalty_interest_fen: int
    interest_fen: int
    principal_fen: int
    credit_fen: int
    from_credit_fen: int
    principal_left_fen: int


@dataclass(frozen=True, slots=True)
class PayOffLetter:
    """What settles a loan, valid to the end of `valid_on` (Asia/Shanghai)."""

    valid_on: date
    principal_fen: int
    interest_fen: int
    penalty_fen: int
    fee_fen: int
    credit_fen: int
    total_fen: int
    total_in_words: str


@dataclass(frozen=True, slots=True)
class SettlementCertificate:
    """That a loan has been repaid: when, how much was lent, how much was paid in all."""

    settled_on: date
    lent_fen: int
    lent_in_words: str
    principal_paid_fen: int
    interest_paid_fen: int
    other_paid_fen: int


def receipt(state: LoanState, event: Paid) -> RepaymentReceipt:
    """The receipt for a payment; `state` is the loan replayed to the day of payment, so that it says what is left then.

    Money that met nothing is a credit; an early payment may also have used an earlier credit. Raises
    `loan.event_unknown` if the loan has not been replayed as far as the payment.
    """
    if event.on > state.on:
        raise ReplayError("event_unknown", "the loan has not been replayed as far as the payment")
    used = [applied.allocation for applied in state.applied if applied.sequence == event.sequence]
    early = [paid for paid in state.early if paid.sequence == event.sequence]
    totals = {bucket: sum(allocation.total_fen(bucket) for allocation in used) for bucket in Bucket}
    totals[Bucket.PRINCIPAL] += sum(paid.principal_fen for paid in early)
    totals[Bucket.INTEREST] += sum(paid.interest_fen for paid in early)
    totals[Bucket.FEE] += sum(paid.fee_fen for paid in early)
    left_over_fen = event.amount_fen - sum(totals.values())
    return RepaymentReceipt(
        on=event.on,
        amount_fen=event.amount_fen,
        amount_in_words=uppercase(event.amount_fen),
        fee_fen=totals[Bucket.FEE],
        compound_interest_fen=totals[Bucket.COMPOUND_INTEREST],
        penalty_interest_fen=totals[Bucket.PENALTY_INTEREST],
        interest_fen=totals[Bucket.INTEREST],
        principal_fen=totals[Bucket.PRINCIPAL],
        credit_fen=max(0, left_over_fen),
        from_credit_fen=max(0, -left_over_fen),
        principal_left_fen=state.principal_fen,
    )


def payoff_letter(state: LoanState) -> PayOffLetter:
    """What settles the loan on the day it was replayed to."""
    quote, owed = state.payoff(), [bill.as_owed() for bill in state.bills]
    return PayOffLetter(
        valid_on=quote.valid_on,
        principal_fen=quote.principal_fen + sum(item.principal_fen for item in owed),
        interest_fen=quote.interest_fen + sum(item.interest_fen for item in owed),
        penalty_fen=sum(item.penalty_interest_fen + item.compound_interest_fen for item in owed),
        fee_fen=quote.fee_fen + sum(item.fee_fen for item in owed),
        credit_fen=quote.credit_fen,
        total_fen=quote.total_fen,
        total_in_words=uppercase(quote.total_fen),
    )


def settlement_certificate(state: LoanState) -> SettlementCertificate:
    """That the loan has been repaid. Raises `loan.not_settled`."""
    if state.status not in (LoanStatus.SETTLED, LoanStatus.RENEWED) or state.ended_on is None:
        raise ReplayError("not_settled", "the loan is not settled")
    settled = {bucket: sum(bill.settled.get(bucket, 0) for bill in state.bills) for bucket in Bucket}
    early_principal = sum(paid.principal_fen for paid in state.early)
    early_interest = sum(paid.interest_fen for paid in state.early)
    other = sum(settled[bucket] for bucket in (Bucket.FEE, Bucket.PENALTY_INTEREST, Bucket.COMPOUND_INTEREST))
    return SettlementCertificate(
        settled_on=state.ended_on,
        lent_fen=state.disbursed_fen,
        lent_in_words=uppercase(state.disbursed_fen),
        principal_paid_fen=settled[Bucket.PRINCIPAL] + early_principal,
        interest_paid_fen=settled[Bucket.INTEREST] + early_interest,
        other_paid_fen=other + sum(paid.fee_fen for paid in state.early),
    )
