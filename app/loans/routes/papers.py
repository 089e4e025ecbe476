"""What the customer can take away: statements, schedules, receipts and letters, as PDF and for spreadsheets.

The kind of file is part of the address, because a download in a mini-program and a link cannot ask by header.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from app.kernel.db import transaction
from app.kernel.web.files import PDF, csv_answer, pdf_answer
from app.kernel.web.polling import polled
from app.kernel.web.principal import customer
from app.loans.papers import reading, statement_papers, statements
from app.loans.papers.blocks import LAYOUT, LETTER
from app.loans.papers.months import Month
from app.loans.routes.servicing import loans
from app.loans.schemas import papers as schemas
from config.settings import current

FILE = {"type": "string", "format": "binary"}
_MONTH = "<string(length=7):month>"


@loans.route("/loans/<uuid:loan_id>/statements", methods=["GET"])
@loans.response(200, schemas.StatementMonthsOut)
def list_statements(loan_id: UUID) -> dict[str, Any]:
    """The months for which there is a statement of this loan, newest first."""
    with transaction() as session:
        found = reading.months_of(session, customer_id=customer().customer_id, loan_id=loan_id)
    return {"items": [{**vars(one), "month": str(one.month)} for one in found]}


@loans.route(f"/loans/<uuid:loan_id>/statements/{_MONTH}", methods=["GET"])
@loans.response(200, schemas.StatementOut)
def get_statement(loan_id: UUID, month: str) -> Response:
    """One loan in one month (2026-11). 404 `statement.not_available` before the loan began, after it was settled, and
    for a month that has not come; 422 `statement.month_malformed`."""
    with transaction() as session:
        found, _ = reading.loan_statement(session, **_own(loan_id), month=Month.read(month))
    return polled(schemas.StatementOut, statements.as_dict(found.statement))


@loans.route(f"/loans/<uuid:loan_id>/statements/{_MONTH}.pdf", methods=["GET"])
@loans.response(200, FILE, content_type=PDF)
def get_statement_pdf(loan_id: UUID, month: str) -> Response:
    """The statement as a paper, in Chinese with English beside it. Errors as for the statement itself."""
    with transaction() as session:
        found, span = reading.loan_statement(session, **_own(loan_id), month=Month.read(month))
    return _pdf(LAYOUT, statement_papers.paper([found], span, current().bank))


@loans.route(f"/loans/<uuid:loan_id>/statements/{_MONTH}.csv", methods=["GET"])
@loans.response(200, FILE, content_type="text/csv")
def get_statement_csv(loan_id: UUID, month: str) -> Response:
    """The month's movements for spreadsheets: UTF-8 with byte order mark. Errors as for the statement itself."""
    with transaction() as session:
        found, span = reading.loan_statement(session, **_own(loan_id), month=Month.read(month))
    return csv_answer(statement_papers.table([found]), f"{found.loan.loan_no}-{span.month}.csv")


@loans.route(f"/statements/{_MONTH}.pdf", methods=["GET"])
@loans.response(200, FILE, content_type=PDF)
def get_customer_statement_pdf(month: str) -> Response:
    """All your loans that ran in a month, as one paper. 404 `statement.not_available` when there was none."""
    with transaction() as session:
        found, span = reading.customer_statement(session, customer_id=customer().customer_id, month=Month.read(month))
    return _pdf(LAYOUT, statement_papers.paper(found, span, current().bank))


@loans.route(f"/statements/{_MONTH}.csv", methods=["GET"])
@loans.response(200, FILE, content_type="text/csv")
def get_customer_statement_csv(month: str) -> Response:
    """The movements of all your loans in a month for spreadsheets. 404 `statement.not_available`."""
    with transaction() as session:
        found, span = reading.customer_statement(session, customer_id=customer().customer_id, month=Month.read(month))
    return csv_answer(statement_papers.table(found), f"statement-{span.month}.csv")


@loans.route("/loans/<uuid:loan_id>/schedule.pdf", methods=["GET"])
@loans.response(200, FILE, content_type=PDF)
def get_schedule_pdf(loan_id: UUID) -> Response:
    """The loan's terms and its schedule in force as a paper."""
    with transaction() as session:
        content, _ = reading.schedule(session, **_own(loan_id), bank=current().bank)
    return _pdf(LAYOUT, content)


@loans.route("/loans/<uuid:loan_id>/schedule.csv", methods=["GET"])
@loans.response(200, FILE, content_type="text/csv")
def get_schedule_csv(loan_id: UUID) -> Response:
    """The schedule in force for spreadsheets."""
    with transaction() as session:
        content, table = reading.schedule(session, **_own(loan_id), bank=current().bank)
    return csv_answer(table, f"{content['number']}.csv")


@loans.route("/loans/<uuid:loan_id>/payoff-letter.pdf", methods=["GET"])
@loans.response(200, FILE, content_type=PDF)
def get_payoff_letter(loan_id: UUID) -> Response:
    """What settles the loan today, as a letter of the bank valid to the end of the day. 409 `loan.not_payable`."""
    with transaction() as session:
        content = reading.pay_off_letter(session, **_own(loan_id), bank=current().bank)
    return _pdf(LETTER, content)


@loans.route("/repayments/<uuid:repayment_id>/receipt.pdf", methods=["GET"])
@loans.response(200, FILE, content_type=PDF)
def get_receipt_pdf(repayment_id: UUID) -> Response:
    """The receipt of a booked repayment as a paper. 409 `repayment.no_receipt` before it is booked."""
    with transaction() as session:
        content = reading.receipt(
            session, customer_id=customer().customer_id, repayment_id=repayment_id, bank=current().bank
        )
    return _pdf(LAYOUT, content)


def _own(loan_id: UUID) -> dict[str, UUID]:
    return {"customer_id": customer().customer_id, "loan_id": loan_id}


def _pdf(layout: Any, content: dict[str, Any]) -> Response:
    return pdf_answer(layout, content, f"{content['number']}.pdf")
