"""A change of phone with its two proofs, how long nothing binds afterwards, and how long WeChat's pushes are kept."""

from alembic import op

revision, down_revision = "0026", "0022"

TABLES = """
CREATE TABLE phone_changes (
    id uuid CONSTRAINT pk_phone_changes PRIMARY KEY,
    customer_id uuid NOT NULL CONSTRAINT fk_phone_changes_customer_id REFERENCES customers (id),
    session_id uuid NOT NULL CONSTRAINT fk_phone_changes_session_id REFERENCES customer_sessions (id),
    old_phone text NOT NULL,
    new_phone text NOT NULL,
    status varchar(16) NOT NULL CONSTRAINT ck_phone_changes_status CHECK (status IN ('opened', 'old_shown', 'done')),
    opened_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    done_at timestamptz,
    cool_off_until timestamptz
);
CREATE INDEX ix_phone_changes_customer_id ON phone_changes (customer_id);
CREATE TABLE cool_off_rules (
    id uuid CONSTRAINT pk_cool_off_rules PRIMARY KEY,
    name varchar(32) NOT NULL,
    hours integer NOT NULL CONSTRAINT ck_cool_off_rules_hours CHECK (hours >= 0),
    effective_from date NOT NULL,
    effective_to date,
    source varchar(200) NOT NULL,
    CONSTRAINT uq_cool_off_rules_name_effective_from UNIQUE (name, effective_from)
);
INSERT INTO cool_off_rules VALUES
    ('0197b0a0-0000-7000-8000-000000000002', 'phone_changed', 24, '2026-01-01', NULL,
     'the bank''s own rule: a stolen phone must not borrow before its owner notices');
INSERT INTO retention_periods (id, name, kept_hours, effective_from, source) VALUES
    ('0197b0a0-0000-7000-8000-000000000003', 'message_pushes', 720, DATE '2026-01-01',
     'PIPL article 19: a push names a user; its work is done within a day, thirty days serve to look into faults'),
    ('0197b0a0-0000-7000-8000-000000000004', 'phone_changes', 48, DATE '2026-01-01',
     'PIPL article 19: a number that was typed and never proved is nobody''s');
"""


def upgrade() -> None:
    op.execute(TABLES)
