"""Loans: the list, and one loan with schedule, repayments and its journals in the book."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.console.views.wording import LOAN
from app.customers import queries as customers
from app.customers.domain.masking import mask_name
from app.kernel import clock
from app.kernel.pagination import Page, PageRequest
from app.kernel.spreadsheets import yuan
from app.ledger import queries as ledger
from app.loans import queries as loans
from app.loans.queries import written_off as queries


def rows(session: Session, request: PageRequest, status: str | None) -> Page[dict[str, Any]]:
    """Loans, or those of one status, with their enterprise, newest first."""
    page = loans.all_loans(session, request, status)
    return Page(
        [
            {"loan": found, "enterprise": customers.enterprise(session, found.enterprise_id).name}
            for found in page.items
        ],
        page.next_cursor,
    )


COLUMNS = ("企业", "借据号", "核销日", "状态", "核销金额（元）", "已收回（元）", "仍欠本金（元）")


def written_off(session: Session, request: PageRequest) -> dict[str, Any]:
    """Loans that were written off with their enterprise, and what all of them come to."""
    page = queries.written_off(session, request)
    items = [{"one": one, "enterprise": _enterprise(session, one)} for one in page.items]
    return {"rows": Page(items, page.next_cursor), "sums": queries.written_off_sums(session)}


def export(session: Session) -> Iterator[tuple[Any, ...]]:
    """All of them for spreadsheets, a row each."""
    for one in queries.every_written_off(session):
        loan, sums = one.loan, (one.lost_fen, one.recovered_fen, one.loan.outstanding_principal_fen)
        state = LOAN[loan.status].zh
        yield _enterprise(session, one), loan.loan_no, loan.written_off_on, state, *map(yuan, sums)


def _enterprise(session: Session, one: queries.WrittenOff) -> str:
    return customers.enterprise(session, one.loan.enterprise_id).name


def detail(session: Session, loan_id: UUID) -> dict[str, Any]:
    """One loan. Raises LoanUnknown."""
    found = loans.any_loan(session, loan_id)
    repayments = loans.repayments_of(session, loan_id)
    subjects = [loan_id, found.drawdown_id, *(one.id for one in repayments)]
    person = customers.person(session, found.customer_id)
    schedule = loans.instalments(session, loan_id)
    in_force = [row for row in schedule if row.status != "replaced"]
    return {
        "loan": found,
        "enterprise": customers.enterprise(session, found.enterprise_id).name,
        "person": {"id": person.customer_id, "name": mask_name(person.name)},
        "schedule": in_force,
        "states": {row.number: _state(row.status, row.due_on) for row in in_force},
        "sums": {
            "principal_fen": sum(row.principal_fen for row in in_force),
            "interest_fen": sum(row.interest_fen for row in in_force),
        },
        "repayments": repayments,
        "journals": ledger.journals_of(session, subjects),
        "accounts": account_names(session),
    }


def _state(status: str, due_on: date) -> str:
    """What an instalment is to the reader today: an unpaid one is due today, or overdue."""
    if status != "due" or due_on > clock.today():
        return status
    return "due_today" if due_on == clock.today() else "overdue"


def account_names(session: Session) -> dict[str, tuple[str, str]]:
    """What the accounts of the book are called."""
    return {found.code: (found.name_zh, found.name_en) for found in ledger.trial_balance(session)}
