"""Staff accounts and their sessions."""

from alembic import op

revision, down_revision = "0014", "0013"
APP = "dukou_app"

TABLES = ""


def upgrade() -> None:
    if TABLES:
        op.execute(TABLES)
