"""The book: journals and entries, append-only, posted through one function."""

from alembic import op

revision, down_revision = "0004", "0003"
APP = "dukou_app"

TABLES = ""


def upgrade() -> None:
    if TABLES:
        op.execute(TABLES)
