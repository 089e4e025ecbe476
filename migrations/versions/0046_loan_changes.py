"""Changes of live loans: what was changed, by whom, and under which dated rules."""

from alembic import op

revision, down_revision = "0046", "0051"
APP = "dukou_app"

CHANGES = """
CREATE TABLE loan_changes (
    id uuid CONSTRAINT pk_loan_changes PRIMARY KEY,
    loan_id uuid NOT NULL CONSTRAINT fk_loan_changes_loan_id REFERENCES loans (id),
    kind varchar(24) NOT NULL,
    effective_on date NOT NULL,
    terms json NOT NULL,
    before json NOT NULL,
    after json NOT NULL,
    journal_keys json NOT NULL,
    reason varchar(200) NOT NULL,
    proposed_by varchar(64) NOT NULL,
    approved_by varchar(64) NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT uq_loan_changes_loan_id_effective_on UNIQUE (loan_id, effective_on),
    CONSTRAINT ck_loan_changes_kind
        CHECK (kind IN ('rate_change', 'repricing', 'due_day_change', 'extension', 'restructuring')),
    CONSTRAINT ck_loan_changes_four_eyes CHECK (proposed_by <> approved_by OR kind = 'repricing')
);
CREATE TABLE loan_change_rules (
    id uuid CONSTRAINT pk_loan_change_rules PRIMARY KEY,
    effective_from date NOT NULL CONSTRAINT uq_loan_change_rules_effective_from UNIQUE,
    source text NOT NULL,
    extensions_most integer NOT NULL,
    short_months integer NOT NULL,
    short_percent integer NOT NULL,
    medium_months integer NOT NULL,
    medium_percent integer NOT NULL,
    long_most_months integer NOT NULL,
    extended_floor smallint NOT NULL,
    extended_months integer NOT NULL,
    restructured_floor smallint NOT NULL,
    restructured_bad_floor smallint NOT NULL,
    restructured_months integer NOT NULL,
    restructured_periods integer NOT NULL
);
INSERT INTO loan_change_rules VALUES ('00000000-0000-7000-8000-000000000046', '2023-07-01',
    '贷款通则 art. 12 (extension: short term at most the agreed term, medium half of it, long 3 years; once: this bank);'
    ' 商业银行金融资产风险分类办法 2023 No. 1 (restructured: at least special mention, bad ones at least substandard,'
    ' observed for a year and two periods at least); extended loans watched for 6 months: this bank; from memory,'
    ' unverified', 1, 12, 100, 60, 50, 36, 2, 6, 2, 3, 12, 2);
"""
# What a loan was agreed to be (NULL: it still is), the carried interest of its running period, and its observation.
LOANS = """
ALTER TABLE loans
    ADD COLUMN agreed_terms json,
    ADD COLUMN period_carried numeric(30, 6) NOT NULL DEFAULT 0,
    ADD COLUMN observed_until date,
    ADD COLUMN class_floor smallint,
    ADD CONSTRAINT ck_loans_observed CHECK ((observed_until IS NULL) = (class_floor IS NULL));
ALTER TABLE loan_instalments
    ADD COLUMN drawn_by uuid,
    ADD COLUMN moved_principal_fen bigint NOT NULL DEFAULT 0,
    ADD COLUMN penalty_rate numeric(9, 6);
ALTER TABLE money_proposals ADD COLUMN IF NOT EXISTS details json;
"""


def upgrade() -> None:
    op.execute(CHANGES)
    op.execute(LOANS)
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON loan_changes FROM {APP}")
    op.execute(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON loan_change_rules FROM {APP}")
