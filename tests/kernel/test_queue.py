"""The queue as the worker runs it: what the clock starts can be asked for by name, and no wish of it is lost."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from app import job_queue
from app.kernel import db, jobs

NAME = "test.by_the_clock"
FETCH = text("SELECT id FROM procrastinate_fetch_job_v2(ARRAY['default']::varchar[], NULL)")


@pytest.fixture
def seen(committed) -> list[str]:
    """What the jobs of this test noticed when they ran."""
    found: list[str] = []

    @jobs.task(NAME, cron="0 0 1 1 *")
    def by_the_clock() -> None:
        found.append("ran")

    yield found
    del jobs.TASKS[NAME]


def work(committed) -> None:
    """Run what waits, as the worker does."""
    url = committed.kw["bind"].url.set(drivername="postgresql").render_as_string(hide_password=False)

    async def run() -> None:
        queue = job_queue.build(url)
        queue.periodic_registry.periodic_tasks.clear()  # this test is about what is asked for
        async with queue.open_async():
            await queue.run_worker_async(queues=["default"], wait=False, listen_notify=False)

    asyncio.run(run())


def test_what_the_clock_starts_can_be_asked_for_by_name(committed, seen):
    with db.transaction() as session:
        jobs.enqueue(session, NAME, once=NAME)
    work(committed)
    assert seen == ["ran"]


def test_a_waiting_job_does_not_begin_before_those_who_lean_on_it_have_committed(committed):
    """Or it would not see what they did, and nobody would look again."""
    with db.transaction() as session:
        waiting = jobs.enqueue(session, "t", once="one")
    with db.transaction() as session:
        assert jobs.enqueue(session, "t", once="one") is None
        with committed() as worker:
            assert worker.execute(FETCH).scalar() is None
    with db.transaction() as worker:
        assert worker.execute(FETCH).scalar() == waiting
    with db.transaction() as session:
        assert jobs.enqueue(session, "t", once="one") is not None  # it has begun: another one looks again
