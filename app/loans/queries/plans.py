"""The plan that a loan follows, as the engine reads it, and what paying early costs on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine.plan_options import PlanOptions
from app.engine.prepayment import Mode, prepay
from app.engine.schedules import schedule
from app.engine.terms import Terms
from app.kernel import clock
from app.loans import domain
from app.loans.domain.changed_terms import drawn_anew
from app.loans.domain.prepaying import PlanInForce
from app.loans.models import Loan, LoanChange, LoanInstalment, Repayment
from app.loans.queries.history import placed_at
from app.loans.queries.loans import as_rows, instalments


def terms(loan: Loan) -> Terms:
    """The loan's terms as they were agreed, for the engine, on its product's options of then: half-up, due on the
    product's day of the month or the start day's. What was changed since is in `plan_in_force`."""
    agreed = loan.agreed_terms or {}
    return PlanOptions.read({**(loan.plan_options or {}), "day_count": loan.day_count}).terms(
        principal_fen=loan.principal_fen,
        annual_rate=Decimal(agreed.get("annual_rate", loan.annual_rate)),
        method=agreed.get("method", loan.method),
        term_months=agreed.get("term_months", loan.term_months),
        start_on=loan.start_on,
    )


def plan_in_force(session: Session, loan: Loan, found: Sequence[LoanInstalment]) -> PlanInForce:
    """The agreed plan as part prepayments and changes of terms have made it, each drawn up anew by the engine, and what
    was paid of it; penalties and what was overpaid are apart from it. Raises LoanNotPayable for a settled loan.

    Only the numbers that went into each step are kept, so that there is one place where a plan is drawn up.
    """
    if loan.status not in domain.OWING:
        raise domain.LoanNotPayable("The loan is settled; nothing is owed.")
    plan = schedule(terms(loan))
    anchor_day = plan.terms.anchor_day or loan.start_on.day
    for step in _steps(session, loan, found):
        if isinstance(step, Repayment):
            assert step.mode and step.plan_paid_fen is not None and step.plan_amount_fen is not None
            plan = prepay(plan, step.quoted_on, step.plan_paid_fen, step.plan_amount_fen, Mode(step.mode)).plan
        else:
            drawn_fen = sum(_drawn_fen(row) for row in found if row.drawn_by == step.id)
            plan, anchor_day = drawn_anew(plan, anchor_day, step.effective_on, step.kind, step.terms, drawn_fen)
    first = _drawn_after(found)
    settled = (_settled_fen(row) for row in found if row.number > first)
    before = [row for row in found if row.number <= first and row.status == "due"]
    owed = (row.principal_fen + row.interest_fen - row.paid_principal_fen - row.paid_interest_fen for row in before)
    return PlanInForce(plan, sum(settled), anchor_day, sum(owed))


def _drawn_after(found: Sequence[LoanInstalment]) -> int:
    """The number before the first row of the plan in force: after the last part prepayment or change."""
    firsts: dict[UUID, int] = {}
    for row in found:
        if row.drawn_by:
            firsts[row.drawn_by] = min(row.number, firsts.get(row.drawn_by, row.number))
    prepaid = (row.number for row in found if row.status == "prepaid")
    return max((*prepaid, *(number - 1 for number in firsts.values())), default=0)


def _steps(session: Session, loan: Loan, found: Sequence[LoanInstalment]) -> list[Repayment | LoanChange]:
    """What has drawn up the plan anew, in order. While a loan is lived through anew, only what it has reached."""
    steps: list[tuple[date, datetime, Repayment | LoanChange]] = []
    if any(row.status == "prepaid" for row in found):
        steps += [(one.quoted_on, one.booked_at or clock.now(), one) for one in _prepayments(session, loan)]
    drawn_by = {row.drawn_by for row in found if row.drawn_by}
    if drawn_by:
        query = select(LoanChange).where(LoanChange.id.in_(drawn_by))
        steps += [(one.effective_on, placed_at(one), one) for one in session.scalars(query)]
    return [step for _, _, step in sorted(steps, key=lambda one: one[:2])]


def _drawn_fen(row: LoanInstalment) -> int:
    """The principal of a row as it was drawn up, before a waiver or a restructuring took of it."""
    return row.principal_fen + row.moved_principal_fen + row.waived_principal_fen


def _settled_fen(row: LoanInstalment) -> int:
    """What of a row the agreed plan has had: what was waived of it is asked for no more, as if it had been paid."""
    waived_fen = row.waived_principal_fen + row.waived_interest_fen
    return row.paid_principal_fen + row.paid_interest_fen + waived_fen


def pay_off_quote(
    session: Session, loan: Loan, on: date, found: Sequence[LoanInstalment] | None = None
) -> domain.PayOff:
    """What settles the loan on a day, penalties included; `found` is its schedule where it is read already. Raises
    LoanNotPayable for a settled loan."""
    found = instalments(session, loan.id) if found is None else found
    plan, left = plan_in_force(session, loan, found), as_rows(loan, found, on)
    return domain.pay_off(
        plan.schedule,
        on=on,
        paid_fen=plan.paid_fen,
        outstanding_principal_fen=loan.outstanding_principal_fen,
        remaining_interest_fen=sum(row.interest_fen for row in left),
        penalty_fen=sum(row.penalty_fen + row.compound_fen for row in left),
        arrears_fen=plan.arrears_fen,
    )


def early_repayment(
    session: Session, loan: Loan, *, on: date, amount_fen: int, mode: Mode | None
) -> domain.EarlyRepayment:
    """What an amount paid early on a day would leave; penalties are paid from it first.

    Raises LoanNotPayable, and what `engine.prepayment` refuses.
    """
    if loan.status not in domain.OPEN_LOAN:
        raise domain.LoanNotPayable("Pay what is due, or all of it.")
    found = instalments(session, loan.id)
    plan, left = plan_in_force(session, loan, found), as_rows(loan, found, on)
    return domain.early_repayment(
        plan.schedule,
        on=on,
        paid_fen=plan.paid_fen,
        amount_fen=amount_fen,
        mode=mode,
        penalty_fen=sum(row.penalty_fen + row.compound_fen for row in left),
        arrears_fen=plan.arrears_fen,
    )


def _prepayments(session: Session, loan: Loan) -> Sequence[Repayment]:
    """In the order in which they were booked: at most one repayment of a loan waits for its money at a time."""
    query = select(Repayment).where(
        Repayment.loan_id == loan.id, Repayment.status == "applied", Repayment.plan_amount_fen.is_not(None)
    )
    return session.scalars(query.order_by(Repayment.id)).all()
