"""Partners, their keys, origins and nonces."""

from alembic import op

revision, down_revision = "0006", "0005"
APP = "dukou_app"

TABLES = """
CREATE TABLE partners (
    id uuid CONSTRAINT pk_partners PRIMARY KEY,
    code varchar(32) NOT NULL CONSTRAINT uq_partners_code UNIQUE,
    name varchar(100) NOT NULL,
    status varchar(16) NOT NULL CONSTRAINT ck_partners_status CHECK (status IN ('active', 'suspended', 'ended')),
    effective_from date NOT NULL,
    effective_to date,
    created_at timestamptz NOT NULL
);
CREATE TABLE partner_keys (
    id uuid CONSTRAINT pk_partner_keys PRIMARY KEY,
    partner_id uuid NOT NULL CONSTRAINT fk_partner_keys_partner_id REFERENCES partners (id),
    key_id varchar(64) NOT NULL CONSTRAINT uq_partner_keys_key_id UNIQUE,
    algorithm varchar(32) NOT NULL,
    public_key_pem text NOT NULL,
    scopes json NOT NULL,
    not_before timestamptz NOT NULL,
    not_after timestamptz NOT NULL,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT ck_partner_keys_life CHECK (not_after > not_before)
);
CREATE INDEX ix_partner_keys_partner_id ON partner_keys (partner_id);
CREATE TABLE publishable_keys (
    id uuid CONSTRAINT pk_publishable_keys PRIMARY KEY,
    partner_id uuid NOT NULL CONSTRAINT fk_publishable_keys_partner_id REFERENCES partners (id),
    key varchar(64) NOT NULL CONSTRAINT uq_publishable_keys_key UNIQUE,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX ix_publishable_keys_partner_id ON publishable_keys (partner_id);
CREATE TABLE partner_origins (
    id uuid CONSTRAINT pk_partner_origins PRIMARY KEY,
    partner_id uuid NOT NULL CONSTRAINT fk_partner_origins_partner_id REFERENCES partners (id),
    origin varchar(255) NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_partner_origins_partner_id_origin UNIQUE (partner_id, origin)
);
CREATE TABLE partner_nonces (
    key_id varchar(64) NOT NULL,
    nonce varchar(128) NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_partner_nonces PRIMARY KEY (key_id, nonce)
);
CREATE INDEX ix_partner_nonces_expires_at ON partner_nonces (expires_at);
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(f"REVOKE UPDATE, TRUNCATE ON partner_nonces FROM {APP}")
