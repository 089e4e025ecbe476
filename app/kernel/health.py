"""Is the system fit to serve? Each part is named, with what is wrong in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from redis.exceptions import OutOfMemoryError, RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

import migrations
from app.kernel import cache
from app.kernel.db import transaction

HEARTBEAT_LIMIT = timedelta(seconds=45)  # the worker beats every 5 s


@dataclass(frozen=True)
class Check:
    """One part and its state."""

    name: str
    ok: bool
    detail: str


def checks() -> list[Check]:
    """All parts; the database ones are not asked when the database does not answer."""
    found = [_database()]
    if found[0].ok:
        found += [_migrations(), _worker(), _roles()]
    return [*found, _redis()]


def _database() -> Check:
    try:
        with transaction() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return Check("database", False, f"does not answer ({error.__class__.__name__})")
    return Check("database", True, "answers")


def _migrations() -> Check:
    with transaction() as session:
        current = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    wanted = migrations.head()
    return Check("migrations", current == wanted, f"at {current}, the program wants {wanted}")


def _worker() -> Check:
    with transaction() as session:
        age = session.execute(
            text("SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat)) FROM procrastinate_workers")
        ).scalar()
    if age is None:
        return Check("worker", False, "no worker has reported")
    return Check("worker", age < HEARTBEAT_LIMIT.total_seconds(), f"last heartbeat {float(age):.0f} s ago")


def _roles() -> Check:
    """The application must not own a table, or it could give itself the right to change the book."""
    with transaction() as session:
        owned, writable = session.execute(
            text(
                "SELECT (SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user),"
                " (SELECT count(*) FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS act,"
                "  unnest(ARRAY['journals', 'entries']) AS name WHERE has_table_privilege(current_user, name, act))"
            )
        ).one()
    fine = not owned and not writable
    return Check("roles", fine, f"the application owns {owned} tables and may change the book in {writable} ways")


def _redis() -> Check:
    try:
        cache.redis().set("ready", b"1", ex=60)  # a full one still answers PING
    except OutOfMemoryError:
        return Check("redis", False, "is full and takes nothing in")
    except RedisError as error:
        return Check("redis", False, f"does not answer ({error.__class__.__name__})")
    return Check("redis", True, "answers and takes in")
