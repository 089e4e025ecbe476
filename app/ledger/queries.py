"""Reading the book: trial balance, journals of one thing, and the rules that must hold at any time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel import invariants
from app.ledger.models import BusinessDay, CalendarDay, Entry, Journal, LedgerAccount


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
class PeriodBalance:
    """One account over some business days, in fen: what it held before, what was debited and credited in between."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    opening_fen: int
    debit_fen: int
    credit_fen: int

    @property
    def closing_fen(self) -> int:
        return self.opening_fen + self.debit_fen - self.credit_fen


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
    product_code: str | None = None
    partner_id: UUID | None = None


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


def period_balances(
    session: Session, *, from_on: date | None, to_on: date, product_code: str | None = None
) -> list[PeriodBalance]:
    """The trial balance of a day (`from_on` = `to_on`), of some days (both included) or since the beginning (None).

    `product_code` leaves the journals of one product. Openings, movements and closings each sum to zero over all
    accounts, whatever is left out, because whole journals are.
    """
    amount, since = Entry.amount_fen, from_on or date.min
    moved = (
        select(
            Entry.account,
            func.coalesce(func.sum(amount).filter(Journal.business_on < since), 0).label("opening"),
            func.coalesce(func.sum(amount).filter(Journal.business_on >= since, amount > 0), 0).label("debit"),
            func.coalesce(func.sum(-amount).filter(Journal.business_on >= since, amount < 0), 0).label("credit"),
        )
        .join(Journal, Journal.id == Entry.journal_id)
        .where(Journal.business_on <= to_on, *([Journal.product_code == product_code] if product_code else []))
        .group_by(Entry.account)
        .subquery()
    )
    rows = session.execute(
        select(LedgerAccount, moved.c.opening, moved.c.debit, moved.c.credit)
        .outerjoin(moved, moved.c.account == LedgerAccount.code)
        .order_by(LedgerAccount.code)
    )
    return [
        PeriodBalance(a.code, a.name_zh, a.name_en, a.kind, int(opening or 0), int(debit or 0), int(credit or 0))
        for a, opening, debit, credit in rows
    ]


def journals_between(
    session: Session, *, from_on: date, to_on: date, product_code: str | None = None
) -> Iterator[JournalView]:
    """The journals of some business days, both included, by day; read in portions, so that a year needs no memory."""
    rows = session.execute(
        select(Journal, Entry.account, Entry.amount_fen)
        .join(Entry, Entry.journal_id == Journal.id)
        .where(
            Journal.business_on.between(from_on, to_on),
            *([Journal.product_code == product_code] if product_code else []),
        )
        .order_by(Journal.business_on, Journal.id, Entry.id),
        execution_options={"yield_per": 1000},
    )
    for journal, lines in groupby(rows, key=lambda row: row[0]):
        yield _view(journal, tuple((account, amount_fen) for _, account, amount_fen in lines))


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
    return [_view(journal, tuple(lines[journal.id])) for journal in journals]


def _view(journal: Journal, lines: tuple[tuple[str, int], ...]) -> JournalView:
    return JournalView(
        id=journal.id,
        key=journal.key,
        template=journal.template,
        subject_id=journal.subject_id,
        business_on=journal.business_on,
        booked_at=journal.booked_at,
        lines=lines,
        product_code=journal.product_code,
        partner_id=journal.partner_id,
    )


@dataclass(frozen=True)
class Day:
    """One business day of the book that somebody has begun to close."""

    day: date
    state: str  # closing, closed
    closing_at: datetime | None
    closed_at: datetime | None
    digest: str | None


def business_day(session: Session, day: date) -> Day | None:
    """A day; None for one that nobody has begun to close: it is open."""
    row = session.get(BusinessDay, day, populate_existing=True)
    return _day(row) if row else None


def newest_days(session: Session, limit: int) -> list[Day]:
    """The newest days that are closing or closed."""
    return [_day(row) for row in session.scalars(select(BusinessDay).order_by(BusinessDay.day.desc()).limit(limit))]


def _day(row: BusinessDay) -> Day:
    return Day(row.day, row.state, row.closing_at, row.closed_at, row.digest)


def is_working_day(session: Session, day: date) -> bool | None:
    """Whether banks settle on a day, by the calendar that is kept; None for a year nobody has announced yet."""
    return session.scalar(select(CalendarDay.working).where(CalendarDay.day == day))


def first_open_day(session: Session) -> date | None:
    """The day after the last closed one; of a book without closed days, its first day; None for an empty book."""
    closed = session.scalar(select(func.max(BusinessDay.day)).where(BusinessDay.state == "closed"))
    return closed + timedelta(days=1) if closed else session.scalar(select(func.min(Journal.business_on)))


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
    " OR (account IN ('transfers_in_transit', 'loan_principal') AND sum(amount_fen) < 0)"
    " OR (account = 'loan_loss_allowance' AND sum(amount_fen) > 0)",
)
invariants.register(
    "I3",
    "nothing was added to a day after it was closed, and no journal stands before the day it belongs to",
    "SELECT j.key, j.business_on::text FROM journals j JOIN business_days b ON b.day = j.business_on"
    " WHERE b.state = 'closed' AND j.booked_at > b.closed_at UNION ALL"
    " SELECT key, business_on::text FROM journals WHERE business_on < value_on",
)
invariants.register(
    "I4",
    "what stands off the balance sheet and its contra account mirror each other, and neither receivables nor what was"
    " paid ahead changes its side",
    "SELECT account, sum(amount_fen) FROM entries GROUP BY account"
    " HAVING (account IN ('interest_receivable', 'penalty_receivable', 'off_balance_interest') AND sum(amount_fen) < 0)"
    " OR (account = 'interest_paid_ahead' AND sum(amount_fen) > 0) UNION ALL SELECT 'off_balance', sum(amount_fen)"
    " FROM entries WHERE account IN ('off_balance_interest', 'written_off_claims', 'off_balance_contra')"
    " HAVING sum(amount_fen) <> 0",
)
