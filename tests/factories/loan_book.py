"""Whole books of loans, by COPY: thousands of invented loans in the middle of their lives, with what they owe."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg

from app.engine.schedules import Schedule, schedule
from app.engine.terms import DayCount, Method, Terms

METHODS = (Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY, Method.BULLET)
PRODUCTS = ("order_instalments", "working_capital")
PARTNERS = (None, UUID(int=0x51), UUID(int=0x52))
NOBODY = UUID(int=0x60)
AT = "2026-01-01T00:00:00Z"


def numbered(number: int) -> UUID:
    """The id of a loan by its number."""
    return UUID(f"01900000-0000-7000-8000-{number:012x}")


@dataclass
class BookLoan:
    """One loan with its schedule and what is paid of each row, as (principal, interest)."""

    number: int
    plan: Schedule
    day_count: DayCount
    grace_days: int
    compound: bool
    product_code: str
    partner_id: UUID | None
    paid: list[tuple[int, int]] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        return numbered(self.number)

    @property
    def penalty_rate(self) -> Decimal:
        return self.plan.terms.annual_rate * Decimal("1.5")

    def rows(self) -> Iterator[tuple[int, date, int, int, int, int]]:
        """(number, due_on, principal, interest, paid principal, paid interest)."""
        columns = zip(self.plan.due_on, self.plan.principals_fen, self.plan.interests_fen, self.paid, strict=True)
        for number, (due_on, principal, interest, (paid_principal, paid_interest)) in enumerate(columns, 1):
            yield number, due_on, principal, interest, paid_principal, paid_interest


def draw_loans(
    count: int,
    *,
    day: date,
    seed: int,
    day_counts: Sequence[DayCount] = (DayCount.THIRTY_360,),
    late_share: float = 0.05,
    age: tuple[int, int] | None = None,
) -> Iterator[BookLoan]:
    """Loans that are open on a day, each instalment due before it paid but for a share that is up to a year late.

    `age`: loans over 24 months that began so many days ago, from and to.
    """
    draw = random.Random(seed)
    for number in range(count):
        months = 24 if age else draw.choice((3, 6, 12, 12, 24))
        start_on = day - timedelta(days=draw.randint(*age) if age else draw.randrange(28 * months))
        terms = Terms(
            principal_fen=draw.randrange(100_000, 30_000_000),
            annual_rate=Decimal(draw.randrange(300, 1500)) / 10_000,
            method=draw.choice(METHODS),
            instalments=months,
            start_on=start_on,
            day_count=draw.choice(day_counts),
        )
        loan = BookLoan(
            number,
            schedule(terms),
            terms.day_count,
            draw.choice((0, 0, 3)),
            draw.random() < 0.5,
            draw.choice(PRODUCTS),
            draw.choice(PARTNERS),
        )
        _pay(loan, day, draw, late_share)
        yield loan


def _pay(loan: BookLoan, day: date, draw: random.Random, late_share: float) -> None:
    due = sum(due_on < day for due_on in loan.plan.due_on)
    late = draw.randrange(1, 13) if due and draw.random() < late_share else 0
    rows = list(zip(loan.plan.principals_fen, loan.plan.interests_fen, strict=True))
    settled = max(0, due - late)
    loan.paid = rows[:settled] + [(0, 0)] * (len(rows) - settled)
    if late and draw.random() < 0.5:  # a part of the oldest one that is late
        principal, interest = rows[settled]
        loan.paid[settled] = (draw.randrange(principal) if principal else 0, interest)


_LOANS = (
    *("id", "loan_no", "drawdown_id", "application_id", "contract_id", "credit_line_id", "customer_id"),
    *("enterprise_id", "partner_id", "product_code", "principal_fen", "outstanding_principal_fen", "credit_fen"),
    *("annual_rate", "all_in_annual_rate", "method", "term_months", "start_on", "status", "activated_at"),
    *("day_count", "penalty_rate", "grace_days", "compound_penalty", "period_start_on", "period_end_on"),
    *("period_principal_fen", "accrued_through_on", "accrued_interest_fen", "paid_interest_fen", "next_due_on"),
)
_ROWS = (
    *("id", "loan_id", "number", "due_on", "principal_fen", "interest_fen", "paid_principal_fen"),
    *("paid_interest_fen", "status"),
)


def fill(owner_url: str, loans: Iterator[BookLoan] | Sequence[BookLoan], *, day: date, copies: int = 1) -> int:
    """Write loans as they stand before the end of `day`; what was paid so far is what was earned. Answers how many.

    The book gets one journal a loan, and each loan one repayment for all that was paid. With `copies` the loans, which
    are numbered from 0, come as often, under further numbers: a million are written by the server itself in a minute.
    """
    count = 0
    with psycopg.connect(owner_url) as db:
        batch: list[BookLoan] = []
        for loan in loans:
            batch.append(loan)
            count += 1
            if len(batch) == 10_000:
                _write(db, batch, day)
                batch.clear()
        _write(db, batch, day)
        for copy in range(1, copies):
            _copy(db, count, copy * count)
        _write_book(db, day)
    with psycopg.connect(owner_url, autocommit=True) as db:
        db.execute("VACUUM ANALYZE loans")
        db.execute("VACUUM ANALYZE loan_instalments")
    return count * copies


def _copy(db: psycopg.Connection, count: int, further: int) -> None:
    """The first `count` loans once more, their numbers (the last 12 digits of every id) so much higher."""
    columns = {
        "loans": ("id", "drawdown_id", "application_id", "contract_id", "loan_no"),
        "loan_instalments": ("id", "loan_id"),
    }
    for table, names in (("loans", _LOANS), ("loan_instalments", _ROWS)):
        moved = {
            name: f"overlay({name}::text placing lpad(to_hex(placed.n + {further}), 12, '0') from 25)::uuid"
            for name in columns[table]
        }
        if table == "loans":
            moved["loan_no"] = f"'T' || (placed.n + {further})"
        own = "id" if table == "loans" else "loan_id"
        db.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(moved.get(name, name) for name in names)}"
            f" FROM {table}, LATERAL (SELECT ('x' || right({own}::text, 12))::bit(48)::bigint AS n) placed"
            f" WHERE {own} < '{numbered(count)}'"
        )


def _write(db: psycopg.Connection, batch: Sequence[BookLoan], day: date) -> None:
    with db.cursor().copy(f"COPY loans ({', '.join(_LOANS)}) FROM STDIN") as copy:
        for loan in batch:
            copy.write_row(_loan_row(loan, day))
    with db.cursor().copy(f"COPY loan_instalments ({', '.join(_ROWS)}) FROM STDIN") as copy:
        for loan in batch:
            for number, due_on, principal, interest, paid_principal, paid_interest in loan.rows():
                paid = (paid_principal, paid_interest) == (principal, interest)
                copy.write_row(
                    (
                        UUID(int=loan.id.int | number << 48 | 1 << 63),
                        *(loan.id, number, due_on, principal, interest, paid_principal, paid_interest),
                        "paid" if paid else "due",
                    )
                )


def _loan_row(loan: BookLoan, day: date) -> tuple[Any, ...]:
    terms, rows = loan.plan.terms, list(loan.rows())
    unpaid = [row[1] for row in rows if (row[4], row[5]) != (row[2], row[3])]
    paid_interest_fen = sum(row[5] for row in rows)
    outstanding_fen = terms.principal_fen - sum(row[4] for row in rows)
    return (
        *(loan.id, f"T{loan.number}", loan.id, loan.id, loan.id, NOBODY, NOBODY, NOBODY),
        *(loan.partner_id, loan.product_code, terms.principal_fen, outstanding_fen, 0),
        *(terms.annual_rate, terms.annual_rate, terms.method.value, terms.instalments, terms.start_on),
        *("active", AT, loan.day_count.value, loan.penalty_rate, loan.grace_days, loan.compound),
        *(terms.start_on, terms.start_on, terms.principal_fen, day - timedelta(days=1)),
        *(paid_interest_fen, paid_interest_fen, min(unpaid, default=None)),
    )


def _write_book(db: psycopg.Connection, day: date) -> None:
    """What the journals and repayments of the loans' past add up to."""
    db.execute(
        "INSERT INTO repayments (id, receipt_no, loan_id, customer_id, kind, quoted_on, amount_fen, status,"
        " principal_fen, interest_fen, interest_returned_fen, overpaid_fen, penalty_fen, opened_at, paid_at,"
        " booked_at)"
        " SELECT id, 'T' || loan_no, id, customer_id, 'due', %(day)s, principal_fen - outstanding_principal_fen"
        " + paid_interest_fen, 'applied', principal_fen - outstanding_principal_fen, paid_interest_fen, 0, 0, 0,"
        " activated_at, activated_at, activated_at FROM loans WHERE outstanding_principal_fen < principal_fen"
        " OR paid_interest_fen > 0",
        {"day": day},
    )
    db.execute(
        "INSERT INTO journals (id, key, template, subject_id, product_code, partner_id, business_on, value_on,"
        " booked_at) SELECT id, 'past:' || id, 'past', id, product_code, partner_id, %(day)s, %(day)s, activated_at"
        " FROM loans",
        {"day": day},
    )
    db.execute(
        "INSERT INTO entries (journal_id, account, amount_fen) SELECT l.id, v.account, v.fen FROM loans l"
        " CROSS JOIN LATERAL (VALUES ('loan_principal', l.outstanding_principal_fen),"
        " ('interest_income', -l.paid_interest_fen),"
        " ('wechat_pay_clearing', l.paid_interest_fen - l.outstanding_principal_fen)) AS v (account, fen)"
        " WHERE v.fen <> 0"
    )
