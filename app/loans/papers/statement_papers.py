"""Statements worded: of one loan and of all loans of a customer, as a paper and as a table for spreadsheets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.kernel import ids
from app.kernel.spreadsheets import write_csv
from app.kernel.spreadsheets import yuan as number
from app.loans.models import Loan, LoanChange, LoanRelief
from app.loans.papers import blocks
from app.loans.papers.blocks import Column, chinese_day, number_column, percent, yuan
from app.loans.papers.months import Span
from app.loans.papers.standing import DueRow
from app.loans.papers.statements import NO_MONEY_IN, Movement, Statement
from app.loans.papers.subjects import Subject, kind_name, loan_facts, written_off_words
from config.settings import Bank

_MOVEMENTS = (
    Column("日期", "Date", share=0),
    Column("摘要", "What", share=0),
    number_column("收到", "Received"),
    number_column("本金", "Principal"),
    number_column("利息", "Interest"),
    number_column("罚息费用", "Charges"),
    number_column("多付款", "Credit"),
    number_column("剩余本金", "Balance"),
)
_DUE = (
    Column("期次", "No.", "center", 0),
    Column("应还日", "Due on"),
    number_column("本金", "Principal"),
    number_column("利息", "Interest"),
    number_column("应还", "Payment"),
    Column("截至期末", "At the end", "right"),
)
_CSV = (
    *("借据编号", "日期", "摘要", "凭证号", "收到（元）", "本金（元）", "利息（元）"),
    *("罚息及费用（元）", "多付款（元）", "剩余本金（元）"),
)


@dataclass(frozen=True)
class LoanStatement:
    """A loan's statement with what names the loan."""

    loan: Loan
    subject: Subject
    statement: Statement


def paper(found: Sequence[LoanStatement], span: Span, bank: Bank) -> dict[str, Any]:
    """The statement of one loan, or of several as one paper with their sums before them."""
    parts = [_period(found, span)]
    for one in found:
        parts += _loan_parts(one, alone=len(found) == 1)
    parts.append(_notes(span))
    prefix = f"DZ-{span.month.year}{span.month.number:02d}"
    return numbered(("贷款对账单", "Loan statement"), prefix, span.to_on, bank, parts)


def numbered(
    title: blocks.Both, prefix: str, dated: date, bank: Bank, parts: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """A paper of blocks that is numbered by its content."""
    return blocks.paper(title, content_number(prefix, parts), dated, bank, parts)


def content_number(prefix: str, content: Any) -> str:
    """A number made from the content: the same one never stands on two different papers, and asking twice gives one."""
    whole = json.dumps([prefix, content], ensure_ascii=False, sort_keys=True)
    return f"{prefix}-{ids.digits(int.from_bytes(hashlib.sha256(whole.encode()).digest()[:8]), 10)}"


def table(found: Iterable[LoanStatement]) -> bytes:
    """The movements as CSV."""
    return write_csv(_CSV, (row for one in found for row in _csv_rows(one)))


def _period(found: Sequence[LoanStatement], span: Span) -> dict[str, Any]:
    def total(name: str) -> int:
        return sum(getattr(one.statement, name) for one in found)

    return {
        "kind": "period",
        "from": chinese_day(span.from_on),
        "to": chinese_day(span.to_on),
        "complete": span.complete,
        "loans": len(found),
        "items": blocks.figures(
            (("期初本金", "Opening"), total("opening_fen")),
            (("本期放款", "Disbursed"), total("disbursed_fen")),
            (("本期归还本金", "Principal repaid"), total("repaid_principal_fen")),
            (("本期支付利息", "Interest paid"), total("interest_fen")),
            (("期末本金", "Closing"), total("closing_fen")),
        )["items"],
    }


def _loan_parts(one: LoanStatement, *, alone: bool) -> Iterator[dict[str, Any]]:
    if not alone:
        yield blocks.heading((f"借据 {one.loan.loan_no}", f"Loan {one.loan.loan_no}"))
    stated = one.statement
    yield loan_facts(one.subject, one.loan, stated.terms)
    sums = (stated.received_fen, stated.repaid_principal_fen, stated.interest_fen, stated.charges_fen)
    total = ("合计", "", *map(yuan, (*sums, stated.credit_fen, stated.closing_fen)))
    yield blocks.table(("本期收付（元）", "Movements, CNY"), _MOVEMENTS, map(_movement, stated.movements), total)
    if stated.changes or stated.waivers:
        yield blocks.notes(*map(_change, stated.changes), *map(_waiver, stated.waivers))
    if stated.written_off_on and stated.closing_fen:
        yield blocks.notes(*written_off_words(stated.written_off_on))
    if stated.due:
        yield blocks.table(("本期应还（元）", "Due in this period, CNY"), _DUE, map(_due, stated.due))
    if stated.following:
        row = stated.following
        yield blocks.notes(
            f"下一期：第 {row.number} 期，{chinese_day(row.due_on)}应还 {yuan(row.total_fen)} 元"
            f"（本金 {yuan(row.principal_fen)} 元，利息 {yuan(row.interest_fen)} 元）。"
        )


_CHANGES = {
    "rate_change": "利率调整", "repricing": "按约定随 LPR 调整利率", "due_day_change": "还款日调整",
    "extension": "展期", "restructuring": "还款方案重组",
}  # fmt: skip


def _change(made: LoanChange) -> str:
    """`2026 年 11 月 15 日起利率调整（年化利率 6.00% → 4.80%，…）`: of the figures those that are others now."""
    old, new = made.before, made.after
    parts = [
        f"{label} {shown(old[name])} → {shown(new[name])}"
        for name, label, shown in _CHANGED
        if old[name] != new[name] and old[name] is not None and new[name] is not None
    ]
    return f"条款变更：{chinese_day(made.effective_on)}起{_CHANGES[made.kind]}（{'，'.join(parts)}）。"


_CHANGED: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("annual_rate", "年化利率", lambda rate: percent(Decimal(rate))),
    ("due_day", "每月还款日", str),
    ("last_due_on", "到期日", str),
    ("next_payment_fen", "下一期应还（元）", yuan),
)


