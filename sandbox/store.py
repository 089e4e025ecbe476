"""Documents in SQLite: the memory of the sandbox, safe to use from many threads."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Document = dict[str, Any]

_TABLE = """
CREATE TABLE IF NOT EXISTS documents (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (kind, id)
)
"""


class Store:
    """JSON documents addressed by (kind, id), in the order of their first writing.

    Every call is one SQLite transaction. WAL with synchronous=NORMAL: a killed process loses nothing that was written.
    """

    def __init__(self, path: str | Path) -> None:
        if str(path) != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None, timeout=30)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute(_TABLE)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def put(self, kind: str, key: str, document: Document) -> None:
        """Write a document, replacing the one that has this id."""
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO documents (kind, id, body) VALUES (?, ?, ?) "
                "ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
                (kind, key, _dump(document)),
            )

    def add(self, kind: str, key: str, document: Document) -> bool:
        """Write a document only if the id is free; answers whether it was."""
        with self._writing() as connection:
            done = connection.execute(
                "INSERT INTO documents (kind, id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (kind, key, _dump(document)),
            )
            return done.rowcount == 1

    def unique(self, kind: str, key: str) -> bool:
        """Claim an id once (nonces, one-time codes): True for the first caller, False for everybody after."""
        return self.add(kind, key, {})

    def get(self, kind: str, key: str) -> Document | None:
        """The document, or None."""
        rows = self._rows("SELECT body FROM documents WHERE kind = ? AND id = ?", kind, key)
        return json.loads(rows[0][0]) if rows else None

    def all(self, kind: str) -> list[Document]:
        """Every document of a kind, oldest first."""
        return self.find(kind)

    def find(self, kind: str, **equals: object) -> list[Document]:
        """The documents whose top-level fields equal the given values, oldest first."""
        sql = "SELECT body FROM documents WHERE kind = ?"
        values: list[object] = [kind]
        for field, value in equals.items():
            sql += " AND json_extract(body, ?) IS ?"
            values += [f"$.{field}", value]
        return [json.loads(body) for (body,) in self._rows(sql + " ORDER BY position", *values)]

    def due(self, kind: str, field: str, until: float) -> list[tuple[str, Document]]:
        """(id, document) of those whose numeric field is not after `until`, smallest first."""
        sql = "SELECT id, body, json_extract(body, ?) AS moment FROM documents WHERE kind = ? AND moment <= ?"
        rows = self._rows(sql + " ORDER BY moment", f"$.{field}", kind, until)
        return [(key, json.loads(body)) for key, body, _ in rows]

    def update(self, kind: str, key: str, change: Callable[[Document], Document]) -> Document:
        """Replace a document by change(document) atomically and answer the new one; KeyError if there is none.

        An exception raised by `change` leaves the document as it was.
        """
        with self._writing() as connection:
            row = connection.execute("SELECT body FROM documents WHERE kind = ? AND id = ?", (kind, key)).fetchone()
            if row is None:
                raise KeyError(f"{kind}/{key}")
            changed = change(json.loads(row[0]))
            connection.execute("UPDATE documents SET body = ? WHERE kind = ? AND id = ?", (_dump(changed), kind, key))
            return changed

    def delete(self, kind: str, key: str) -> bool:
        """Remove a document; answers whether it was there."""
        with self._writing() as connection:
            return connection.execute("DELETE FROM documents WHERE kind = ? AND id = ?", (kind, key)).rowcount == 1

    def clear(self) -> None:
        """Forget everything."""
        with self._writing() as connection:
            connection.execute("DELETE FROM documents")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()


def _dump(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
