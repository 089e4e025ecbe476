"""A loan with its schedule: as a paper and as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.kernel.clock import local_day
from app.kernel.money import format_yuan
from app.kernel.spreadsheets import write_csv
from app.kernel.spreadsheets import yuan as number
from app.loans.models import Loan, LoanInstalment
from app.loans.papers import blocks
from app.loans.papers.blocks import Both, Column, chinese_day, number_column, yuan
from app.loans.papers.standing import terms_now
from app.loans.papers.statement_papers import numbered
from app.loans.papers.subjects import Subject, loan_facts, still_owed
from config.settings import Bank

_COLUMNS = (
    Column("期次", "No.", "center", 0),
    Column("应还日", "Due on"),
    number_column("本金", "Principal"),
    number_column("利息", "Interest"),
    number_column("应还", "Payment"),
    number_column("还后剩余本金", "Balance after"),
    Column("状态", "Status", "right"),
)
_CSV = ("期次", "应还日", "本金（元）", "利息（元）", "应还（元）", "还后剩余本金（元）", "状态", "还清日")
_STATES: dict[str, Both] = {
    "due": ("待还", "due"),
    "today": ("今日应还", "due today"),
    "late": ("已逾期", "overdue"),
    "paid": ("已还", "paid"),
    "payoff": ("结清", "paid off"),
    "prepaid": ("提前还本", "prepaid"),
}


def paper(loan: Loan, found: Subject, instalments: Sequence[LoanInstalment], on: date, bank: Bank) -> dict[str, Any]:
    """The loan's terms, what is owed, and every row in force with the principal left after it."""
    rows = in_force(instalments)
    waived_fen = sum(row.waived_principal_fen for row in instalments)
    sums = [sum(column) for column in zip(*map(_amounts, rows), strict=True)]
    total = ("合计", "", *map(yuan, sums), "", "")
    shown = [
        (str(row.number), row.due_on.isoformat(), *map(yuan, _amounts(row)), yuan(left), _state(row, on)[0])
        for row, left in zip(rows, _balances(loan, rows), strict=True)
    ]
    parts = [
        blocks.figures(
            (("剩余本金", "Principal left"), loan.outstanding_principal_fen),
            (("已还本金", "Principal repaid"), loan.principal_fen - loan.outstanding_principal_fen - waived_fen),
            (("已付利息", "Interest paid"), sum(row.paid_interest_fen for row in instalments)),
        ),
        loan_facts(found, loan, terms_now(loan)),
        blocks.table(("还款计划（元）", "Repayment schedule, CNY"), _COLUMNS, shown, total),
        blocks.notes(
            f"截至 {chinese_day(on)}。综合融资成本（年化，单利）{blocks.percent(loan.all_in_annual_rate)}。",
            *still_owed(loan),
            *([f"多付款 {format_yuan(loan.credit_fen)} 元，可以退回。"] if loan.credit_fen else []),
        ),
    ]
    return numbered(("贷款明细与还款计划", "Loan and repayment schedule"), f"JH-{on:%Y%m%d}", on, bank, parts)


def table(loan: Loan, instalments: Sequence[LoanInstalment], on: date) -> bytes:
    """The rows in force as CSV."""
    rows = in_force(instalments)
    return write_csv(
        _CSV,
        (
            (
                row.number,
                row.due_on,
                *map(number, (*_amounts(row), left)),
                _state(row, on)[0],
                _paid_on(row),
            )
            for row, left in zip(rows, _balances(loan, rows), strict=True)
        ),
    )


def in_force(instalments: Sequence[LoanInstalment]) -> list[LoanInstalment]:
    """The rows that have not given way to others."""
    return [row for row in instalments if row.status != "replaced"]


def _amounts(row: LoanInstalment) -> tuple[int, int, int]:
    return row.principal_fen, row.interest_fen, _total(row)


def _total(row: LoanInstalment) -> int:
    return row.principal_fen + row.interest_fen


def _balances(loan: Loan, rows: Sequence[LoanInstalment]) -> list[int]:
    left, found = loan.principal_fen, []
    for row in rows:
        left -= row.principal_fen + row.waived_principal_fen
        found.append(left)
    return found


def _state(row: LoanInstalment, on: date) -> Both:
    if row.status == "due" and row.due_on <= on:
        return _STATES["today" if row.due_on == on else "late"]
    return _STATES.get(row.status, (row.status, row.status))


def _paid_on(row: LoanInstalment) -> date | None:
    return local_day(row.paid_at) if row.paid_at else None
