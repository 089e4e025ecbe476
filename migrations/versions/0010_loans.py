"""Drawdowns, loan notes, schedules and repayments."""

from alembic import op

revision, down_revision = "0010", "0009"
APP = "dukou_app"

TABLES = ""


def upgrade() -> None:
    if TABLES:
        op.execute(TABLES)
