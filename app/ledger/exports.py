"""The book for other programs: as CSV, one line an entry, and as plain-text accounts that beancount reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.kernel import clock, spreadsheets
from app.ledger import queries
from app.ledger.domain import TEMPLATES, PeriodWrong
from app.ledger.queries import JournalView, PeriodBalance

CURRENCY = "CNY"
# beancount knows five roots; what is none of the first four is kept apart from them, in equity
_ROOTS = {"asset": "Assets", "liability": "Liabilities", "income": "Income", "expense": "Expenses"}
_OTHER_ROOT = "Equity"
_HEADER = (
    *("business_on", "journal_id", "key", "template", "memo", "subject_id", "product_code", "partner_id"),
    *("account", "account_name", "debit_yuan", "credit_yuan", "booked_at"),
)
_BALANCE_HEADER = (
    *("account", "name_zh", "name_en", "kind"),
    *("opening_yuan", "debit_yuan", "credit_yuan", "closing_yuan"),
)


def as_csv(session: Session, *, from_on: date, to_on: date, product_code: str | None = None) -> Iterator[str]:
    """Every entry of some business days (both included) in yuan, UTF-8 with byte order mark. Raises PeriodWrong."""
    check_period(from_on, to_on)
    names = {found.code: found.name_zh for found in queries.trial_balance(session)}
    journals = queries.journals_between(session, from_on=from_on, to_on=to_on, product_code=product_code)
    return spreadsheets.csv_lines(_HEADER, (row for journal in journals for row in _rows(journal, names)))


def as_beancount(session: Session, *, from_on: date, to_on: date, product_code: str | None = None) -> Iterator[str]:
    """The same days as a beancount file: what each account held before, the journals, and what it holds after.

    The last part are balance assertions: a program that adds up otherwise says so. Raises PeriodWrong.
    """
    check_period(from_on, to_on)
    which = {"from_on": from_on, "to_on": to_on, "product_code": product_code}
    accounts = queries.period_balances(session, **which)  # type: ignore[arg-type]
    names = {found.code: _account(found) for found in accounts}
    before, after = from_on - timedelta(days=1), to_on + timedelta(days=1)
    yield f'option "title" "Dukou {from_on} – {to_on}"\noption "operating_currency" "{CURRENCY}"\n\n'
    for found in accounts:
        yield f"{before} open {names[found.code]} {CURRENCY}\n  code: {_text(found.code)}\n"
        yield f"  name: {_text(found.name_zh)}\n"
    openings = [(names[found.code], found.opening_fen) for found in accounts if found.opening_fen]
    if openings:
        yield _transaction(before, "期初余额", "opening", {}, openings)
    for journal in queries.journals_between(session, **which):  # type: ignore[arg-type]
        yield _journal(journal, names)
    yield "\n"
    for found in accounts:
        yield f"{after} balance {names[found.code]}  {_yuan(found.closing_fen)} {CURRENCY}\n"


def balances_as_csv(session: Session, *, from_on: date, to_on: date, product_code: str | None = None) -> Iterator[str]:
    """The trial balance of some business days (both included) in yuan, with the sums below. Raises PeriodWrong."""
    check_period(from_on, to_on)
    found = queries.period_balances(session, from_on=from_on, to_on=to_on, product_code=product_code)
    sums = [sum(amounts) for amounts in zip(*map(_amounts, found), strict=True)]
    rows = [(one.code, one.name_zh, one.name_en, one.kind, *map(spreadsheets.yuan, _amounts(one))) for one in found]
    return spreadsheets.csv_lines(_BALANCE_HEADER, [*rows, ("", "合计", "Total", "", *map(spreadsheets.yuan, sums))])


def _amounts(found: PeriodBalance) -> tuple[int, int, int, int]:
    return found.opening_fen, found.debit_fen, found.credit_fen, found.closing_fen


FORMATS: dict[str, Callable[..., Iterator[str]]] = {"csv": as_csv, "beancount": as_beancount}


def check_period(from_on: date, to_on: date) -> None:
    """Raises PeriodWrong."""
    if from_on > to_on:
        raise PeriodWrong("The first day lies after the last one.", from_on=str(from_on), to_on=str(to_on))
    if to_on > clock.today():
        raise PeriodWrong("The last day has not come yet.", to_on=str(to_on))


def _rows(journal: JournalView, names: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    for account, amount_fen in journal.lines:
        yield (
            journal.business_on,
            journal.id,
            journal.key,
            journal.template,
            _memo(journal.template),
            journal.subject_id,
            journal.product_code,
            journal.partner_id,
            account,
            names[account],
            spreadsheets.yuan(max(0, amount_fen)),
            spreadsheets.yuan(max(0, -amount_fen)),
            journal.booked_at,
        )


def _memo(template: str) -> str:
    known = TEMPLATES.get(template)
    return known.memo if known else template


def _journal(journal: JournalView, names: dict[str, str]) -> str:
    facts = {
        "journal": journal.id,
        "key": journal.key,
        "subject": journal.subject_id,
        "product": journal.product_code,
        "partner": journal.partner_id,
    }
    lines = [(names[account], amount_fen) for account, amount_fen in journal.lines]
    return _transaction(journal.business_on, _memo(journal.template), journal.template, facts, lines)


def _transaction(on: date, memo: str, tag: str, facts: Mapping[str, object], lines: Sequence[tuple[str, int]]) -> str:
    head = f"\n{on} * {_text(memo)} #{tag}\n"
    told = "".join(f"  {name}: {_text(str(value))}\n" for name, value in facts.items() if value is not None)
    return head + told + "".join(f"  {account}  {_yuan(amount_fen)} {CURRENCY}\n" for account, amount_fen in lines)


def _account(found: PeriodBalance) -> str:
    """`loan_principal`, an asset → `Assets:LoanPrincipal`."""
    words = "".join(word.capitalize() for word in found.code.split("_"))
    return f"{_ROOTS.get(found.kind, _OTHER_ROOT)}:{words}"


def _yuan(amount_fen: int) -> str:
    return str(spreadsheets.yuan(amount_fen))


def _text(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
