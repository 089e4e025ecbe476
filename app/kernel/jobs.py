"""Jobs on PostgreSQL: declared here by name, enqueued inside the caller's transaction, run by the worker."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel import clock

Run = Callable[..., None]
# A part of a statement that does more at once, by the queue's own function, which is what `enqueue_all` calls.
DEFER = (
    "SELECT unnest(procrastinate_defer_jobs_v1(ARRAY(SELECT CAST(ROW('default', name, 0, lock, NULL,"
    " CAST(arguments AS jsonb), NULL) AS procrastinate_job_to_defer_v1) FROM unnest(CAST(:job_names AS text[]),"
    " CAST(:job_locks AS text[]), CAST(:job_arguments AS text[])) AS job (name, lock, arguments))))"
)
DEFER_FOR_MOVED = f"{DEFER} FROM moved"  # enqueued if the statement's part `moved` has its row (see `kernel.states`)
_borrower = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())  # never opened: borrows connections


class Waits(BaseRetryStrategy):
    """Retry after fixed waits with jitter; after the last one the job is failed and stays visible."""

    def __init__(self, *seconds: float, jitter: float = 0.2) -> None:
        self.seconds = seconds
        self.jitter = jitter

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= len(self.seconds):
            return None
        wait = self.seconds[job.attempts] * random.uniform(1, 1 + self.jitter)  # noqa: S311  jitter, not a secret
        return RetryDecision(retry_in={"seconds": max(1, round(wait))})


# Faults of our own database or of a vendor pass within minutes, hours at worst: eight tries over half a day.
PATIENT = Waits(1, 5, 30, 120, 600, 1800, 7200, 28800)


@dataclass(frozen=True)
class Task:
    """What the worker knows of one job: the function and how it is retried."""

    name: str
    run: Run
    retry: BaseRetryStrategy
    cron: str | None = None


TASKS: dict[str, Task] = {}


def task(name: str, *, retry: BaseRetryStrategy = PATIENT, cron: str | None = None) -> Callable[[Run], Run]:
    """Declare a job. It may run more than once, so it must be idempotent by a unique key. Arguments are plain JSON.

    `cron` has five fields, or six where the last is seconds; a periodic job takes no arguments.
    """

    def declare(run: Run) -> Run:
        if name in TASKS and TASKS[name].run.__module__ != run.__module__:
            raise ValueError(f"two jobs are named {name}")
        TASKS[name] = Task(name, run, retry, cron)
        return run

    return declare


def enqueue(
    session: Session,
    name: str,
    *,
    queue: str = "default",
    lock: str | None = None,
    once: str | None = None,
    after: timedelta | None = None,
    **arguments: Any,
) -> int | None:
    """Enqueue by name in the session's transaction; None when a job with the same `once` waits already: that one does
    not begin before this transaction has ended, so it sees what this one did.

    Jobs with the same `lock` run one after another. Arguments hold ids, never personal data.
    """
    options: dict[str, Any] = {"queue": queue, "lock": lock}
    if after:
        options["schedule_at"] = schedule_instant(after)
    plain = {key: str(value) if isinstance(value, UUID) else value for key, value in arguments.items()}
    if once is None:
        return _defer(session, name, options, plain)
    while True:
        try:
            with session.begin_nested():  # the unique violation must not abort the caller's transaction
                return _defer(session, name, options | {"queueing_lock": once}, plain)
        except AlreadyEnqueued:
            if _hold_back(session, once):
                return None


def enqueue_all(session: Session, waiting: Sequence[tuple[str, str, dict[str, Any]]]) -> None:
    """Enqueue many (name, lock, plain arguments) by one statement in the session's transaction."""
    if not waiting:
        return
    raw = session.connection().connection.driver_connection
    made = [
        _borrower.configure_task(name, allow_unknown=True, queue="default", lock=lock).make_new_job(**arguments)
        for name, lock, arguments in waiting
    ]
    _borrower.job_manager.batch_defer_jobs(made, connection=raw)


def defer(waiting: Sequence[tuple[str, str, dict[str, Any]]]) -> dict[str, Any]:
    """The parameters of DEFER and DEFER_FOR_MOVED for (name, lock, plain arguments)."""
    return {
        "job_names": [name for name, _, _ in waiting],
        "job_locks": [lock for _, lock, _ in waiting],
        "job_arguments": [json.dumps(arguments) for _, _, arguments in waiting],
    }


def retry_failed(session: Session) -> int:
    """Give the jobs that gave up all their tries again; answers how many. For a person who removed the cause.

    Jobs that have a `once` key are left out: their next one is enqueued by the clock.
    """
    done = session.execute(
        text(
            "UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = NULL"
            " WHERE status = 'failed' AND queueing_lock IS NULL RETURNING id"
        )
    )
    return len(done.all())


def schedule_instant(after: timedelta) -> datetime:
    """For the queue, which asks the database's clock; a test clock that moves brings what waits nearer."""
    return clock.machine() + after


def _hold_back(session: Session, once: str) -> bool:
    """Keep the waiting job from being fetched until we commit (the worker skips locked rows); False: it has begun."""
    held = text("SELECT id FROM procrastinate_jobs WHERE queueing_lock = :once AND status = 'todo' FOR SHARE")
    return session.scalar(held, {"once": once}) is not None


def _defer(session: Session, name: str, options: Mapping[str, Any], arguments: dict[str, Any]) -> int:
    # inside begin_nested() it is this call of connection() that sends the SAVEPOINT: never fetch it earlier
    raw = session.connection().connection.driver_connection
    return _borrower.configure_task(name, connection=raw, allow_unknown=True, **options).defer(**arguments)
