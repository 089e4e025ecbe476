"""Part prepayments: how the plan in force came about, and from when to when a row held; certificates of settlement."""

from alembic import op

revision, down_revision = "0019", "0029"
APP = "dukou_app"

# A plan in force is drawn up from the agreed terms by the prepayments booked since, each with what had been paid by then.
PLANS = """
ALTER TABLE loan_instalments
    ADD COLUMN drawn_on date,
    ADD COLUMN replaced_on date;
ALTER TABLE repayments
    ADD COLUMN mode varchar(16),
    ADD COLUMN plan_paid_fen bigint,
    ADD COLUMN plan_amount_fen bigint,
    ADD CONSTRAINT ck_repayments_mode CHECK ((kind = 'prepayment') = (mode IS NOT NULL)),
    ADD CONSTRAINT ck_repayments_plan CHECK ((plan_paid_fen IS NULL) = (plan_amount_fen IS NULL));
CREATE INDEX ix_loans_partner_id ON loans (partner_id, id);
"""
CERTIFICATES = """
CREATE TABLE settlement_certificates (
    id uuid CONSTRAINT pk_settlement_certificates PRIMARY KEY,
    number varchar(24) NOT NULL CONSTRAINT uq_settlement_certificates_number UNIQUE,
    loan_id uuid NOT NULL CONSTRAINT fk_settlement_certificates_loan_id REFERENCES loans (id),
    settled_at timestamptz NOT NULL,
    document text NOT NULL,
    document_sha256 varchar(64) NOT NULL,
    sealed_at timestamptz NOT NULL,
    issued_at timestamptz NOT NULL,
    void_at timestamptz
);
CREATE UNIQUE INDEX uq_settlement_certificates_loan_id ON settlement_certificates (loan_id) WHERE void_at IS NULL;
"""


def upgrade() -> None:
    op.execute(PLANS)
    op.execute(CERTIFICATES)
    # what was issued stays as it was issued; it can only be declared void
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON settlement_certificates FROM {APP}")
    op.execute(f"GRANT UPDATE (void_at) ON settlement_certificates TO {APP}")
