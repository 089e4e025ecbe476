"""What gives back principal no longer waits for the counters of a partner, product or region: it notes it in a row."""

from alembic import op

revision, down_revision = "0039", "0018"
APP = "dukou_app"

RETURNS = """
CREATE TABLE exposure_returns (
    id uuid CONSTRAINT pk_exposure_returns PRIMARY KEY,
    kind varchar(16) NOT NULL,
    key varchar(64) NOT NULL,
    amount_fen bigint NOT NULL,
    CONSTRAINT ck_exposure_returns_amount CHECK (amount_fen > 0)
);
CREATE INDEX ix_exposure_returns_kind_key ON exposure_returns (kind, key);
"""


def upgrade() -> None:
    op.execute(RETURNS)
    op.execute(f"REVOKE UPDATE, TRUNCATE ON exposure_returns FROM {APP}")
