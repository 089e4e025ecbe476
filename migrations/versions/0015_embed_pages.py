"""Ways into pages of our own by one-time codes: from a partner's page, and from a desktop to a phone."""

from alembic import op

revision, down_revision = "0015", "0014"

TABLES = """
CREATE TABLE embed_page_codes (
    id uuid CONSTRAINT pk_embed_page_codes PRIMARY KEY,
    embed_session_id uuid NOT NULL
        CONSTRAINT fk_embed_page_codes_embed_session_id REFERENCES embed_sessions (id),
    kind varchar(16) NOT NULL CONSTRAINT ck_embed_page_codes_kind CHECK (kind IN ('page', 'handoff')),
    code_hash varchar(64) NOT NULL CONSTRAINT uq_embed_page_codes_code_hash UNIQUE,
    match_number varchar(2),
    return_to varchar(500),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX ix_embed_page_codes_embed_session_id ON embed_page_codes (embed_session_id);
-- a phone that takes over from a desktop is a second frame of one session; one use a client token is `redeemed_at`
ALTER TABLE frame_sessions DROP CONSTRAINT uq_frame_sessions_embed_session_id;
CREATE INDEX ix_frame_sessions_embed_session_id ON frame_sessions (embed_session_id);
"""


def upgrade() -> None:
    op.execute(TABLES)
