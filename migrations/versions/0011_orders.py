"""Merchants and financed orders."""

from alembic import op

revision, down_revision = "0011", "0010"
APP = "dukou_app"

TABLES = """
CREATE TABLE merchants (
    id uuid CONSTRAINT pk_merchants PRIMARY KEY,
    partner_id uuid NOT NULL CONSTRAINT fk_merchants_partner_id REFERENCES partners (id),
    merchant_ref varchar(64) NOT NULL,
    name varchar(100) NOT NULL,
    account_no text NOT NULL,
    account_name text NOT NULL,
    bank_code varchar(32) NOT NULL,
    checked_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT uq_merchants_partner_id_merchant_ref UNIQUE (partner_id, merchant_ref)
);
CREATE TABLE financed_orders (
    id uuid CONSTRAINT pk_financed_orders PRIMARY KEY,
    partner_id uuid NOT NULL CONSTRAINT fk_financed_orders_partner_id REFERENCES partners (id),
    order_ref varchar(64) NOT NULL,
    merchant_id uuid NOT NULL CONSTRAINT fk_financed_orders_merchant_id REFERENCES merchants (id),
    title varchar(100) NOT NULL,
    amount_fen bigint NOT NULL CONSTRAINT ck_financed_orders_amount CHECK (amount_fen > 0),
    status varchar(16) NOT NULL CONSTRAINT ck_financed_orders_status
        CHECK (status IN ('offered', 'applying', 'financed', 'cancelled', 'failed')),
    customer_id uuid CONSTRAINT fk_financed_orders_customer_id REFERENCES customers (id),
    application_id uuid,
    loan_id uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT uq_financed_orders_partner_id_order_ref UNIQUE (partner_id, order_ref),
    CONSTRAINT ck_financed_orders_paid CHECK (status <> 'financed' OR loan_id IS NOT NULL)
);
CREATE INDEX ix_financed_orders_merchant_id ON financed_orders (merchant_id);
CREATE INDEX ix_financed_orders_customer_id ON financed_orders (customer_id);
CREATE INDEX ix_financed_orders_application_id ON financed_orders (application_id);
"""


def upgrade() -> None:
    op.execute(TABLES)
