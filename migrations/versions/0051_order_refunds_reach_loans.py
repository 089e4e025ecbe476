"""A refund of a financed order reaches its loan: rules by partner and day, the claim on the partner, its account."""

import hashlib

from alembic import op
from sqlalchemy import text

revision, down_revision = "0051", "0045"
APP = "dukou_app"

TABLES = """
INSERT INTO ledger_accounts VALUES
    ('partner_claims', '应收合作方退货款', 'Claims on partners for goods given back', 'asset');
ALTER TABLE payment_orders DROP CONSTRAINT ck_payment_orders_pay_by,
    ADD CONSTRAINT ck_payment_orders_pay_by
        CHECK (pay_by IN ('jsapi', 'h5', 'native', 'bank_account', 'bank_transfer'));
ALTER TABLE repayments ADD COLUMN paid_by varchar(16) NOT NULL DEFAULT 'customer',
    ADD COLUMN interest_free boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT ck_repayments_paid_by CHECK (paid_by IN ('customer', 'merchant')),
    ADD CONSTRAINT ck_repayments_interest_free
        CHECK (NOT interest_free OR (kind = 'payoff' AND paid_by = 'merchant'));
CREATE TABLE order_refund_rules (
    id uuid CONSTRAINT pk_order_refund_rules PRIMARY KEY,
    partner_id uuid CONSTRAINT fk_order_refund_rules_partner_id REFERENCES partners (id),
    effective_from date NOT NULL,
    effective_to date,
    source varchar(200) NOT NULL,
    books_on varchar(16) NOT NULL
        CONSTRAINT ck_order_refund_rules_books_on CHECK (books_on IN ('announcement', 'arrival')),
    mode varchar(16) NOT NULL
        CONSTRAINT ck_order_refund_rules_mode CHECK (mode IN ('lower_instalment', 'shorter_term')),
    interest_free_days integer NOT NULL
        CONSTRAINT ck_order_refund_rules_interest_free_days CHECK (interest_free_days BETWEEN 0 AND 30),
    most_claimed_fen bigint NOT NULL
        CONSTRAINT ck_order_refund_rules_most_claimed_fen CHECK (most_claimed_fen >= 0),
    CONSTRAINT ck_order_refund_rules_days CHECK (effective_to IS NULL OR effective_to > effective_from)
);
CREATE UNIQUE INDEX uq_order_refund_rules_partner_id ON order_refund_rules (partner_id, effective_from)
    NULLS NOT DISTINCT;
CREATE TABLE order_refund_claims (
    id uuid CONSTRAINT pk_order_refund_claims PRIMARY KEY
        CONSTRAINT fk_order_refund_claims_id REFERENCES order_refunds (id),
    partner_id uuid NOT NULL CONSTRAINT fk_order_refund_claims_partner_id REFERENCES partners (id),
    order_id uuid NOT NULL CONSTRAINT fk_order_refund_claims_order_id REFERENCES financed_orders (id),
    claim_no varchar(32) NOT NULL CONSTRAINT uq_order_refund_claims_claim_no UNIQUE,
    amount_fen bigint NOT NULL CONSTRAINT ck_order_refund_claims_amount CHECK (amount_fen > 0),
    status varchar(16) NOT NULL
        CONSTRAINT ck_order_refund_claims_status CHECK (status IN ('announced', 'booked', 'collected')),
    announced_at timestamptz NOT NULL,
    booked_at timestamptz,
    collected_at timestamptz,
    CONSTRAINT ck_order_refund_claims_booked CHECK ((status = 'announced') = (booked_at IS NULL)),
    CONSTRAINT ck_order_refund_claims_collected CHECK ((status = 'collected') = (collected_at IS NOT NULL))
);
CREATE INDEX ix_order_refund_claims_order_id ON order_refund_claims (order_id);
CREATE INDEX ix_order_refund_claims_open ON order_refund_claims (partner_id) WHERE status <> 'collected';
"""
# Numbers of the product's own rule, until a bank writes its own: goods may go back within seven days without a reason
# (《中华人民共和国消费者权益保护法》第25条); the sum is what the bank advances for one partner's word.
RULE = """
INSERT INTO order_refund_rules (id, partner_id, effective_from, effective_to, source, books_on, mode,
    interest_free_days, most_claimed_fen)
VALUES (:id, NULL, '2020-01-01', NULL, '产品默认：消费者权益保护法第25条七日退货；垫付上限为示例', 'announcement',
    'shorter_term', 7, 50000000)
"""


def upgrade() -> None:
    op.execute(TABLES)
    identity = hashlib.sha256(b"order_refund_rules:default").hexdigest()[:32]
    op.get_bind().execute(text(RULE), {"id": identity})
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON order_refund_rules FROM {APP}")
    op.execute(f"REVOKE DELETE, TRUNCATE ON order_refund_claims FROM {APP}")
