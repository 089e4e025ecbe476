"""Posting: once by key, never unbalanced, never around the function."""

import threading
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel import db, ids, invariants
from app.ledger import queries, usecases

SUBJECT = ids.new_id()


def post(session, key="k1", amount_fen=100):
    return usecases.post(
        session,
        key=key,
        template="transfer_sent",
        amounts_fen={"amount": amount_fen},
        subject_id=SUBJECT,
        business_on=date(2026, 11, 23),
    )


def test_a_journal_is_posted_once(session):
    assert post(session) is True
    assert post(session) is False
    balances = {row.code: row.balance_fen for row in queries.trial_balance(session)}
    assert balances["transfers_in_transit"] == 100
    assert balances["bank_settlement"] == -100
    [journal] = queries.journals_of(session, [SUBJECT])
    assert journal.lines == (("transfers_in_transit", 100), ("bank_settlement", -100))


def test_the_same_key_with_other_lines_is_an_error(session):
    post(session)
    with pytest.raises(DBAPIError) as caught:
        post(session, amount_fen=101)
    assert db.sqlstate(caught.value) == "DK003"


@pytest.mark.parametrize("amounts", ["{5,-4}", "{5}", "{5,NULL}"])
def test_the_database_refuses_what_does_not_sum_to_zero(session, amounts):
    with pytest.raises(DBAPIError) as caught:
        session.execute(
            text(
                "SELECT post_journal(gen_random_uuid(), 'bad', 't', gen_random_uuid(), NULL, NULL, '2026-01-01',"
                " '2026-01-01T00:00:00Z', ARRAY['suspense','loan_principal'], CAST(:amounts AS bigint[]))"
            ),
            {"amounts": amounts},
        )
    assert db.sqlstate(caught.value) in {"DK001", "DK002"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET amount_fen = 1",
        "DELETE FROM entries",
        "TRUNCATE entries",
        "INSERT INTO entries (journal_id, account, amount_fen) VALUES (gen_random_uuid(), 'suspense', 1)",
        "UPDATE journals SET key = 'x'",
        "DELETE FROM journals",
        "ALTER TABLE entries DISABLE TRIGGER ALL",
        "DROP TABLE entries",
        "CREATE TABLE mine ()",
        "CREATE OR REPLACE FUNCTION post_journal() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_the_application_cannot_go_around_the_function(session, statement):
    with pytest.raises(DBAPIError) as caught:
        session.execute(text(statement))
    assert db.sqlstate(caught.value) == "42501"


def test_a_race_on_one_key_posts_once(committed):
    posted, barrier = [], threading.Barrier(8)

    def race():
        barrier.wait()
        with db.transaction() as session:
            posted.append(post(session))

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(posted) == [False] * 7 + [True]
    with db.transaction() as session:
        assert all(verdict.holds for verdict in invariants.verify(session) if verdict.invariant.code in {"I1", "I3"})
