"""Staff makes appointments that customers are told of; what customers write to staff is checked for its content."""

from alembic import op
from sqlalchemy import text

revision, down_revision = "0053", "0052"
APP = "dukou_app"

TABLES = """
CREATE TABLE appointments (
    id uuid CONSTRAINT pk_appointments PRIMARY KEY,
    customer_id uuid NOT NULL CONSTRAINT fk_appointments_customer_id REFERENCES customers (id),
    starts_at timestamptz NOT NULL,
    place text NOT NULL,
    status varchar(16) NOT NULL CONSTRAINT ck_appointments_status CHECK (status IN ('made', 'cancelled')),
    made_by varchar(64) NOT NULL,
    made_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX uq_appointments_made ON appointments (customer_id, starts_at) WHERE status = 'made';
INSERT INTO message_quiet_hours VALUES
    ('0197b0a0-0000-7000-8000-000000000002', 'appointment', '22:00', '08:00', '2026-01-01', NULL,
     'the bank''s own rule: nobody is woken for an appointment');
ALTER TABLE decision_reviews
    ADD COLUMN words_check varchar(16) CONSTRAINT ck_decision_reviews_words_check
        CHECK (words_check IN ('waiting', 'clean', 'suspicious', 'unchecked')),
    ADD COLUMN words_label integer;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(f"GRANT SELECT, INSERT ON appointments TO {APP}")
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON appointments FROM {APP}")
    op.execute(f"GRANT UPDATE (status) ON appointments TO {APP}")


def downgrade() -> None:
    op.execute(text("DROP TABLE appointments"))
    op.execute(text("DELETE FROM message_quiet_hours WHERE applies_to = 'appointment'"))
    op.execute(text("ALTER TABLE decision_reviews DROP COLUMN words_check, DROP COLUMN words_label"))
