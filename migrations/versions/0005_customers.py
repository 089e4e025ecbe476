"""People, identities, sessions, phone codes, enterprises, consents."""

from alembic import op

revision, down_revision = "0005", "0004"
APP = "dukou_app"

TABLES = ""


def upgrade() -> None:
    if TABLES:
        op.execute(TABLES)
