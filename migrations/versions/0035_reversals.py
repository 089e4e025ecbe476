"""Payments that are taken back: what was reversed and why, and the order in which payments were booked."""

from alembic import op

revision, down_revision = "0035", "0043"
APP = "dukou_app"

# The order of booking decides between payments of one day.
BOOKED = """
ALTER TABLE repayments ADD COLUMN booked_at timestamptz;
UPDATE repayments r SET booked_at = coalesce(
    (SELECT j.booked_at FROM journals j WHERE j.key = 'repayment:' || r.id), r.paid_at, r.opened_at)
WHERE r.status = 'applied';
ALTER TABLE repayments ADD CONSTRAINT ck_repayments_booked
    CHECK (status NOT IN ('applied', 'reversed') OR booked_at IS NOT NULL);
"""
REVERSALS = """
CREATE TABLE repayment_reversals (
    id uuid CONSTRAINT pk_repayment_reversals PRIMARY KEY,
    repayment_id uuid NOT NULL CONSTRAINT fk_repayment_reversals_repayment_id REFERENCES repayments (id)
        CONSTRAINT uq_repayment_reversals_repayment_id UNIQUE,
    loan_id uuid NOT NULL CONSTRAINT fk_repayment_reversals_loan_id REFERENCES loans (id),
    kind varchar(16) NOT NULL,
    reason varchar(200) NOT NULL,
    amount_fen bigint NOT NULL,
    actor varchar(64) NOT NULL,
    before json NOT NULL,
    after json NOT NULL,
    reversed_at timestamptz NOT NULL,
    CONSTRAINT ck_repayment_reversals_kind CHECK (kind IN ('bounced', 'chargeback', 'wrong_loan'))
);
CREATE INDEX ix_repayment_reversals_loan_id ON repayment_reversals (loan_id);
"""


def upgrade() -> None:
    op.execute(BOOKED)
    op.execute(REVERSALS)
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON repayment_reversals FROM {APP}")
