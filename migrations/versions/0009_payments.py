"""WeChat Pay orders, raw notices and core-bank transfers."""

from alembic import op

revision, down_revision = "0009", "0008"
APP = "dukou_app"

TABLES = ""


def upgrade() -> None:
    if TABLES:
        op.execute(TABLES)
