"""Every fen that came is matched by itself or listed by name, over many days; the aged report is the exact list."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from app.console.views import reconciliation as views
from app.payments import queries as payments
from tests.drills.conftest import LONG, seed  # noqa: F401
from tests.reconciliation.generator import DAY, Day
from tests.reconciliation.test_differences import Change, bring_in, compare

DAYS, A_DAY = (30, 10_000) if LONG else (3, 3_400)
ONE_IN = 10_000  # so many rows to one that is wrong: what is wrong cannot match by itself
TODAY = date(2026, 11, 24)
PAID = text(
    "INSERT INTO payment_transactions (transaction_id, out_trade_no, amount_fen, disposition, reason, paid_at,"
    " recorded_at) VALUES (:number, :number, :fen, :disposition, 'order_unknown', :at, :at)"
)
KINDS = ("missing_here", "missing_there", "amount")
BY_THEM = text(
    "SELECT r.their_no, r.amount_fen FROM bill_rows r JOIN reconciliation_days d ON d.import_id = r.import_id"
    " WHERE r.kind = 'payment'"
)
BY_US = text("SELECT transaction_id, amount_fen FROM payment_transactions")
LISTED = text("SELECT their_no, kind, ours_fen, theirs_fen FROM bill_differences WHERE status = 'open'")


@pytest.mark.drill
def test_every_fen_is_matched_by_itself_or_listed(session, seed):  # noqa: F811
    drawn, days, expected = random.Random(seed), [], []
    for number in range(DAYS):
        made = Day(session, payments=A_DAY, day=DAY - timedelta(days=number), seed=seed)
        made.store()
        days.append(made)
    for _ in range(DAYS * A_DAY // ONE_IN):
        kind, wrong = drawn.choice(KINDS), drawn.choice(days)
        expected.append((getattr(Change(wrong), kind)(), kind))
    for made in days:
        bring_in(made, f"{made.day}")
        compare(session, made.day)
    theirs, ours = (dict(session.execute(sql).all()) for sql in (BY_THEM, BY_US))
    listed = session.execute(LISTED).all()
    assert sorted((row.their_no, row.kind) for row in listed) == sorted(expected)
    named = {row.their_no for row in listed}
    matched = [number for number, fen in ours.items() if theirs.get(number) == fen and number not in named]
    share = Decimal(len(matched)) / len(ours)
    kinds = Counter(kind for _, kind in expected)
    print(f"seed {seed}: {len(ours)} payments, {share:.6f} matched by themselves, {kinds}")
    assert share >= Decimal("0.9999")
    fen = sum(ours[number] for number in matched)
    assert sum(theirs.values()) == fen + sum(row.theirs_fen or 0 for row in listed), "a fen of theirs is nowhere"
    assert sum(ours.values()) == fen + sum(row.ours_fen or 0 for row in listed), "a fen of ours is nowhere"


def test_the_aged_report_is_the_exact_list(session, clock_at):
    """Some of it released meanwhile, some of it wholly: what is left, by age, and nothing else."""
    clock_at(datetime(2026, 11, 24, 4, 0, tzinfo=UTC))
    expected, ages = {}, Counter()
    for days_ago, bucket in ((0, 1), (1, 1), (4, 7), (7, 7), (8, 30), (30, 30), (31, 0), (200, 0)):
        made = Day(session, payments=3, day=TODAY - timedelta(days=days_ago), seed=days_ago)
        kept, released, credited = sorted(row["微信订单号"] for row in made.rows)
        amounts = {row["微信订单号"]: int(Decimal(row["订单金额"]) * 100) for row in made.rows}
        for number, disposition in ((kept, "suspense"), (released, "suspense"), (credited, "credited")):
            paid_at = datetime.combine(made.day, time(4), UTC)
            row = {"number": number, "fen": amounts[number], "disposition": disposition, "at": paid_at}
            session.execute(PAID, row)
        for number, gone in ((kept, amounts[kept] // 3), (released, amounts[released])):
            session.execute(
                text("INSERT INTO transaction_uses VALUES (:number, :all, :gone, 0)"),
                {"number": number, "all": amounts[number], "gone": gone},
            )
        expected[kept] = amounts[kept] - amounts[kept] // 3
        ages[bucket] += expected[kept]
    session.commit()
    assert {row.transaction_id: row.left_fen for row in payments.suspense(session)} == expected
    shown = views.suspense(session)
    assert {row["until"]: row["fen"] for row in shown["ages"]} == dict(ages)
    assert sum(row["count"] for row in shown["ages"]) == len(expected)
