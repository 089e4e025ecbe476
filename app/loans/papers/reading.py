"""What papers are made from, read for their owner in one short transaction; the setting comes after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.kernel import clock
from app.loans import queries
from app.loans.models import Loan, LoanChange, LoanInstalment, LoanRelief, Repayment
from app.loans.papers import letters, receipts, schedules
from app.loans.papers.months import Month, NoStatement, Span, span, spans
from app.loans.papers.standing import ended_on
from app.loans.papers.statement_papers import LoanStatement
from app.loans.papers.statements import movements, statement
from app.loans.papers.subjects import Subject, subjects
from app.loans.queries.reliefs import reliefs_of
from app.payments import queries as payments
from config.settings import Bank

Row = TypeVar("Row", LoanInstalment, Repayment, LoanChange, LoanRelief)


def months_of(session: Session, *, customer_id: UUID, loan_id: UUID) -> list[Span]:
    """The months for which there is a statement of the loan, newest first. Raises LoanUnknown."""
    loan = queries.own_loan(session, customer_id=customer_id, loan_id=loan_id)
    return list(spans(loan.start_on, ended_on(loan), clock.today()))


def loan_statement(session: Session, *, customer_id: UUID, loan_id: UUID, month: Month) -> tuple[LoanStatement, Span]:
    """The statement of one loan. Raises LoanUnknown, NoStatement."""
    loan = queries.own_loan(session, customer_id=customer_id, loan_id=loan_id)
    within = span(month, clock.today())
    [found] = _statements(session, [loan], within)
    return found, within


def customer_statement(session: Session, *, customer_id: UUID, month: Month) -> tuple[list[LoanStatement], Span]:
    """The statements of all loans that ran in the month, oldest loan first. Raises NoStatement."""
    within = span(month, clock.today())
    begun = select(Loan).where(
        Loan.customer_id == customer_id,
        Loan.start_on <= within.to_on,
        or_(Loan.settled_at.is_(None), Loan.settled_at >= clock.day_begins(within.from_on)),
    )
    loans = list(session.scalars(begun.order_by(Loan.id)))
    if not loans:
        raise NoStatement("No loan of yours ran in that month.", month=str(month))
    return _statements(session, loans, within), within


def schedule(session: Session, *, customer_id: UUID, loan_id: UUID, bank: Bank) -> tuple[dict[str, Any], bytes]:
    """The loan with its schedule today, as a paper's content and as CSV. Raises LoanUnknown."""
    loan, found = _own(session, customer_id, loan_id)
    rows, today = queries.instalments(session, loan.id), clock.today()
    return schedules.paper(loan, found, rows, today, bank), schedules.table(loan, rows, today)


def receipt(session: Session, *, customer_id: UUID, repayment_id: UUID, bank: Bank) -> dict[str, Any]:
    """The receipt of a booked payment. Raises RepaymentUnknown, NoReceipt."""
    repayment = queries.own_repayment(session, customer_id=customer_id, repayment_id=repayment_id)
    receipts.check_booked(repayment)
    loan, found = _own(session, customer_id, repayment.loan_id)
    every = movements(loan, queries.repayments_of(session, loan.id), reliefs_of(session, loan.id))
    used = next(one for one in every if one.reference == repayment.receipt_no)
    order = payments.order_of(session, purpose="loan_repayment", reference_id=repayment.id)
    return receipts.paper(repayment, loan, found, used, order, bank)


def pay_off_letter(session: Session, *, customer_id: UUID, loan_id: UUID, bank: Bank) -> dict[str, Any]:
    """What settles the loan today. Raises LoanUnknown, LoanNotPayable."""
    loan, found = _own(session, customer_id, loan_id)
    return letters.pay_off_letter(loan, found, queries.pay_off_quote(session, loan, clock.today()), bank)


def _own(session: Session, customer_id: UUID, loan_id: UUID) -> tuple[Loan, Subject]:
    loan = queries.own_loan(session, customer_id=customer_id, loan_id=loan_id)
    return loan, subjects(session, [loan])[loan.id]


def _by_loan(session: Session, keys: Sequence[UUID], of: type[Row], *order: Any) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {key: [] for key in keys}
    for row in session.scalars(select(of).where(of.loan_id.in_(keys)).order_by(*order)):
        found[row.loan_id].append(row)
    return found


def _statements(session: Session, loans: Sequence[Loan], within: Span) -> list[LoanStatement]:
    """Seven statements to the database for any number of loans."""
    named, keys = subjects(session, loans), [loan.id for loan in loans]
    rows = _by_loan(session, keys, LoanInstalment, LoanInstalment.number)
    paid = _by_loan(session, keys, Repayment, Repayment.id)
    changed = _by_loan(session, keys, LoanChange, LoanChange.effective_on)
    given_up = _by_loan(session, keys, LoanRelief, LoanRelief.booked_at, LoanRelief.id)
    return [
        LoanStatement(
            loan, named[loan.id],
            statement(loan, rows[loan.id], paid[loan.id], within, changed[loan.id], given_up[loan.id]),
        )
        for loan in loans
    ]  # fmt: skip
