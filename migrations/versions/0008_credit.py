"""Products, rule sets, applications, decisions and credit lines."""

from alembic import op

revision, down_revision = "0008", "0007"
APP = "dukou_app"

TABLES = ""


def upgrade() -> None:
    if TABLES:
        op.execute(TABLES)
