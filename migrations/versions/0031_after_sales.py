"""Orders are shipped and given back in part; what moves between bank and partner for them stands in lines."""

from alembic import op

revision, down_revision = "0031", "0030"
APP = "dukou_app"

TABLES = """
ALTER TABLE financed_orders
    ADD COLUMN refunded_fen bigint NOT NULL DEFAULT 0,
    ADD COLUMN financed_at timestamptz,
    ADD COLUMN shipped_at timestamptz,
    ADD COLUMN carrier varchar(100),
    ADD COLUMN tracking_ref varchar(64),
    ADD CONSTRAINT ck_financed_orders_refunded CHECK (refunded_fen BETWEEN 0 AND amount_fen);
ALTER TABLE financed_orders ALTER COLUMN refunded_fen DROP DEFAULT;
UPDATE financed_orders SET financed_at = updated_at WHERE status = 'financed';
CREATE TABLE order_refunds (
    id uuid CONSTRAINT pk_order_refunds PRIMARY KEY,
    order_id uuid NOT NULL CONSTRAINT fk_order_refunds_order_id REFERENCES financed_orders (id),
    refund_ref varchar(64) NOT NULL,
    amount_fen bigint NOT NULL CONSTRAINT ck_order_refunds_amount CHECK (amount_fen > 0),
    reason varchar(100),
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_order_refunds_order_id_refund_ref UNIQUE (order_id, refund_ref)
);
CREATE TABLE settlement_lines (
    id uuid CONSTRAINT pk_settlement_lines PRIMARY KEY,
    partner_id uuid NOT NULL CONSTRAINT fk_settlement_lines_partner_id REFERENCES partners (id),
    order_id uuid NOT NULL CONSTRAINT fk_settlement_lines_order_id REFERENCES financed_orders (id),
    kind varchar(16) NOT NULL CONSTRAINT ck_settlement_lines_kind CHECK (kind IN ('payment', 'refund')),
    amount_fen bigint NOT NULL CONSTRAINT ck_settlement_lines_amount CHECK (amount_fen > 0),
    occurred_at timestamptz NOT NULL
);
CREATE INDEX ix_settlement_lines_partner_id_id ON settlement_lines (partner_id, id);
INSERT INTO settlement_lines
    SELECT id, partner_id, id, 'payment', amount_fen, financed_at FROM financed_orders WHERE status = 'financed';
"""
APPEND_ONLY = ("order_refunds", "settlement_lines")


def upgrade() -> None:
    op.execute(TABLES)
    for table in APPEND_ONLY:
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP}")
