"""Webhook endpoints, messages and deliveries."""

from alembic import op

revision, down_revision = "0013", "0012"
APP = "dukou_app"

TABLES = ""


def upgrade() -> None:
    if TABLES:
        op.execute(TABLES)
