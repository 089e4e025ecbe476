"""Partners' keys with a shared secret, for some addresses, one mode and one version; short-lived tokens for them."""

from alembic import op

revision, down_revision = "0029", "0034"
APP = "dukou_app"

TABLES = """
ALTER TABLE partner_keys
    ALTER COLUMN public_key_pem DROP NOT NULL,
    ADD COLUMN secret text,
    ADD COLUMN secret_hash varchar(64),
    ADD COLUMN networks json NOT NULL DEFAULT '[]',
    ADD COLUMN mode varchar(4) NOT NULL DEFAULT 'test' CONSTRAINT ck_partner_keys_mode CHECK (mode IN ('live', 'test')),
    ADD COLUMN version varchar(10) NOT NULL DEFAULT '2026-11-01',
    ADD CONSTRAINT ck_partner_keys_proof CHECK (num_nonnulls(public_key_pem, secret, secret_hash) = 1);
ALTER TABLE partner_keys
    ALTER COLUMN networks DROP DEFAULT, ALTER COLUMN mode DROP DEFAULT, ALTER COLUMN version DROP DEFAULT;
CREATE TABLE partner_tokens (
    token_hash varchar(64) CONSTRAINT pk_partner_tokens PRIMARY KEY,
    partner_key_id uuid NOT NULL CONSTRAINT fk_partner_tokens_partner_key_id REFERENCES partner_keys (id),
    scopes json NOT NULL,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX ix_partner_tokens_expires_at ON partner_tokens (expires_at);
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(f"REVOKE UPDATE, TRUNCATE ON partner_tokens FROM {APP}")
