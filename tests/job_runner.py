"""Runs enqueued jobs inline, in the order the worker would fetch them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from app.kernel import clock, jobs
from app.kernel.db import transaction


@dataclass
class JobRunner:
    """`ran` lists (task name, arguments) of all that ran; a job that raises fails the test."""

    ran: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __call__(self, only: str | None = None, limit: int = 200) -> list[str]:
        """Run due jobs (all of them, or of one name) until none is left; answers the names in order."""
        from app import process

        process.import_jobs()
        names: list[str] = []
        while (job := self._take(only)) is not None:
            name, arguments = job
            jobs.TASKS[name].run(**arguments)
            self.ran.append(job)
            names.append(name)
            assert len(names) < limit, f"jobs do not come to an end: {names[-10:]}"
        return names

    def again(self, name: str) -> None:
        """Run the last job of this name a second time: the effect must be that of once."""
        arguments = next(args for ran, args in reversed(self.ran) if ran == name)
        jobs.TASKS[name].run(**arguments)

    def waiting(self) -> list[tuple[str, dict[str, Any]]]:
        """What is enqueued, also for later."""
        with transaction() as session:
            rows = session.execute(
                text("SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
            )
            return [(row.task_name, row.args) for row in rows]

    def _take(self, only: str | None) -> tuple[str, dict[str, Any]] | None:
        query = (
            "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = (SELECT id FROM procrastinate_jobs "
            "WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= :now) "
            "AND (CAST(:only AS text) IS NULL OR task_name = :only) ORDER BY priority DESC, id LIMIT 1) "
            "RETURNING task_name, args"
        )
        with transaction() as session:
            row = session.execute(text(query), {"now": clock.now(), "only": only}).first()
        return (row.task_name, row.args) if row else None
