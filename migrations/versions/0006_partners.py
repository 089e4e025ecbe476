"""Partners, their keys, origins and nonces."""

from alembic import op

revision, down_revision = "0006", "0005"
APP = "dukou_app"

TABLES = ""


def upgrade() -> None:
    if TABLES:
        op.execute(TABLES)
