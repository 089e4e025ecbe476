"""The merchant gives money back for the goods that a loan paid: the loan ends as if it had never been, or it shrinks.

A refund is booked as a prepayment without a fee, on the day it counts for: what is due first, then interest to the day,
then principal. More than is owed is the customer's credit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine.errors import PrepaymentError
from app.engine.prepayment import Mode
from app.kernel import clock, ids
from app.loans import domain, queries
from app.loans.models import Loan, Repayment
from app.loans.usecases.booking import apply_payment
from app.loans.usecases.dividing import cancellable


@dataclass(frozen=True)
class GivenBack:
    """Money that comes back for goods; `repayment_id` is the refund's: a repeat is the same. Fen.

    `mode` says what becomes of the rest of the schedule, `interest_free_days` for how long after the pay-out a refund
    of all principal takes the interest with it.
    """

    repayment_id: UUID
    loan_id: UUID
    amount_fen: int
    value_on: date
    paid_at: datetime
    mode: Mode
    interest_free_days: int


def give_back(session: Session, *, money: GivenBack) -> Repayment:
    """Book it on the loan, once. On a loan that is over all of it is the customer's credit. Raises LoanUnknown."""
    if session.get(Repayment, money.repayment_id) is None:
        query = select(Loan).where(Loan.id == money.loan_id).with_for_update().execution_options(populate_existing=True)
        loan = session.scalars(query).one_or_none()
        if loan is None:
            raise domain.LoanUnknown("There is no such loan.")
        _write_down(session, loan, money)
    return apply_payment(
        session, repayment_id=money.repayment_id, amount_fen=money.amount_fen, paid_at=money.paid_at
    )


def _write_down(session: Session, loan: Loan, money: GivenBack) -> None:
    on = max(money.value_on, loan.start_on)
    session.add(
        Repayment(
            id=money.repayment_id,
            receipt_no=ids.outside_number("HK", money.repayment_id),
            loan_id=loan.id,
            customer_id=loan.customer_id,
            paid_by="merchant",
            quoted_on=on,
            amount_fen=money.amount_fen,
            status="matched",
            opened_at=clock.now(),
            **_meant_for(session, loan, money, on),
        )
    )
    session.flush()


def _meant_for(session: Session, loan: Loan, money: GivenBack, on: date) -> dict[str, Any]:
    """What the sum does to the loan on a day: it ends it, it shortens or lowers the rest, or, too small for that, it
    pays what is due or else the next instalment."""
    if loan.status not in domain.OPEN_LOAN:
        return {"kind": "due"}  # nothing is owed: all of it becomes credit
    rows = queries.rows(session, loan, on)
    soon = on <= loan.start_on + timedelta(days=money.interest_free_days)
    if soon and cancellable(loan, rows, on, money.amount_fen):
        return {"kind": "payoff", "interest_free": True}
    try:
        queries.early_repayment(session, loan, on=on, amount_fen=money.amount_fen, mode=money.mode)
    except PrepaymentError as error:
        if error.reason == "settles_loan":
            return {"kind": "payoff"}
        following = domain.next_row(rows)
        ahead = following is not None and not domain.due_rows(rows, on)
        return {"kind": "instalment", "instalment_number": following.number} if ahead and following else {"kind": "due"}
    return {"kind": "prepayment", "mode": money.mode}