_WAIVED = {"principal_fen": "本金", "interest_fen": "利息", "penalty_fen": "罚息", "compound_fen": "复利"}


def _waiver(one: LoanRelief) -> str:
    """`减免：2026 年 10 月 15 日本行减免罚息 60.80 元、复利 3.75 元。`"""
    parts = [f"{label} {yuan(fen)} 元" for name, label in _WAIVED.items() if (fen := getattr(one, name))]
    return f"减免：{chinese_day(one.effective_on)}本行减免{'、'.join(parts)}。"


def _movement(one: Movement) -> tuple[str, ...]:
    amounts = (one.received_fen, one.principal_fen, one.interest_fen, one.charges_fen, one.credit_fen, one.balance_fen)
    if one.kind in NO_MONEY_IN:
        waived = yuan(one.principal_fen) if one.kind == "waiver" else ""
        return one.on.isoformat(), kind_name(one.kind), "", waived, "", "", "", yuan(one.balance_fen)
    return one.on.isoformat(), kind_name(one.kind), *map(yuan, amounts)


def _due(row: DueRow) -> tuple[str, ...]:
    state = f"{row.paid_on:%m-%d} 已还" if row.paid_on else "未还清"
    amounts = (row.principal_fen, row.interest_fen, row.total_fen)
    return str(row.number), row.due_on.isoformat(), *map(yuan, amounts), state


def _csv_rows(one: LoanStatement) -> Iterator[Sequence[Any]]:
    stated, loan_no, empty = one.statement, one.loan.loan_no, (None,) * 6
    yield loan_no, stated.span.from_on, "期初余额", *empty, number(stated.opening_fen)
    for move in stated.movements:
        amounts = (move.received_fen, move.principal_fen, move.interest_fen, move.charges_fen, move.credit_fen)
        yield loan_no, move.on, kind_name(move.kind), move.reference, *map(number, (*amounts, move.balance_fen))
    yield loan_no, stated.span.to_on, "期末余额", *empty, number(stated.closing_fen)


def _notes(span: Span) -> dict[str, Any]:
    running = (
        () if span.complete else (f"本月尚未结束，本单截至 {chinese_day(span.to_on)}，以后的收付见本月完整的对账单。",)
    )
    return blocks.notes(
        *running,
        "金额单位：人民币元。“本金”为归还的本金，“多付款”存在你的名下，可以退回。",
        "The amounts are in yuan (CNY). “Credit” was paid beyond what was owed; it is yours and can be refunded.",
    )
