"""The end of day: its chunks and what they counted for the book, and changes of the five classes."""

from alembic import op

revision, down_revision = "0017", "0020"
APP = "dukou_app"

TABLES = """
CREATE TABLE end_of_day_chunks (
    day date NOT NULL CONSTRAINT fk_end_of_day_chunks_day REFERENCES business_days (day),
    number integer NOT NULL,
    first_id uuid NOT NULL,
    last_id uuid NOT NULL,
    done_at timestamptz,
    loans integer NOT NULL,
    digest numeric,
    CONSTRAINT pk_end_of_day_chunks PRIMARY KEY (day, number)
);
CREATE TABLE end_of_day_sums (
    id uuid CONSTRAINT pk_end_of_day_sums PRIMARY KEY,
    day date NOT NULL,
    number integer NOT NULL,
    product_code varchar(32) NOT NULL,
    partner_id uuid,
    interest_income_fen bigint NOT NULL,
    interest_ahead_fen bigint NOT NULL,
    penalty_income_fen bigint NOT NULL,
    penalty_ahead_fen bigint NOT NULL,
    off_balance_fen bigint NOT NULL,
    CONSTRAINT fk_end_of_day_sums_day_number FOREIGN KEY (day, number) REFERENCES end_of_day_chunks (day, number)
);
CREATE INDEX ix_end_of_day_sums_day ON end_of_day_sums (day, number);
CREATE TABLE class_changes (
    id uuid CONSTRAINT pk_class_changes PRIMARY KEY,
    loan_id uuid NOT NULL CONSTRAINT fk_class_changes_loan_id REFERENCES loans (id),
    from_class smallint NOT NULL CONSTRAINT ck_class_changes_from_class CHECK (from_class BETWEEN 1 AND 5),
    to_class smallint NOT NULL CONSTRAINT ck_class_changes_to_class CHECK (to_class BETWEEN 1 AND 5),
    overdue_days integer NOT NULL,
    day date NOT NULL,
    status varchar(16) NOT NULL
        CONSTRAINT ck_class_changes_status CHECK (status IN ('applied', 'proposed', 'confirmed', 'rejected', 'withdrawn')),
    decided_by varchar(64),
    decided_at timestamptz,
    CONSTRAINT ck_class_changes_upgrade CHECK ((status = 'applied') = (to_class > from_class)),
    CONSTRAINT ck_class_changes_decided CHECK ((status IN ('confirmed', 'rejected')) = (decided_by IS NOT NULL))
);
CREATE INDEX ix_class_changes_loan_id ON class_changes (loan_id);
CREATE UNIQUE INDEX uq_class_changes_proposed ON class_changes (loan_id) WHERE status = 'proposed';
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(f"REVOKE DELETE, TRUNCATE ON class_changes, end_of_day_chunks FROM {APP}")
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON end_of_day_sums FROM {APP}")
