"""Working days of banks as dated rows with their source, filled year by year as business days are closed."""

from alembic import op

revision, down_revision = "0018", "0031"
APP = "dukou_app"

TABLE = """
CREATE TABLE calendar_days (
    day date CONSTRAINT pk_calendar_days PRIMARY KEY,
    working boolean NOT NULL,
    source varchar(200) NOT NULL
);
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON calendar_days FROM {APP}")
