"""The schema's history; `migrate` brings a database to the newest revision and refuses a newer one."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool


class NewerDatabase(RuntimeError):
    """The database was made by a newer version of the program."""


def script_directory() -> ScriptDirectory:
    """The revisions of this version of the program."""
    return ScriptDirectory.from_config(_config(""))


def head() -> str:
    """The newest revision."""
    found = script_directory().get_current_head()
    assert found is not None
    return found


def migrate(owner_url: str) -> str:
    """Bring the database to the newest revision as its owner; answers the revision. Raises NewerDatabase."""
    current = current_revision(owner_url)
    if current and current not in {revision.revision for revision in script_directory().walk_revisions()}:
        raise NewerDatabase(
            f"The database is at migration {current}, which this version does not know: "
            "start the newer version, or empty the state with `make reset`."
        )
    if current != head():
        command.upgrade(_config(owner_url), "head")
    return head()


def current_revision(url: str) -> str | None:
    """The revision a database is at; None for an empty one."""
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    return config
