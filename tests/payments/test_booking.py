"""A notice books by two statements what a query books by rows: both leave the same behind."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.adapters.wechat_pay import Notice
from app.payments import usecases
from tests.payments.conftest import MCHID, new_order, paid

LEFT = {
    "order": "SELECT status, paid_at, amount_fen FROM payment_orders WHERE id = :id",
    "payment": "SELECT channel, amount_fen, disposition, reason, paid_at FROM payment_transactions"
    " WHERE order_id = :id",
    "history": "SELECT subject_kind, event, from_status, to_status, actor, facts FROM state_changes"
    " WHERE subject_id = :id",
    "event": "SELECT name, payload FROM outbox_events WHERE subject_id = :id",
    "jobs": "SELECT queue_name, task_name, priority, lock, queueing_lock, status, scheduled_at, attempts, args"
    " FROM procrastinate_jobs WHERE lock LIKE '%' || :id",
}


def left(session: Session, order: Any) -> dict[str, str]:
    """What a payment left behind, without the identifiers that differ from one order to the next."""
    own = {str(order.order_id): "ORDER"}
    found = {}
    for name, sql in LEFT.items():
        rows = [list(row) for row in session.execute(text(sql), {"id": str(order.order_id)})]
        written = json.dumps(rows, default=str, sort_keys=True)
        for number, known in own.items():
            written = written.replace(number, known)
        found[name] = written
    events = session.execute(
        text("SELECT id, payload ->> 'reference_id' FROM outbox_events WHERE subject_id = :id"), {"id": order.order_id}
    ).all()
    for event_id, reference in events:
        found = {
            name: written.replace(str(event_id), "EVENT").replace(reference, "REFERENCE")
            for name, written in found.items()
        }
    return found


def notice(transaction: Any) -> Notice:
    return Notice("n-1", "TRANSACTION.SUCCESS", datetime(2026, 11, 23, tzinfo=UTC), transaction, None)


def settle(session: Session, transaction: Any) -> str:
    return usecases.settle_notice(session, notice=notice(transaction), raw=b"{}", our_mchid=MCHID)


def kept(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(text("SELECT verdict, reason FROM payment_notices ORDER BY id"))
    return [(row.verdict, row.reason) for row in rows]


def test_a_notice_and_a_query_leave_the_same(session: Session) -> None:
    told, asked = new_order(session), new_order(session)
    session.flush()
    assert settle(session, paid(told)) == "credited"
    number = "42000000012026112300000099"
    assert usecases.confirm(session, transaction=paid(asked, transaction_id=number), our_mchid=MCHID)[0] == "credited"
    session.flush()
    by_notice, by_query = left(session, told), left(session, asked)
    assert by_notice == by_query
    assert all(rows != "[]" for rows in by_notice.values()), by_notice
    assert kept(session) == [("credited", "matched")]


@pytest.mark.parametrize(
    ("changes", "verdict", "reason"),
    [
        ({}, "credited", "matched"),
        ({"amount_fen": 1}, "suspense", "amount_differs"),
        ({"payer_openid": "somebody-else"}, "suspense", "other_payer"),
        ({"appid": "wxother"}, "suspense", "other_app"),
        ({"out_trade_no": "DKUNKNOWN"}, "suspense", "order_unknown"),
        ({"mchid": "x"}, "ignored", "other_merchant"),
        ({"transaction_id": None}, "ignored", "no_transaction"),
    ],
)
def test_each_notice_is_kept_with_what_became_of_it(session: Session, changes: Any, verdict: str, reason: str) -> None:
    told = paid(new_order(session), **changes)
    assert settle(session, told) == verdict
    assert kept(session) == [(verdict, reason)]
    if verdict != "ignored":
        assert settle(session, told) == "duplicate"
        assert kept(session)[1:] == [("duplicate", "known")]
