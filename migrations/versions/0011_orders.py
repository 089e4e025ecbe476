"""Merchants and financed orders."""

from alembic import op

revision, down_revision = "0011", "0010"
APP = "dukou_app"

TABLES = ""


def upgrade() -> None:
    if TABLES:
        op.execute(TABLES)
