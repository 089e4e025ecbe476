"""A job rides in the transaction of its cause; one waiting is enough; events reach their listeners."""

import contextlib
from dataclasses import dataclass
from typing import ClassVar

import pytest
from sqlalchemy import text

from app.kernel import db, housekeeping, ids, invariants, jobs, outbox


def waiting(session):
    return list(session.execute(text("SELECT task_name, args FROM procrastinate_jobs ORDER BY id")))


def test_roll_back_takes_the_job_with_it(committed):
    with pytest.raises(ZeroDivisionError), db.transaction() as session:
        jobs.enqueue(session, "some.task", a=1)
        raise ZeroDivisionError
    with db.transaction() as session:
        assert waiting(session) == []
        jobs.enqueue(session, "some.task", a=1)
    with db.transaction() as session:
        assert [tuple(row) for row in waiting(session)] == [("some.task", {"a": 1})]


def test_a_second_waiting_job_is_not_enqueued_and_the_transaction_lives_on(committed):
    with db.transaction() as session:
        assert jobs.enqueue(session, "t", once="one", x=1) is not None
        assert jobs.enqueue(session, "t", once="one", x=2) is None
        jobs.enqueue(session, "other", y=3)
    with db.transaction() as session:
        assert [row.task_name for row in waiting(session)] == ["t", "other"]


def test_a_commit_of_a_failed_transaction_is_an_error_and_not_a_silent_roll_back(committed):
    with pytest.raises(RuntimeError, match="without a savepoint"), db.transaction() as session:
        raw = session.connection().connection.driver_connection
        with contextlib.suppress(Exception):  # the very mistake that the guard is for
            raw.execute("SELECT 1/0")


@dataclass(frozen=True, kw_only=True)
class SomethingHappened(outbox.Event):
    name: ClassVar[str] = "something.happened"
    amount_fen: int


def test_an_event_is_written_and_heard_in_one_transaction(session):
    outbox.listen({"something.happened": ("a.hears", "b.hears")})
    try:
        subject = ids.new_id()
        event_id = outbox.emit(session, SomethingHappened(subject_id=subject, amount_fen=5))
        session.flush()
    finally:
        from app.wiring import LISTENERS

        outbox.listen(LISTENERS)
    rows = waiting(session)
    assert [row.task_name for row in rows] == ["a.hears", "b.hears"]
    assert rows[0].args == {"event_id": str(event_id), "event": {"subject_id": str(subject), "amount_fen": 5}}


def test_each_listener_has_a_lock_of_its_own_for_a_subject(session):
    """Or a webhook that fails for half a day would hold up the money of the same application."""
    outbox.listen({"something.happened": ("a.hears", "b.hears")})
    try:
        subject = ids.new_id()
        for _ in range(2):
            outbox.emit(session, SomethingHappened(subject_id=subject, amount_fen=5))
    finally:
        from app.wiring import LISTENERS

        outbox.listen(LISTENERS)
    rows = session.execute(text("SELECT task_name, lock FROM procrastinate_jobs ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [("a.hears", f"a.hears:{subject}"), ("b.hears", f"b.hears:{subject}")] * 2


def test_the_application_cannot_change_what_happened(session):
    for statement in ("UPDATE outbox_events SET name = 'x'", "DELETE FROM audit_entries", "DELETE FROM state_changes"):
        with pytest.raises(Exception, match="permission denied"), session.begin_nested():
            session.execute(text(statement))


def test_jobs_that_gave_up_are_seen_and_can_be_tried_again(session):
    for name, once in (("a.hears", None), ("by.the_clock", "by.the_clock")):
        jobs.enqueue(session, name, once=once, event_id=ids.new_id())
    session.execute(text("UPDATE procrastinate_jobs SET status = 'failed', attempts = 8"))
    assert housekeeping  # registers the rule
    [found] = [one for one in invariants.verify(session) if "no listener" in one.invariant.statement]
    assert not found.holds
    assert [jobs.retry_failed(session), jobs.retry_failed(session)] == [1, 0]
    rows = session.execute(text("SELECT status, attempts FROM procrastinate_jobs ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [("todo", 0), ("failed", 8)]


def test_waits_grow_and_end():
    job = type("Job", (), {"attempts": 0})()
    strategy = jobs.Waits(1, 10)
    assert strategy.get_retry_decision(exception=Exception(), job=job) is not None
    job.attempts = 2
    assert strategy.get_retry_decision(exception=Exception(), job=job) is None
