"""What the kernel tidies up, and that tidying twice is tidying once."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from app.kernel import clock, housekeeping, idempotency, jobs

RUN_TWICE = {"kernel.purge_idempotency_keys", "kernel.purge_finished_jobs"}


def count(session, table):
    return session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_old_keys_go_and_young_ones_stay(session, clock_at):
    clock_at(datetime(2026, 1, 1, tzinfo=UTC))
    idempotency.claim(session, scope="s", key="old", request_fingerprint="f")
    clock_at(datetime(2026, 1, 20, tzinfo=UTC))
    idempotency.claim(session, scope="s", key="young", request_fingerprint="f")
    session.commit()
    clock_at(datetime(2026, 2, 1, tzinfo=UTC))
    for _ in range(2):
        housekeeping.purge_idempotency_keys()
        assert count(session, "idempotency_keys") == 1


def test_jobs_that_ended_well_go_after_a_week_and_failed_ones_stay(session, clock_at):
    for status in ("succeeded", "failed"):
        jobs.enqueue(session, f"some.{status}")
    session.execute(text("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE task_name = 'some.succeeded'"))
    session.execute(text("UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name = 'some.failed'"))
    session.commit()
    housekeeping.purge_finished_jobs()
    assert count(session, "procrastinate_jobs") == 2
    clock_at(clock.now() + timedelta(days=8))
    for _ in range(2):
        housekeeping.purge_finished_jobs()
        assert count(session, "procrastinate_jobs") == 1
