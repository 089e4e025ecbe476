"""What the passing of time does to a loan, and how money meets what is due."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from ..allocation import Bucket, allocate
from ..daycount import days_between
from ..overdue import PenaltyRule, multiple, penalty_factor
from .state import Applied, Bill, LoanState, LoanStatus


def advance(state: LoanState, to: date) -> None:
    """Let the days pass: penalties grow, rows fall due, a credit meets them."""
    opening = to > state.on
    while state.rows_billed < len(state.plan.principals_fen) and state.plan.due_on[state.rows_billed] <= to:
        _accrue(state, state.plan.due_on[state.rows_billed])
        bill_next_row(state)
    _accrue(state, to)
    if opening:
        state.dpd_at_opening = state.days_past_due


def bill_next_row(state: LoanState) -> None:
    """The next row of the plan falls due today; a credit pays it as far as it goes."""
    row = state.plan.instalments[state.rows_billed]
    state.rows_billed += 1
    asked = {Bucket.PRINCIPAL: row.principal_fen, Bucket.INTEREST: row.interest_fen, Bucket.FEE: row.fee_fen}
    rate = state.plan.terms.annual_rate
    state.bills.append(Bill(state.numbered + state.rows_billed, row.due_on, asked, annual_rate=rate))
    if state.credit_fen:
        credit_fen, state.credit_fen = state.credit_fen, 0
        receive(state, credit_fen, None)
    close_if_settled(state)


def receive(state: LoanState, amount_fen: int, sequence: int | None) -> int:
    """Use money for what is due, oldest first; the rest is a credit. Returns what was used."""
    rules = state.rules
    order = rules.late_order if state.dpd_at_opening > rules.flip_days else rules.order
    open_bills = [bill for bill in state.bills if not bill.is_settled]
    result = allocate(amount_fen, [bill.as_owed() for bill in open_bills], order, rules.across)
    by_number = {bill.number: bill for bill in open_bills}
    for part in result.parts:
        by_number[part.number].settle(part.bucket, part.amount_fen)
    state.credit_fen += result.overpaid_fen
    state.applied.append(Applied(sequence, state.on, result))
    return amount_fen - result.overpaid_fen


def close_if_settled(state: LoanState) -> None:
    """The loan ends when every row has fallen due and nothing is owed."""
    done = state.rows_billed == len(state.plan.principals_fen) and all(bill.is_settled for bill in state.bills)
    if done and state.status is LoanStatus.ACTIVE:
        state.status, state.ended_on = LoanStatus.SETTLED, state.on


def loan_bill(state: LoanState) -> Bill:
    """The bill for what belongs to no row of the schedule; made when first needed."""
    if not state.bills or state.bills[0].number:
        state.bills.insert(0, Bill(0, state.on, {}))
    return state.bills[0]


def _accrue(state: LoanState, to: date) -> None:
    """Penalties from the day reached so far to another."""
    if to > state.on:
        late = [bill for bill in state.bills if bill.number and not bill.is_settled]
        if late:
            times = multiple(state.rules.penalty, overdue=True, misused=state.misused)
            factors = {rate: _factor(state, rate, times, to) for rate in {bill.annual_rate for bill in late}}
            for bill in late:
                _grow(bill, factors[bill.annual_rate], to, state.rules.penalty)
        if state.misused and state.not_due_fen:
            extra = multiple(state.rules.penalty, overdue=False, misused=True) - 1
            factor = _factor(state, state.plan.terms.annual_rate, extra, to)
            loan_bill(state).penalty_exact += state.not_due_fen * factor
    state.on = max(state.on, to)


def _grow(bill: Bill, factor: Fraction, to: date, rule: PenaltyRule) -> None:
    """Penalty on unpaid principal and compound interest on unpaid interest; in grace it is only noted."""
    if bill.grace_factor:
        factor += bill.grace_factor
    if days_between(bill.due_on, to) <= rule.grace_days:
        bill.grace_factor = factor
        return
    bill.grace_factor = Fraction(0)
    bill.penalty_exact += bill.owed(Bucket.PRINCIPAL) * factor
    if rule.compound:
        bill.compound_exact += bill.owed(Bucket.INTEREST) * factor


def _factor(state: LoanState, annual_rate: Decimal, times: Decimal, to: date) -> Fraction:
    """Penalty per fen from the day reached so far."""
    return penalty_factor(annual_rate, times, state.on, to, state.rules.penalty.day_count)
