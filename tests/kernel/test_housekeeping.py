"""What the kernel tidies up, and that tidying twice is tidying once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from app.kernel import clock, housekeeping, idempotency, ids, jobs, retention

RUN_TWICE = {"kernel.purge_traces"}


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
        housekeeping.purge_traces()
        assert count(session, "idempotency_keys") == 1


def test_jobs_that_ended_well_go_after_a_week_and_failed_ones_stay(session, clock_at):
    for status in ("succeeded", "failed"):
        jobs.enqueue(session, f"some.{status}")
    session.execute(text("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE task_name = 'some.succeeded'"))
    session.execute(text("UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name = 'some.failed'"))
    session.commit()
    housekeeping.purge_traces()
    assert count(session, "procrastinate_jobs") == 2
    clock_at(clock.now() + timedelta(days=8))
    for _ in range(2):
        housekeeping.purge_traces()
        assert count(session, "procrastinate_jobs") == 1


def test_a_new_period_counts_from_its_day_on_and_none_is_guessed(session, clock_at):
    clock_at(datetime(2026, 6, 1, tzinfo=UTC))
    old = session.query(retention.RetentionPeriod).filter_by(name="idempotency_keys").one()
    old.effective_to = date(2026, 7, 1)
    session.add(
        retention.RetentionPeriod(
            id=ids.new_id(), name="idempotency_keys", kept_hours=24, effective_from=date(2026, 7, 1), source="test"
        )
    )
    session.flush()
    assert retention.before(session, "idempotency_keys") == datetime(2026, 5, 2, tzinfo=UTC)
    clock_at(datetime(2026, 7, 1, tzinfo=UTC))
    assert retention.before(session, "idempotency_keys") == datetime(2026, 6, 30, tzinfo=UTC)
    with pytest.raises(retention.PeriodMissing):
        retention.before(session, "something")


def test_every_kind_of_trace_has_a_period_with_its_source(session):
    from app import process

    process.import_jobs()
    for name in retention.TRACES:
        assert retention.before(session, name) < clock.now()
    periods = session.query(retention.RetentionPeriod).all()
    assert {one.name for one in periods} == set(retention.TRACES)
    assert all(one.source for one in periods)
