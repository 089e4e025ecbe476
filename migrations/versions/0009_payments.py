"""WeChat Pay orders, the transactions and notices they got, and transfers out through the core bank."""

from alembic import op

revision, down_revision = "0009", "0008"
APP = "dukou_app"

TABLES = """
CREATE TABLE payment_orders (
    id uuid CONSTRAINT pk_payment_orders PRIMARY KEY,
    purpose varchar(32) NOT NULL,
    reference_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    out_trade_no varchar(32) NOT NULL CONSTRAINT uq_payment_orders_out_trade_no UNIQUE,
    appid varchar(32) NOT NULL,
    payer_openid text NOT NULL,
    description varchar(127) NOT NULL,
    amount_fen bigint NOT NULL,
    status varchar(16) NOT NULL,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    paid_at timestamptz,
    CONSTRAINT uq_payment_orders_purpose_reference_id UNIQUE (purpose, reference_id),
    CONSTRAINT ck_payment_orders_amount_positive CHECK (amount_fen > 0)
);
CREATE INDEX ix_payment_orders_customer_id ON payment_orders (customer_id);
CREATE TABLE payment_transactions (
    transaction_id varchar(32) CONSTRAINT pk_payment_transactions PRIMARY KEY,
    order_id uuid,
    out_trade_no varchar(32) NOT NULL,
    amount_fen bigint NOT NULL,
    disposition varchar(16) NOT NULL,
    reason varchar(32) NOT NULL,
    paid_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX ix_payment_transactions_order_id ON payment_transactions (order_id);
CREATE TABLE payment_notices (
    id uuid CONSTRAINT pk_payment_notices PRIMARY KEY,
    notice_id varchar(64),
    event_type varchar(64),
    verdict varchar(16) NOT NULL,
    reason varchar(32) NOT NULL,
    out_trade_no varchar(32),
    transaction_id varchar(32),
    body_sha256 varchar(64) NOT NULL,
    body text NOT NULL,
    received_at timestamptz NOT NULL
);
CREATE INDEX ix_payment_notices_transaction_id ON payment_notices (transaction_id);
CREATE TABLE transfers (
    id uuid CONSTRAINT pk_transfers PRIMARY KEY,
    purpose varchar(32) NOT NULL,
    reference_id uuid NOT NULL,
    transfer_no varchar(32) NOT NULL CONSTRAINT uq_transfers_transfer_no UNIQUE,
    amount_fen bigint NOT NULL,
    payer_account_no text NOT NULL,
    payee_account_no text NOT NULL,
    payee_name text NOT NULL,
    payee_bank_code varchar(16) NOT NULL,
    remark varchar(64) NOT NULL,
    product_code varchar(32),
    partner_id uuid,
    status varchar(16) NOT NULL,
    bank_serial varchar(64),
    fail_code varchar(64),
    fail_text text,
    requested_at timestamptz NOT NULL,
    completed_at timestamptz,
    CONSTRAINT uq_transfers_purpose_reference_id UNIQUE (purpose, reference_id),
    CONSTRAINT ck_transfers_amount_positive CHECK (amount_fen > 0)
);
"""
# What was received stays as it was received.
APPEND_ONLY = ("payment_transactions", "payment_notices")


def upgrade() -> None:
    op.execute(TABLES)
    for table in APPEND_ONLY:
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP}")
