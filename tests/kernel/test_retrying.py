"""Deadlocks and serialization failures: the whole transaction again, five times at most; nothing else is repeated."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.kernel import db

FAIL = "DO $$ BEGIN RAISE EXCEPTION 'as told' USING ERRCODE = '{}'; END $$"


@pytest.fixture
def rows(committed) -> None:
    """Two rows of a table that the application may write."""
    with db.transaction() as session:
        for key in ("a", "b"):
            session.execute(
                text(
                    "INSERT INTO idempotency_keys (id, scope, key, fingerprint, object_id, leased_until, created_at)"
                    " VALUES (gen_random_uuid(), 'test', :key, '0', gen_random_uuid(), now(), now())"
                ),
                {"key": key},
            )


def touch(session: Session, key: str) -> None:
    statement = "UPDATE idempotency_keys SET fingerprint = (fingerprint::int + 1)::text WHERE key = :key"
    session.execute(text(statement), {"key": key})


def counts() -> list[str]:
    with db.transaction() as session:
        return list(session.scalars(text("SELECT fingerprint FROM idempotency_keys ORDER BY key")))


def test_two_that_wait_for_each_other_both_get_through_once(rows):
    meeting, tries = threading.Barrier(2), {"ab": 0, "ba": 0}

    def work(order: str) -> None:
        def both(session: Session) -> None:
            tries[order] += 1
            touch(session, order[0])
            if tries[order] == 1:
                meeting.wait(timeout=30)
            touch(session, order[1])

        db.retrying(both)

    threads = [threading.Thread(target=work, args=(order,)) for order in tries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(tries.values()) >= 3, "the database ended one of them"
    assert counts() == ["2", "2"]


@pytest.mark.parametrize(("state", "expected"), [("40001", 5), ("40P01", 5), ("23505", 1), ("57014", 1)])
def test_it_gives_up_after_five_and_repeats_nothing_else(rows, state, expected):
    tried = 0

    def fails(session: Session) -> None:
        nonlocal tried
        tried += 1
        touch(session, "a")
        session.execute(text(FAIL.format(state)))

    with pytest.raises(DBAPIError) as raised:
        db.retrying(fails)
    assert (tried, db.sqlstate(raised.value)) == (expected, state)
    assert counts() == ["0", "0"], "nothing of it stays"
