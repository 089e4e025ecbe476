"""The plan that a loan follows, as the engine reads it, and what paying early costs on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine.prepayment import Mode, prepay
from app.engine.schedules import schedule
from app.engine.terms import DayCount, Method, Terms
from app.loans import domain
from app.loans.domain.prepaying import PlanInForce
from app.loans.models import Loan, LoanInstalment, Repayment
from app.loans.queries.loans import as_rows, instalments


def terms(loan: Loan) -> Terms:
    """The loan's terms as the engine reads them: 30/360 for whole months, half-up, due on the start day's anchor."""
    return Terms(
        principal_fen=loan.principal_fen,
        annual_rate=loan.annual_rate,
        method=Method(loan.method),
        instalments=loan.term_months,
        start_on=loan.start_on,
        day_count=DayCount(loan.day_count),
    )


def plan_in_force(session: Session, loan: Loan, found: Sequence[LoanInstalment]) -> PlanInForce:
    """The agreed plan as the part prepayments have changed it, each drawn up anew by the engine, and what was paid of
    it; penalties and what was overpaid are apart from it. Raises LoanNotPayable for a settled loan.

    Only the numbers that went into each prepayment are kept, so that there is one place where a plan is drawn up.
    """
    if loan.status not in domain.OPEN_LOAN:
        raise domain.LoanNotPayable("The loan is settled; nothing is owed.")
    drawn_after = max((row.number for row in found if row.status == "prepaid"), default=0)
    plan = schedule(terms(loan))
    if drawn_after:
        for one in _prepayments(session, loan):
            assert one.mode and one.plan_paid_fen is not None and one.plan_amount_fen is not None
            plan = prepay(plan, one.quoted_on, one.plan_paid_fen, one.plan_amount_fen, Mode(one.mode)).plan
    paid = (row.paid_principal_fen + row.paid_interest_fen for row in found if row.number > drawn_after)
    return PlanInForce(plan, sum(paid))


def pay_off_quote(session: Session, loan: Loan, on: date) -> domain.PayOff:
    """What settles the loan on a day, penalties included. Raises LoanNotPayable for a settled loan."""
    found = instalments(session, loan.id)
    plan, left = plan_in_force(session, loan, found), as_rows(loan, found, on)
    return domain.pay_off(
        plan.schedule,
        on=on,
        paid_fen=plan.paid_fen,
        outstanding_principal_fen=loan.outstanding_principal_fen,
        remaining_interest_fen=sum(row.interest_fen for row in left),
        penalty_fen=sum(row.penalty_fen + row.compound_fen for row in left),
    )


def early_repayment(
    session: Session, loan: Loan, *, on: date, amount_fen: int, mode: Mode | None
) -> domain.EarlyRepayment:
    """What an amount paid early on a day would leave; penalties are paid from it first.

    Raises LoanNotPayable, and what `engine.prepayment` refuses.
    """
    found = instalments(session, loan.id)
    plan, left = plan_in_force(session, loan, found), as_rows(loan, found, on)
    return domain.early_repayment(
        plan.schedule,
        on=on,
        paid_fen=plan.paid_fen,
        amount_fen=amount_fen,
        mode=mode,
        penalty_fen=sum(row.penalty_fen + row.compound_fen for row in left),
    )


def _prepayments(session: Session, loan: Loan) -> Sequence[Repayment]:
    """In the order in which they were booked: at most one repayment of a loan waits for its money at a time."""
    query = select(Repayment).where(
        Repayment.loan_id == loan.id, Repayment.status == "applied", Repayment.plan_amount_fen.is_not(None)
    )
    return session.scalars(query.order_by(Repayment.id)).all()
