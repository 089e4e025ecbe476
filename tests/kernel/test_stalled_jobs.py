"""Jobs whose worker was killed are taken up again; one whose twin waits already gives way to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from procrastinate.exceptions import ConnectorException
from sqlalchemy import text

from app import job_queue
from app.kernel import db, jobs


def take_up(url: str, spoil: Callable[[object], None] = lambda manager: None) -> None:
    async def run() -> None:
        queue = job_queue.build(url)
        async with queue.open_async():
            spoil(queue.job_manager)
            await job_queue.retry_stalled(SimpleNamespace(app=queue), 0)

    asyncio.run(run())


def statuses() -> list[tuple[str, str]]:
    with db.transaction() as session:
        rows = session.execute(text("SELECT task_name, status FROM procrastinate_jobs ORDER BY id")).all()
        return [tuple(row) for row in rows]


@pytest.fixture
def url(committed) -> str:
    """A database in which one job died alone and one died after it had enqueued the next of its chain."""
    with db.transaction() as session:
        jobs.enqueue(session, "alone")
        jobs.enqueue(session, "chain", once="chain")
        session.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
        jobs.enqueue(session, "chain", once="chain")
    return committed.kw["bind"].url.set(drivername="postgresql").render_as_string(hide_password=False)


def test_what_died_runs_again_unless_its_twin_waits(url):
    for _ in range(2):
        take_up(url)
        assert statuses() == [("alone", "todo"), ("chain", "aborted"), ("chain", "todo")]


def test_a_fault_of_the_database_never_ends_a_job(url):
    async def broken(job):
        raise ConnectorException("lock timeout")

    with pytest.raises(ConnectorException):
        take_up(url, lambda manager: setattr(manager, "retry_job", broken))
    assert statuses() == [("alone", "doing"), ("chain", "doing"), ("chain", "todo")]
