"""What a request costs the database: statements by any cursor (the job queue's, too) and commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import Engine, event


@dataclass
class Cost:
    """Statements in their order, and how often something was committed."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0

    def __str__(self) -> str:
        return f"{len(self.statements)} statements, {self.commits} commits"


@contextmanager
def counting(engine: Engine) -> Iterator[Cost]:
    """Count on connections that are opened from now on; the liveness ping of the pool does not count."""
    cost = Cost()

    class Counting(psycopg.Cursor[Any]):
        def execute(self, query: Any, *arguments: Any, **options: Any) -> Any:
            if str(query).strip(" ;"):
                cost.statements.append(str(query))
            return super().execute(query, *arguments, **options)

        def executemany(self, query: Any, *arguments: Any, **options: Any) -> Any:
            cost.statements.append(str(query))  # one statement for many rows, sent as one batch
            return super().executemany(query, *arguments, **options)

    def connected(connection: Any, _: Any) -> None:
        connection.cursor_factory = Counting

    def committed(_: Any) -> None:
        cost.commits += 1

    engine.dispose()
    event.listen(engine, "connect", connected)
    event.listen(engine, "commit", committed)
    try:
        with engine.connect() as warm:  # the first connection asks for the server's version and the like
            warm.exec_driver_sql("SELECT 1")
        cost.statements.clear()
        yield cost
    finally:
        event.remove(engine, "connect", connected)
        event.remove(engine, "commit", committed)
        engine.dispose()
