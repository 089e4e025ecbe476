"""Reading the book: trial balance, journals of one thing, and the rules that must hold at any time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel import invariants
from app.ledger.models import Entry, Journal, LedgerAccount


@dataclass(frozen=True)
class AccountBalance:
    """One account's sums in fen; `balance_fen` is debit minus credit."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    debit_fen: int
    credit_fen: int

    @property
    def balance_fen(self) -> int:
        return self.debit_fen - self.credit_fen


@dataclass(frozen=True)
class JournalView:
    """One journal with its lines as (account, signed fen)."""

    id: UUID
    key: str
    template: str
    subject_id: UUID
    business_on: date
    booked_at: datetime
    lines: tuple[tuple[str, int], ...]


def trial_balance(session: Session) -> list[AccountBalance]:
    """Every account of the chart with its sums; over the whole book debits equal credits."""
    debit = func.coalesce(func.sum(Entry.amount_fen).filter(Entry.amount_fen > 0), 0)
    credit = func.coalesce(func.sum(-Entry.amount_fen).filter(Entry.amount_fen < 0), 0)
    rows = session.execute(
        select(LedgerAccount, debit, credit)
        .outerjoin(Entry, Entry.account == LedgerAccount.code)
        .group_by(LedgerAccount.code)
        .order_by(LedgerAccount.code)
    )
    return [AccountBalance(a.code, a.name_zh, a.name_en, a.kind, int(d), int(c)) for a, d, c in rows]


def journals_of(session: Session, subject_ids: Sequence[UUID]) -> list[JournalView]:
    """The journals of some things, oldest first."""
    journals = session.scalars(
        select(Journal).where(Journal.subject_id.in_(subject_ids)).order_by(Journal.booked_at, Journal.id)
    ).all()
    return _with_lines(session, journals)


def latest_journals(session: Session, limit: int) -> list[JournalView]:
    """The newest journals of the book."""
    return _with_lines(session, session.scalars(select(Journal).order_by(Journal.id.desc()).limit(limit)).all())


def _with_lines(session: Session, journals: Sequence[Journal]) -> list[JournalView]:
    lines: dict[UUID, list[tuple[str, int]]] = {journal.id: [] for journal in journals}
    for entry in session.scalars(select(Entry).where(Entry.journal_id.in_(lines)).order_by(Entry.id)):
        lines[entry.journal_id].append((entry.account, entry.amount_fen))
    return [
        JournalView(j.id, j.key, j.template, j.subject_id, j.business_on, j.booked_at, tuple(lines[j.id]))
        for j in journals
    ]


invariants.register(
    "I1",
    "debits equal credits in every journal and over the whole book",
    "SELECT journal_id::text, sum(amount_fen) FROM entries GROUP BY journal_id HAVING sum(amount_fen) <> 0"
    " UNION ALL SELECT 'whole book', sum(amount_fen) FROM entries HAVING sum(amount_fen) <> 0"
    " UNION ALL SELECT j.id::text, 0 FROM journals j LEFT JOIN entries e ON e.journal_id = j.id"
    " GROUP BY j.id HAVING count(e.id) < 2",
)
invariants.register(
    "I3",
    "the application can neither change nor remove nor insert entries of the book",
    "SELECT name, act FROM unnest(ARRAY['journals', 'entries', 'ledger_accounts']) AS name,"
    " unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS act"
    " WHERE has_table_privilege('dukou_app', name, act)",
)
invariants.register(
    "I4",
    "suspense and customer credit never turn into claims, transfers in transit never below zero",
    "SELECT account, sum(amount_fen) FROM entries GROUP BY account"
    " HAVING (account IN ('suspense', 'customer_credit') AND sum(amount_fen) > 0)"
    " OR (account IN ('transfers_in_transit', 'loan_principal') AND sum(amount_fen) < 0)",
)
