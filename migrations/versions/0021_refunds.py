"""Refunds under numbers of our own, what became of a payment's money afterwards, and the accounts that they move."""

from alembic import op

revision, down_revision = "0021", "0033"
APP = "dukou_app"

ACCOUNTS = """
INSERT INTO ledger_accounts VALUES
    ('refunds_in_transit', '退款在途', 'Refunds in transit', 'liability'),
    ('channel_fees', '支付渠道手续费', 'Payment channel fees', 'expense'),
    ('reconciliation_differences', '对账差错款', 'Reconciliation differences', 'asset');
"""

# One row a payment that something was done with: the database itself refuses to give back more than came.
TABLES = """
CREATE TABLE transaction_uses (
    transaction_id varchar(32) CONSTRAINT pk_transaction_uses PRIMARY KEY
        CONSTRAINT fk_transaction_uses_transaction_id REFERENCES payment_transactions,
    amount_fen bigint NOT NULL,
    released_fen bigint NOT NULL,
    refunded_fen bigint NOT NULL,
    CONSTRAINT ck_transaction_uses_released_within CHECK (released_fen BETWEEN 0 AND amount_fen),
    CONSTRAINT ck_transaction_uses_refunded_within CHECK (refunded_fen BETWEEN 0 AND amount_fen)
);
CREATE TABLE refunds (
    id uuid CONSTRAINT pk_refunds PRIMARY KEY,
    out_refund_no varchar(64) NOT NULL CONSTRAINT uq_refunds_out_refund_no UNIQUE,
    transaction_id varchar(32) NOT NULL CONSTRAINT fk_refunds_transaction_id REFERENCES payment_transactions,
    out_trade_no varchar(32) NOT NULL,
    amount_fen bigint NOT NULL,
    paid_fen bigint NOT NULL,
    source varchar(16) NOT NULL,
    subject_id uuid NOT NULL,
    reason varchar(80) NOT NULL,
    status varchar(16) NOT NULL,
    refund_id varchar(64),
    fail_code varchar(64),
    requested_at timestamptz NOT NULL,
    accepted_at timestamptz,
    completed_at timestamptz,
    CONSTRAINT ck_refunds_amount_within CHECK (amount_fen BETWEEN 1 AND paid_fen),
    CONSTRAINT ck_refunds_source CHECK (source IN ('suspense', 'customer_credit', 'outside'))
);
CREATE INDEX ix_refunds_transaction_id ON refunds (transaction_id);
CREATE INDEX ix_refunds_refund_id ON refunds (refund_id);
CREATE TABLE suspense_matches (
    id uuid CONSTRAINT pk_suspense_matches PRIMARY KEY,
    transaction_id varchar(32) NOT NULL CONSTRAINT fk_suspense_matches_transaction_id REFERENCES payment_transactions,
    amount_fen bigint NOT NULL,
    purpose varchar(32) NOT NULL,
    reference_id uuid NOT NULL,
    matched_at timestamptz NOT NULL,
    CONSTRAINT ck_suspense_matches_amount_positive CHECK (amount_fen > 0)
);
CREATE INDEX ix_suspense_matches_transaction_id ON suspense_matches (transaction_id);
CREATE INDEX ix_payment_transactions_paid_at ON payment_transactions (paid_at);
ALTER TABLE payment_notices ADD COLUMN out_refund_no varchar(64);
CREATE INDEX ix_payment_notices_out_refund_no ON payment_notices (out_refund_no);
"""


def upgrade() -> None:
    op.execute(ACCOUNTS)
    op.execute(TABLES)
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON suspense_matches FROM {APP}")
    # a row of a use is never taken away, and a refund keeps what it is of
    op.execute(f"REVOKE DELETE, TRUNCATE ON transaction_uses, refunds FROM {APP}")
    op.execute(f"REVOKE UPDATE ON refunds FROM {APP}")
    op.execute(f"GRANT UPDATE (status, refund_id, fail_code, accepted_at, completed_at) ON refunds TO {APP}")
