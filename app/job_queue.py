"""The job queue as the worker runs it: every declared job, and those taken up again whose worker died."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import procrastinate
import structlog
from procrastinate import JobContext
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from app.kernel import crash_points, jobs

CONNECTIONS = 4  # for fetching and finishing; jobs use the pool of kernel.db
STALLED_AFTER_S = 15
log = structlog.get_logger(__name__)


def build(database_url: str) -> procrastinate.App:
    """The procrastinate application with every declared task."""
    connector = procrastinate.PsycopgConnector(conninfo=database_url, min_size=1, max_size=CONNECTIONS)
    worker = procrastinate.App(connector=connector)
    for task in jobs.TASKS.values():
        if task.cron:
            run = worker.task(name=task.name, retry=False, queueing_lock=task.name)(_periodic(task.run))
            worker.periodic(cron=task.cron)(run)
        else:
            worker.task(name=task.name, retry=task.retry)(_crashable(task))
    stalled = worker.task(name="kernel.retry_stalled", pass_context=True, queueing_lock="kernel.retry_stalled")
    worker.periodic(cron="* * * * * */5")(stalled(retry_stalled))
    return worker


def _crashable(task: jobs.Task) -> jobs.Run:
    """A drill can end the worker after a job's last commit and before the queue hears of it."""

    @functools.wraps(task.run)
    def run(**arguments: Any) -> None:
        task.run(**arguments)
        crash_points.reach(f"{task.name}.done")

    return run


def _periodic(run: Callable[..., None]) -> Callable[..., None]:
    """procrastinate hands a periodic job its time stamp; ours read the clock, and may be enqueued by name as well."""

    def once(timestamp: int | None = None) -> None:
        run()

    return once


async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """A job whose worker was killed stays `doing` until somebody asks: put it back, or end it when a twin waits."""
    manager: Any = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S):
        try:
            await manager.retry_job(job)
            log.warning("stalled job taken up again", task=job.task_name, job=job.id)
        except UniqueViolation:  # its queueing lock is held by a waiting twin, which does the same work
            await manager.finish_job_by_id_async(job.id, Status.ABORTED, delete_job=False)
