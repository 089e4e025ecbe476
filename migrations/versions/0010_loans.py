"""Drawdowns, loan notes, their schedules and repayments."""

from alembic import op

revision, down_revision = "0010", "0009"

TABLES = """
CREATE TABLE drawdowns (
    id uuid CONSTRAINT pk_drawdowns PRIMARY KEY,
    application_id uuid NOT NULL CONSTRAINT uq_drawdowns_application_id UNIQUE,
    contract_id uuid NOT NULL,
    credit_line_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    partner_id uuid,
    order_id uuid,
    amount_fen bigint NOT NULL,
    status varchar(16) NOT NULL,
    fail_code varchar(64),
    opened_at timestamptz NOT NULL
);
CREATE INDEX ix_drawdowns_credit_line_id ON drawdowns (credit_line_id);
CREATE INDEX ix_drawdowns_customer_id ON drawdowns (customer_id);
CREATE TABLE loans (
    id uuid CONSTRAINT pk_loans PRIMARY KEY,
    loan_no varchar(32) NOT NULL CONSTRAINT uq_loans_loan_no UNIQUE,
    drawdown_id uuid NOT NULL CONSTRAINT uq_loans_drawdown_id UNIQUE,
    application_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    credit_line_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    enterprise_id uuid NOT NULL,
    partner_id uuid,
    order_id uuid,
    product_code varchar(32) NOT NULL,
    principal_fen bigint NOT NULL,
    outstanding_principal_fen bigint NOT NULL,
    credit_fen bigint NOT NULL,
    annual_rate numeric(9, 6) NOT NULL,
    all_in_annual_rate numeric(9, 6) NOT NULL,
    method varchar(32) NOT NULL,
    term_months integer NOT NULL,
    start_on date NOT NULL,
    status varchar(16) NOT NULL,
    activated_at timestamptz NOT NULL,
    settled_at timestamptz,
    CONSTRAINT ck_loans_outstanding_not_negative CHECK (outstanding_principal_fen >= 0),
    CONSTRAINT ck_loans_outstanding_at_most_principal CHECK (outstanding_principal_fen <= principal_fen)
);
CREATE INDEX ix_loans_application_id ON loans (application_id);
CREATE INDEX ix_loans_customer_id ON loans (customer_id);
CREATE TABLE loan_instalments (
    id uuid CONSTRAINT pk_loan_instalments PRIMARY KEY,
    loan_id uuid NOT NULL CONSTRAINT fk_loan_instalments_loan_id REFERENCES loans (id),
    number integer NOT NULL,
    due_on date NOT NULL,
    principal_fen bigint NOT NULL,
    interest_fen bigint NOT NULL,
    paid_principal_fen bigint NOT NULL,
    paid_interest_fen bigint NOT NULL,
    status varchar(16) NOT NULL,
    paid_at timestamptz,
    CONSTRAINT uq_loan_instalments_loan_id_number UNIQUE (loan_id, number),
    CONSTRAINT ck_loan_instalments_paid_principal_within CHECK (paid_principal_fen BETWEEN 0 AND principal_fen)
);
CREATE TABLE repayments (
    id uuid CONSTRAINT pk_repayments PRIMARY KEY,
    receipt_no varchar(32) NOT NULL CONSTRAINT uq_repayments_receipt_no UNIQUE,
    loan_id uuid NOT NULL CONSTRAINT fk_repayments_loan_id REFERENCES loans (id),
    customer_id uuid NOT NULL,
    kind varchar(16) NOT NULL,
    instalment_number integer,
    quoted_on date NOT NULL,
    amount_fen bigint NOT NULL,
    status varchar(16) NOT NULL,
    principal_fen bigint,
    interest_fen bigint,
    interest_returned_fen bigint,
    overpaid_fen bigint,
    opened_at timestamptz NOT NULL,
    paid_at timestamptz,
    CONSTRAINT ck_repayments_amount_positive CHECK (amount_fen > 0)
);
CREATE INDEX ix_repayments_loan_id ON repayments (loan_id);
CREATE INDEX ix_repayments_customer_id ON repayments (customer_id);
CREATE UNIQUE INDEX uq_repayments_live ON repayments (loan_id) WHERE status IN ('opened', 'paying');
"""


def upgrade() -> None:
    op.execute(TABLES)
