"""The database of this process: declarative base, column types, and the one way to open a transaction."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from functools import partial
from typing import Annotated, Any, TypeVar
from uuid import UUID

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import BigInteger, Connection, DateTime, Dialect, Engine, MetaData, Uuid, create_engine, event, text
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from app.kernel import ids

Id = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=ids.new_id)]
Ref = Annotated[UUID, mapped_column(Uuid)]
Fen = Annotated[int, mapped_column(BigInteger)]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]

PING_AFTER_S = 1.0
RETRIED_STATES = frozenset({"40001", "40P01"})  # serialization failure, deadlock
T = TypeVar("T")


class Base(DeclarativeBase):
    """Tables of all capabilities; names of constraints follow one convention, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def make_engine(url: str, pool_size: int = 8, application: str = "dukou") -> Engine:
    """An engine with time limits on every statement and lock, and a guard against a silent roll-back at commit."""
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=2,
        pool_timeout=5,
        hide_parameters=True,  # an error's text ends in logs, and values are personal data
        connect_args={
            "options": "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s",
            "application_name": application,
            "connect_timeout": 5,
        },
    )
    event.listen(engine, "commit", _refuse_failed_commit)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_ping_idle, engine.dialect))
    return engine


def _note_use(_: Any, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = time.monotonic()


def _ping_idle(dialect: Dialect, connection: Any, record: ConnectionPoolEntry, _: Any) -> None:
    """A connection that was idle is asked whether it still stands; if not, all of the pool are made anew.

    One that was used within the last second is not asked: that would be a fifth of a short request.
    """
    if time.monotonic() - record.info.get("used_at", time.monotonic()) < PING_AFTER_S:
        return
    try:
        dialect.do_ping(connection)
    except psycopg.Error as error:
        raise InvalidatePoolError from error


def _refuse_failed_commit(connection: Connection) -> None:
    """PostgreSQL answers COMMIT of an aborted transaction with a roll-back and psycopg does not raise: refuse it."""
    raw = connection.connection.driver_connection
    if raw is not None and raw.info.transaction_status is TransactionStatus.INERROR:
        raise RuntimeError("commit of a failed transaction: an error was caught without a savepoint")


_sessions: sessionmaker[Session] | None = None
_on_begin: Callable[[Session], None] | None = None


def use(sessions: sessionmaker[Session]) -> None:
    """Install the session factory of this process."""
    global _sessions  # noqa: PLW0603  one database a process
    _sessions = sessions


def on_begin(act: Callable[[Session], None] | None) -> None:
    """What every transaction of this process does first; None for nothing. Only a test deployment's clock asks."""
    global _on_begin  # noqa: PLW0603  one a process
    _on_begin = act


def connect(url: str, pool_size: int = 8, application: str = "dukou") -> Engine:
    """Make the engine and install its sessions."""
    engine = make_engine(url, pool_size, application)
    use(sessionmaker(bind=engine, expire_on_commit=False))
    return engine


@contextmanager
def transaction() -> Iterator[Session]:
    """One short transaction: commits at the end, rolls back on any exception. Never call the outside world in it."""
    if _sessions is None:
        raise RuntimeError("kernel.db has no database yet")
    with _sessions() as session, session.begin():
        if _on_begin:
            _on_begin(session)
        yield session


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether nobody else is inside under this name; holds the name until the end, also across transactions.

    The lock belongs to a transaction of its own that does nothing else, so that it also holds behind a pooler that
    shares connections by transaction. It goes with the process, however that ends: nobody waits for a dead one. Reading
    nothing, it holds up no vacuum.
    """
    if _sessions is None:
        raise RuntimeError("kernel.db has no database yet")
    bind = _sessions.kw["bind"]
    with bind.connect() if isinstance(bind, Engine) else nullcontext(bind) as connection:
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))  # it idles as long as the work
        lock = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))")
        yield bool(connection.scalar(lock, {"name": f"alone:{name}"}))


def somebody_inside(session: Session, name: str) -> bool:
    """Whether somebody is `alone` under this name right now, without standing in anybody's way."""
    found = session.scalar(
        text(
            "SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND d.datname = current_database()"
            " AND (l.classid::bigint << 32) | l.objid::bigint = hashtextextended(:name, 0))"
        ),
        {"name": f"alone:{name}"},
    )
    return bool(found)


def retrying(work: Callable[[Session], T], attempts: int = 5) -> T:
    """Run `work` in a transaction of its own, again as a whole after a serialization failure or a deadlock."""
    for attempt in range(1, attempts + 1):
        try:
            with transaction() as session:
                return work(session)
        except DBAPIError as error:
            if attempt == attempts or sqlstate(error) not in RETRIED_STATES:
                raise
            time.sleep(random.uniform(0.005, 0.02) * 2**attempt)  # noqa: S311  jitter, not a secret
    raise AssertionError("unreachable")


def sqlstate(error: DBAPIError) -> str | None:
    """The five-character SQLSTATE of a database error."""
    return getattr(error.orig, "sqlstate", None)
