"""The migrated schema is the one the models describe; one head; the queue's schema is the installed one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from procrastinate.schema import SchemaManager
from sqlalchemy import text

import migrations
from app import process
from app.kernel.db import Base

FROZEN = Path(migrations.__file__).parent / "sql" / "procrastinate_3.10.sql"
LAST_QUEUE_MIGRATION = "03.04.00_50_post_add_retry_failed_job_procedure.sql"


def _ours(_object, name, kind, reflected, compared):
    """Foreign keys between capabilities live in migrations only: the models of one do not know those of another."""
    if kind == "foreign_key_constraint" and reflected and compared is None:
        return False
    return not (kind == "table" and (name.startswith("procrastinate_") or name == "alembic_version"))


def test_models_and_migrations_agree(engine):
    process.import_modules("models")
    process.import_modules("housekeeping")
    with engine.connect() as connection:
        options = {"compare_type": True, "include_object": _ours}
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, Base.metadata)
    assert differences == []


def test_there_is_one_head_and_every_migration_says_why():
    script = migrations.script_directory()
    assert len(script.get_heads()) == 1
    assert all(revision.doc for revision in script.walk_revisions())


def test_the_queue_schema_is_the_installed_one():
    """An upgrade of procrastinate must bring a migration of its own."""
    assert FROZEN.read_text() == SchemaManager.get_schema()
    newest = max(path.name for path in Path(str(SchemaManager.get_migrations_path())).glob("*.sql"))
    assert newest == LAST_QUEUE_MIGRATION


def test_no_trigger_notifies(session):
    names = session.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE '%notify%'"))
    assert list(names) == []


def test_the_application_owns_nothing(session):
    owned = session.scalars(text("SELECT tablename FROM pg_tables WHERE tableowner = current_user"))
    assert list(owned) == []


def test_a_database_of_a_newer_version_is_refused(new_database):
    import psycopg
    import pytest

    _, owner_url = new_database()
    with psycopg.connect(owner_url) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(migrations.NewerDatabase, match="9999"):
        migrations.migrate(owner_url)


def test_the_engine_loads_neither_web_nor_database():
    program = (
        "import sys, pkgutil, importlib, app.engine\n"
        "for m in pkgutil.iter_modules(app.engine.__path__, 'app.engine.'): importlib.import_module(m.name)\n"
        "assert not {'flask', 'sqlalchemy', 'redis', 'httpx'} & set(sys.modules), 'loaded'\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(migrations.__file__).parents[1])
