"""A copy of a story's database, and a process that does something to its loans: killed anywhere, started again."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from app.kernel import db, invariants
from tests.sandbox_process import ROOT
from tests.servers import TestServers

LEFT = {
    "loans": "SELECT to_jsonb(l) FROM loans l ORDER BY id",
    "rows": "SELECT to_jsonb(i) - 'id' FROM loan_instalments i ORDER BY loan_id, number",
    "repayments": "SELECT to_jsonb(r) FROM repayments r ORDER BY id",
    "reversals": "SELECT to_jsonb(r) FROM repayment_reversals r ORDER BY id",
    "lines": "SELECT to_jsonb(c) FROM credit_lines c ORDER BY id",
    "book": "SELECT j.key, j.business_on, j.value_on, e.account, e.amount_fen FROM journals j JOIN entries e"
    " ON e.journal_id = j.id ORDER BY 1, 4, 5",
    "events": "SELECT name, subject_id, payload::text FROM outbox_events ORDER BY 1, 2, 3",
    "jobs": "SELECT task_name, count(*) FROM procrastinate_jobs GROUP BY 1 ORDER BY 1",
    "history": "SELECT subject_id, event, from_status, to_status FROM state_changes ORDER BY 1, 2, 3, 4",
    "classes": "SELECT loan_id, from_class, to_class, overdue_days, day, status FROM class_changes ORDER BY 1, 2, 3, 5",
    "audit": "SELECT action, subject_id, facts::text FROM audit_entries ORDER BY 1, 2, 3",
    "changes": "SELECT to_jsonb(c) FROM loan_changes c ORDER BY id",
    "reliefs": "SELECT to_jsonb(r) FROM loan_reliefs r ORDER BY id",
    "proposals": "SELECT to_jsonb(p) FROM money_proposals p ORDER BY id",
    "certificates": "SELECT loan_id, number, void_at FROM settlement_certificates ORDER BY 1, 2",
    "days": "SELECT day, state, digest FROM business_days ORDER BY day",
}


@dataclass(frozen=True)
class Story:
    """A database with loans, and what is to happen in it: a program with its arguments, at one moment always."""

    database: str
    program: str
    arguments: tuple[str, ...]


class Books:
    """A copy of the story's database, and the process that does something to its loans."""

    def __init__(self, servers: TestServers, story: Story, name: str, points: Path) -> None:
        self.url, self.owner_url = servers.copy_database(name, story.database)
        self.address = self.url.replace("postgresql://", "postgresql+psycopg://")
        self.points, self.story = points, story

    def start(self) -> subprocess.Popen[bytes]:
        environment = os.environ | {"DUKOU_ENV": "test", "DUKOU_CRASH_POINTS": str(self.points)}
        command = [sys.executable, "-c", self.story.program, self.address, *self.story.arguments]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def run(self) -> int:
        process = self.start()
        _, said = process.communicate()
        assert process.returncode in (0, 137), said.decode()[-3000:]
        return process.returncode

    def left(self) -> dict[str, list[Any]]:
        with psycopg.connect(self.owner_url) as connection:
            return {name: connection.execute(sql).fetchall() for name, sql in LEFT.items()}


def check(books: Books, undisturbed: dict[str, list[Any]]) -> None:
    """The same end, nothing more from another run, and every invariant."""
    for _ in range(2):
        assert books.run() == 0
        left = books.left()
        assert {name: rows for name, rows in left.items() if rows != undisturbed[name]} == {}
    engine = db.connect(books.address)
    with db.transaction() as session:
        assert [verdict for verdict in invariants.verify(session) if not verdict.holds] == []
    engine.dispose()
