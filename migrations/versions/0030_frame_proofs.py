"""A frame session belongs to the key of its browser; a proof by that key is good once."""

from alembic import op

revision, down_revision = "0030", "0026"
APP = "dukou_app"

# Sessions that are open now last two hours at most and have no key: whoever holds one asks for a new one.
TABLES = """
ALTER TABLE frame_sessions ADD COLUMN key_thumbprint varchar(43) NOT NULL DEFAULT '';
ALTER TABLE frame_sessions ALTER COLUMN key_thumbprint DROP DEFAULT;
CREATE TABLE frame_proofs (
    key_thumbprint varchar(43) NOT NULL,
    jti varchar(64) NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_frame_proofs PRIMARY KEY (key_thumbprint, jti)
);
CREATE INDEX ix_frame_proofs_expires_at ON frame_proofs (expires_at);
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(f"REVOKE UPDATE, TRUNCATE ON frame_proofs FROM {APP}")
