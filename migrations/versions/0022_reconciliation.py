"""Bills and statements as they came, what differs from the book, and decisions that take two members of staff."""

from alembic import op

revision, down_revision = "0022", "0019"
APP = "dukou_app"

BILLS = """
CREATE TABLE bill_imports (
    id uuid CONSTRAINT pk_bill_imports PRIMARY KEY,
    channel varchar(16) NOT NULL,
    day date NOT NULL,
    digest varchar(64) NOT NULL,
    status varchar(16) NOT NULL,
    row_count bigint NOT NULL,
    complete boolean NOT NULL,
    totals_agree boolean NOT NULL,
    started_at timestamptz NOT NULL,
    loaded_at timestamptz,
    CONSTRAINT uq_bill_imports_channel_day_digest UNIQUE (channel, day, digest)
);
CREATE TABLE bill_rows (
    import_id uuid NOT NULL CONSTRAINT fk_bill_rows_import_id REFERENCES bill_imports,
    line_no integer NOT NULL,
    kind varchar(16) NOT NULL,
    their_no varchar(64) NOT NULL,
    our_no varchar(64) NOT NULL,
    related_no varchar(64) NOT NULL,
    merchant varchar(64) NOT NULL,
    amount_fen bigint NOT NULL,
    fee_milli bigint NOT NULL,
    state varchar(64) NOT NULL,
    occurred_at timestamptz NOT NULL,
    CONSTRAINT pk_bill_rows PRIMARY KEY (import_id, line_no)
);
CREATE INDEX ix_bill_rows_their_no ON bill_rows (their_no);
CREATE INDEX ix_bill_rows_our_no ON bill_rows (our_no);
CREATE TABLE reconciliation_days (
    id uuid CONSTRAINT pk_reconciliation_days PRIMARY KEY,
    channel varchar(16) NOT NULL,
    day date NOT NULL,
    status varchar(16) NOT NULL,
    import_id uuid CONSTRAINT fk_reconciliation_days_import_id REFERENCES bill_imports,
    row_count bigint NOT NULL,
    in_fen bigint NOT NULL,
    out_fen bigint NOT NULL,
    fee_fen bigint NOT NULL,
    checked_at timestamptz NOT NULL,
    CONSTRAINT uq_reconciliation_days_channel_day UNIQUE (channel, day)
);
CREATE TABLE bill_differences (
    id uuid CONSTRAINT pk_bill_differences PRIMARY KEY,
    channel varchar(16) NOT NULL,
    day date NOT NULL,
    kind varchar(24) NOT NULL,
    key varchar(96) NOT NULL,
    their_no varchar(64),
    our_no varchar(64),
    related_no varchar(64),
    line_no integer,
    ours_fen bigint,
    theirs_fen bigint,
    fee_milli bigint,
    note varchar(96) NOT NULL,
    status varchar(16) NOT NULL,
    found_at timestamptz NOT NULL,
    closed_at timestamptz,
    CONSTRAINT uq_bill_differences_channel_day_kind_key UNIQUE (channel, day, kind, key)
);
CREATE INDEX ix_bill_differences_status ON bill_differences (status);
-- what a channel may charge, by contract: a row a period
CREATE TABLE channel_fee_rates (
    channel varchar(16) NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    rate numeric(9, 6) NOT NULL,
    source varchar(200) NOT NULL,
    CONSTRAINT pk_channel_fee_rates PRIMARY KEY (channel, effective_from)
);
INSERT INTO channel_fee_rates VALUES ('wechat_pay', '2020-01-01', NULL, 0.006, 'merchant agreement, standard rate');
"""

# Four eyes: who decides is never who proposed, and what was proposed cannot be changed before it is decided.
PROPOSALS = """
CREATE TABLE money_proposals (
    id uuid CONSTRAINT pk_money_proposals PRIMARY KEY,
    kind varchar(24) NOT NULL,
    subject_kind varchar(16) NOT NULL,
    subject_key varchar(64) NOT NULL,
    amount_fen bigint,
    loan_id uuid,
    reason varchar(200) NOT NULL,
    status varchar(16) NOT NULL,
    proposed_by uuid NOT NULL CONSTRAINT fk_money_proposals_proposed_by REFERENCES staff,
    proposed_at timestamptz NOT NULL,
    decided_by uuid CONSTRAINT fk_money_proposals_decided_by REFERENCES staff,
    decided_at timestamptz,
    decision_reason varchar(200),
    CONSTRAINT ck_money_proposals_four_eyes CHECK (decided_by IS NULL OR decided_by <> proposed_by),
    CONSTRAINT ck_money_proposals_decided CHECK ((status = 'proposed') = (decided_by IS NULL)),
    CONSTRAINT ck_money_proposals_status CHECK (status IN ('proposed', 'approved', 'rejected'))
);
CREATE UNIQUE INDEX uq_money_proposals_open ON money_proposals (subject_kind, subject_key) WHERE status = 'proposed';
"""


def upgrade() -> None:
    op.execute(BILLS)
    op.execute(PROPOSALS)
    op.execute(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON channel_fee_rates FROM {APP}")
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON money_proposals FROM {APP}")
    op.execute(f"GRANT UPDATE (status, decided_by, decided_at, decision_reason) ON money_proposals TO {APP}")
