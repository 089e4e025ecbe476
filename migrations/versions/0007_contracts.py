"""Versioned texts, cost sheets and signed contracts."""

from alembic import op

revision, down_revision = "0007", "0006"
APP = "dukou_app"

TABLES = ""


def upgrade() -> None:
    if TABLES:
        op.execute(TABLES)
