"""Partners' developers have accounts of their own in the portal of a test deployment, with sessions and roles."""

from uuid import NAMESPACE_URL, uuid5

from alembic import op
from sqlalchemy import text

revision, down_revision = "0043", "0040"

TABLES = """
CREATE TABLE portal_members (
    id uuid CONSTRAINT pk_portal_members PRIMARY KEY,
    partner_id uuid NOT NULL CONSTRAINT fk_portal_members_partner_id REFERENCES partners (id),
    login varchar(40) NOT NULL CONSTRAINT uq_portal_members_login UNIQUE,
    password_hash varchar(255) NOT NULL,
    role varchar(16) NOT NULL CONSTRAINT ck_portal_members_role CHECK (role IN ('owner', 'developer', 'viewer')),
    removed_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX ix_portal_members_partner_id ON portal_members (partner_id);
CREATE TABLE portal_sessions (
    id uuid CONSTRAINT pk_portal_sessions PRIMARY KEY,
    member_id uuid NOT NULL CONSTRAINT fk_portal_sessions_member_id REFERENCES portal_members (id),
    token_hash varchar(64) NOT NULL CONSTRAINT uq_portal_sessions_token_hash UNIQUE,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX ix_portal_sessions_member_id ON portal_sessions (member_id);
CREATE TABLE portal_sign_in_tries (
    id uuid CONSTRAINT pk_portal_sign_in_tries PRIMARY KEY,
    login_index varchar(64) NOT NULL,
    tried_at timestamptz NOT NULL,
    succeeded_at timestamptz
);
CREATE INDEX ix_portal_sign_in_tries_login_index_tried_at ON portal_sign_in_tries (login_index, tried_at);
"""
PERIODS = (
    ("portal_sessions", 180 * 24, "网络安全法 art. 21(3): logs of access are kept for six months at least"),
    ("portal_sign_in_tries", 180 * 24, "网络安全法 art. 21(3): logs of access are kept for six months at least"),
)


def upgrade() -> None:
    op.execute(TABLES)
    for name, kept_hours, source in PERIODS:
        op.get_bind().execute(
            text(
                "INSERT INTO retention_periods (id, name, kept_hours, effective_from, source)"
                " VALUES (:id, :name, :kept_hours, DATE '2026-01-01', :source)"
            ),
            {
                "id": uuid5(NAMESPACE_URL, f"dukou:kept:{name}"),
                "name": name,
                "kept_hours": kept_hours,
                "source": source,
            },
        )
