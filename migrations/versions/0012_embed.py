"""Embed sessions and frame sessions."""

from alembic import op

revision, down_revision = "0012", "0011"
APP = "dukou_app"

TABLES = """
CREATE TABLE embed_sessions (
    id uuid CONSTRAINT pk_embed_sessions PRIMARY KEY,
    partner_id uuid NOT NULL CONSTRAINT fk_embed_sessions_partner_id REFERENCES partners (id),
    customer_ref varchar(128) NOT NULL,
    customer_id uuid CONSTRAINT fk_embed_sessions_customer_id REFERENCES customers (id),
    order_id uuid CONSTRAINT fk_embed_sessions_order_id REFERENCES financed_orders (id),
    origins json NOT NULL,
    components json NOT NULL,
    mode varchar(16) NOT NULL CONSTRAINT ck_embed_sessions_mode CHECK (mode IN ('framed', 'top_level', 'qr')),
    locale varchar(8) NOT NULL,
    token_hash varchar(64) NOT NULL CONSTRAINT uq_embed_sessions_token_hash UNIQUE,
    token_expires_at timestamptz NOT NULL,
    redeemed_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX ix_embed_sessions_partner_id ON embed_sessions (partner_id);
CREATE INDEX ix_embed_sessions_customer_id ON embed_sessions (customer_id);
CREATE INDEX ix_embed_sessions_order_id ON embed_sessions (order_id);
CREATE TABLE frame_sessions (
    id uuid CONSTRAINT pk_frame_sessions PRIMARY KEY,
    embed_session_id uuid NOT NULL CONSTRAINT uq_frame_sessions_embed_session_id UNIQUE
        CONSTRAINT fk_frame_sessions_embed_session_id REFERENCES embed_sessions (id),
    token_hash varchar(64) NOT NULL CONSTRAINT uq_frame_sessions_token_hash UNIQUE,
    origin varchar(255) NOT NULL,
    expires_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL
);
"""


def upgrade() -> None:
    op.execute(TABLES)
