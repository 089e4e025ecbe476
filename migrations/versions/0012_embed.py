"""Embed sessions."""

from alembic import op

revision, down_revision = "0012", "0011"
APP = "dukou_app"

TABLES = ""


def upgrade() -> None:
    if TABLES:
        op.execute(TABLES)
