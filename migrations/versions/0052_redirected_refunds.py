"""A refund that cannot reach the payer's account is sent to a card or to the merchant; one that came to us ended so."""

from alembic import op
from sqlalchemy import text

revision, down_revision = "0052", "0036"
APP = "dukou_app"

TABLES = """
CREATE TABLE refund_redirections (
    id uuid CONSTRAINT pk_refund_redirections PRIMARY KEY,
    refund_id uuid NOT NULL CONSTRAINT fk_refund_redirections_refund_id REFERENCES refunds (id),
    way varchar(16) NOT NULL CONSTRAINT ck_refund_redirections_way CHECK (way IN ('user_card', 'merchant')),
    bank_type varchar(16),
    account_no text,
    account_name text,
    status varchar(16) NOT NULL CONSTRAINT ck_refund_redirections_status
        CHECK (status IN ('drafted', 'dropped', 'requested', 'taken', 'refused', 'failed', 'done')),
    fail_code varchar(64),
    drafted_at timestamptz NOT NULL,
    taken_at timestamptz,
    CONSTRAINT ck_refund_redirections_card CHECK ((way = 'user_card') = (bank_type IS NOT NULL)),
    CONSTRAINT ck_refund_redirections_account CHECK (
        (account_no IS NULL) = (account_name IS NULL)
        AND (account_no IS NULL) = (way = 'merchant' OR status NOT IN ('drafted', 'requested', 'taken')))
);
CREATE INDEX ix_refund_redirections_refund_id ON refund_redirections (refund_id);
CREATE UNIQUE INDEX uq_refund_redirections_open ON refund_redirections (refund_id)
    WHERE status IN ('drafted', 'requested', 'taken');
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(f"GRANT SELECT, INSERT ON refund_redirections TO {APP}")
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON refund_redirections FROM {APP}")
    op.execute(
        f"GRANT UPDATE (status, fail_code, taken_at, account_no, account_name) ON refund_redirections TO {APP}"
    )


def downgrade() -> None:
    op.execute(text("DROP TABLE refund_redirections"))
