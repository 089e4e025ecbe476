"""Reading loans, schedules and repayments, and the rules that must hold at any time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.engine.prepayment import Mode
from app.engine.schedules import schedule
from app.engine.terms import Method, Terms
from app.kernel import invariants
from app.kernel.pagination import Page, PageRequest, paginate
from app.loans import domain
from app.loans.models import Drawdown, Loan, LoanInstalment, Repayment


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


def loans_of(session: Session, customer_id: UUID, request: PageRequest) -> Page[Loan]:
    """The customer's loans, newest first."""
    return paginate(session, select(Loan).where(Loan.customer_id == customer_id), Loan.id, request)


def all_loans(session: Session, request: PageRequest) -> Page[Loan]:
    """Every loan, newest first; for staff."""
    return paginate(session, select(Loan), Loan.id, request)


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
    return list(
        session.scalars(select(Repayment).where(Repayment.loan_id == loan_id).order_by(Repayment.id.desc()))
    )


def repayments_page(session: Session, loan_id: UUID, request: PageRequest) -> Page[Repayment]:
    """The repayments of a loan, newest first, by page."""
    return paginate(session, select(Repayment).where(Repayment.loan_id == loan_id), Repayment.id, request)


def as_rows(found: Iterable[LoanInstalment]) -> list[domain.Row]:
    """What the instalments in force still owe."""
    return [
        domain.Row(
            row.number,
            row.due_on,
            row.principal_fen - row.paid_principal_fen,
            row.interest_fen - row.paid_interest_fen,
        )
        for row in found
        if row.status in ("due", "paid")
    ]


def rows(session: Session, loan_id: UUID) -> list[domain.Row]:
    """What each instalment of a loan still owes."""
    return as_rows(instalments(session, loan_id))


def terms(loan: Loan) -> Terms:
    """The loan's terms as the engine reads them: 30/360 for whole months, half-up, due on the start day's anchor."""
    return Terms(
        principal_fen=loan.principal_fen,
        annual_rate=loan.annual_rate,
        method=Method(loan.method),
        instalments=loan.term_months,
        start_on=loan.start_on,
    )


def pay_off_quote(session: Session, loan: Loan, on: date) -> domain.PayOff:
    """What settles the loan on a day. Raises LoanNotPayable for a settled loan."""
    return domain.pay_off(
        schedule(terms(loan)),
        on=on,
        paid_fen=_paid_fen(session, loan),
        outstanding_principal_fen=loan.outstanding_principal_fen,
        remaining_interest_fen=sum(row.interest_fen for row in rows(session, loan.id)),
    )


def early_repayment(
    session: Session, loan: Loan, *, on: date, amount_fen: int, mode: Mode | None
) -> domain.EarlyRepayment:
    """What an amount paid early on a day would leave. Raises LoanNotPayable, and what `engine.prepayment` refuses."""
    return domain.early_repayment(
        schedule(terms(loan)), on=on, paid_fen=_paid_fen(session, loan), amount_fen=amount_fen, mode=mode
    )


def _paid_fen(session: Session, loan: Loan) -> int:
    """What repayments have booked on an active loan; what was overpaid waits apart from it."""
    if loan.status != "active":
        raise domain.LoanNotPayable("The loan is settled; nothing is owed.")
    booked = Repayment.principal_fen + Repayment.interest_fen - Repayment.interest_returned_fen
    query = select(func.coalesce(func.sum(booked), 0)).where(
        Repayment.loan_id == loan.id, Repayment.status == "applied"
    )
    return int(session.scalar(query) or 0)


invariants.register(
    "I6",
    "the principal outstanding of every loan equals the book, loan by loan and in sum",
    "SELECT l.id::text, l.outstanding_principal_fen, coalesce(b.fen, 0) FROM loans l LEFT JOIN (SELECT j.subject_id,"
    " sum(e.amount_fen) AS fen FROM journals j JOIN entries e ON e.journal_id = j.id"
    " WHERE e.account = 'loan_principal' GROUP BY j.subject_id) b ON b.subject_id = l.id"
    " WHERE l.outstanding_principal_fen <> coalesce(b.fen, 0) UNION ALL SELECT 'all loans',"
    " (SELECT coalesce(sum(outstanding_principal_fen), 0) FROM loans), coalesce(sum(amount_fen), 0) FROM entries"
    " WHERE account = 'loan_principal' HAVING coalesce(sum(amount_fen), 0) <>"
    " (SELECT coalesce(sum(outstanding_principal_fen), 0) FROM loans)",
)
invariants.register(
    "I6",
    "what customers overpaid equals customer credit in the book",
    "SELECT 'customer_credit', coalesce(sum(amount_fen), 0) FROM entries WHERE account = 'customer_credit'"
    " HAVING coalesce(sum(amount_fen), 0) <> -(SELECT coalesce(sum(credit_fen), 0) FROM loans)",
)
invariants.register(
    "I9",
    "the principal of the schedule in force adds up to the loan, and a settled loan owes nothing",
    "SELECT l.id::text, l.principal_fen, sum(i.principal_fen) FROM loans l LEFT JOIN loan_instalments i"
    " ON i.loan_id = l.id AND i.status <> 'replaced' GROUP BY l.id HAVING sum(i.principal_fen) IS DISTINCT FROM"
    " l.principal_fen UNION ALL SELECT id::text, outstanding_principal_fen, 0 FROM loans"
    " WHERE (status = 'settled') <> (outstanding_principal_fen = 0)",
)
invariants.register(
    "I9",
    "what instalments show as paid equals what repayments booked",
    "SELECT l.id::text, l.principal_fen - l.outstanding_principal_fen, coalesce(sum(i.paid_principal_fen), 0)"
    " FROM loans l LEFT JOIN loan_instalments i ON i.loan_id = l.id GROUP BY l.id"
    " HAVING l.principal_fen - l.outstanding_principal_fen <> coalesce(sum(i.paid_principal_fen), 0)",
)
invariants.register(
    "I5",
    "every credited payment of a repayment is booked on its loan, or its job is still to run",
    "SELECT o.out_trade_no, r.status FROM payment_orders o JOIN repayments r ON r.id = o.reference_id"
    " WHERE o.purpose = 'loan_repayment' AND o.status = 'paid' AND r.status <> 'applied' AND NOT EXISTS"
    " (SELECT 1 FROM procrastinate_jobs p WHERE p.task_name = 'loans.apply_payment' AND p.status IN ('todo', 'doing')"
    " AND p.args -> 'event' ->> 'reference_id' = r.id::text)",
)
