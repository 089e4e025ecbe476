"""Reading loans, schedules and repayments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.engine.allocation import Bucket, order_for
from app.engine.rounding import Rounding
from app.engine.terms import DayCount
from app.kernel.pagination import Page, PageRequest, paginate
from app.loans import domain
from app.loans.models import Drawdown, Loan, LoanInstalment, Repayment, ServicingRule


def own_loan(session: Session, *, customer_id: UUID, loan_id: UUID, lock: bool = False) -> Loan:
    """The customer's loan. Raises LoanUnknown, also for somebody else's."""
    query = select(Loan).where(Loan.id == loan_id, Loan.customer_id == customer_id)
    loan = session.scalar(query.with_for_update() if lock else query)
    if loan is None:
        raise domain.LoanUnknown("You have no such loan.")
    return loan


def own_repayment(session: Session, *, customer_id: UUID, repayment_id: UUID) -> Repayment:
    """The customer's repayment. Raises RepaymentUnknown, also for somebody else's."""
    repayment = session.scalar(
        select(Repayment).where(Repayment.id == repayment_id, Repayment.customer_id == customer_id)
    )
    if repayment is None:
        raise domain.RepaymentUnknown("You have no such repayment.")
    return repayment


def booked_payment(session: Session, repayment_id: str, *, reversed_too: bool = False) -> Repayment | None:
    """A repayment whose money is booked, by its id as text; for staff. None for anything else."""
    try:
        found = session.get(Repayment, UUID(repayment_id))
    except ValueError:
        return None
    wanted = {"applied", "reversed"} if reversed_too else {"applied"}
    return found if found and found.status in wanted else None


def loans_of(session: Session, customer_id: UUID, request: PageRequest) -> Page[Loan]:
    """The customer's loans, newest first."""
    return paginate(session, select(Loan).where(Loan.customer_id == customer_id), Loan.id, request)


def all_loans(session: Session, request: PageRequest, status: str | None = None) -> Page[Loan]:
    """Every loan, or those of one status, newest first; for staff."""
    query = select(Loan).where(Loan.status == status) if status else select(Loan)
    return paginate(session, query, Loan.id, request)


def any_loan(session: Session, loan_id: UUID) -> Loan:
    """A loan, whoever's it is; for staff. Raises LoanUnknown."""
    loan = session.get(Loan, loan_id)
    if loan is None:
        raise domain.LoanUnknown("There is no such loan.")
    return loan


def status_counts(session: Session) -> dict[str, int]:
    """How many loans are in which status; for staff."""
    rows = session.execute(select(Loan.status, func.count()).group_by(Loan.status))
    return {status: int(count) for status, count in rows}


def loan_of_application(session: Session, application_id: UUID) -> Loan | None:
    """The loan that came out of an application."""
    return session.scalar(select(Loan).where(Loan.application_id == application_id))


def drawdown_of_application(session: Session, application_id: UUID) -> Drawdown | None:
    """The drawdown of an application."""
    return session.scalar(select(Drawdown).where(Drawdown.application_id == application_id))


def instalments(session: Session, loan_id: UUID) -> list[LoanInstalment]:
    """The schedule, replaced rows included, by number."""
    query = select(LoanInstalment).where(LoanInstalment.loan_id == loan_id).order_by(LoanInstalment.number)
    return list(session.scalars(query))


def repayments_of(session: Session, loan_id: UUID) -> list[Repayment]:
    """The repayments of a loan, newest first."""
    return list(session.scalars(select(Repayment).where(Repayment.loan_id == loan_id).order_by(Repayment.id.desc())))


def repayments_page(session: Session, loan_id: UUID, request: PageRequest) -> Page[Repayment]:
    """The repayments of a loan, newest first, by page."""
    return paginate(session, select(Repayment).where(Repayment.loan_id == loan_id), Repayment.id, request)


def late_terms(loan: Loan) -> domain.LateTerms:
    """What being late costs on this loan."""
    return domain.LateTerms(loan.penalty_rate, loan.grace_days, loan.compound_penalty)


def as_rows(loan: Loan, found: Iterable[LoanInstalment], on: date) -> list[domain.Row]:
    """What the instalments in force still owe on a day, penalties included."""
    late = late_terms(loan)
    return [owed(row, on, late) for row in found if row.status in ("due", "paid")]


def owed(row: LoanInstalment, on: date, late: domain.LateTerms) -> domain.Row:
    """What one instalment still owes on a day; one that fell due before a change of rate keeps the rate of then."""
    if row.penalty_rate is not None:
        late = replace(late, penalty_rate=row.penalty_rate)
    plain = domain.Row(
        row.number, row.due_on, row.principal_fen - row.paid_principal_fen, row.interest_fen - row.paid_interest_fen
    )
    product = domain.late_product(product_of(row), plain, on, late)
    return replace(
        plain,
        penalty_fen=domain.penalty_fen(product.principal_days, late) - row.paid_penalty_fen - row.waived_penalty_fen,
        compound_fen=(domain.penalty_fen(product.interest_days, late) if late.compound else 0)
        - row.paid_compound_fen
        - row.waived_compound_fen,
    )


def product_of(row: LoanInstalment) -> domain.Product:
    """The interest-bearing product an instalment has gathered."""
    return domain.Product(row.overdue_principal_days, row.overdue_interest_days, row.overdue_counted_on)


def penalties_fen(loan: Loan, found: Iterable[LoanInstalment], on: date) -> int:
    """All penalty and compound interest of a loan up to a day, paid or not, without what was waived."""
    late = late_terms(loan)
    in_force = [row for row in found if row.status != "replaced"]
    unpaid = (owed(row, on, late) for row in in_force)
    paid = (row.paid_penalty_fen + row.paid_compound_fen for row in in_force)
    return sum(row.penalty_fen + row.compound_fen for row in unpaid) + sum(paid)


def interest_earned(loan: Loan, on: date) -> int:
    """All interest of a loan up to a day (not counted), by its running period, in fen."""
    period = domain.Period(
        loan.period_start_on, loan.period_end_on, loan.period_principal_fen, loan.period_interest_fen,
        loan.interest_before_fen, loan.period_carried,
    )  # fmt: skip
    rounding = Rounding((loan.plan_options or {}).get("rounding", Rounding.HALF_UP))
    return domain.accrued_interest(period, on, loan.annual_rate, DayCount(loan.day_count), rounding)


def rows(session: Session, loan: Loan, on: date) -> list[domain.Row]:
    """What each instalment of a loan still owes on a day."""
    return as_rows(loan, instalments(session, loan.id), on)


def servicing_rule(session: Session, on: date) -> ServicingRule:
    """The numbers of servicing that hold on a day. Raises ServicingRuleMissing: set-up is incomplete."""
    found = session.scalar(
        select(ServicingRule)
        .where(ServicingRule.effective_from <= on)
        .order_by(ServicingRule.effective_from.desc())
        .limit(1)
    )
    if found is None:
        raise domain.ServicingRuleMissing(f"no rule of servicing holds on {on}")
    return found


def allocation_order(session: Session, loan: Loan, on: date) -> tuple[Bucket, ...]:
    """In which order a payment of a day settles what the loan owes; the rules are asked for an overdue loan only."""
    days = domain.dpd(loan.next_due_on, on, late_terms(loan))
    return order_for(days, servicing_rule(session, on).principal_first_above) if days else order_for(0)
