"""Where a session was last used and what ended it; WeChat accounts that need a code again; how a change was proved."""

from alembic import op

revision, down_revision = "0054", "0042"

CHANGES = """
ALTER TABLE customer_sessions ADD COLUMN seen_from text, ADD COLUMN ended_by varchar(16);
ALTER TABLE wechat_identities ADD COLUMN shut_at timestamptz;
ALTER TABLE phone_changes ADD COLUMN shown_by varchar(16)
    CONSTRAINT ck_phone_changes_shown_by CHECK (shown_by IN ('old_phone', 'identity'));
CREATE INDEX ix_customer_sessions_wechat_identity_id ON customer_sessions (wechat_identity_id);
"""


def upgrade() -> None:
    op.execute(CHANGES)
