"""Events, idempotency keys, the history of states, the audit trail, and vendors' tokens shared by all processes."""

from alembic import op

revision, down_revision = "0003", "0002"
APP = "dukou_app"

TABLES = """
CREATE TABLE state_changes (
    id uuid CONSTRAINT pk_state_changes PRIMARY KEY,
    subject_kind varchar(64) NOT NULL,
    subject_id uuid NOT NULL,
    event varchar(64) NOT NULL,
    from_status varchar(32) NOT NULL,
    to_status varchar(32) NOT NULL,
    actor varchar(64) NOT NULL,
    facts json NOT NULL,
    occurred_at timestamptz NOT NULL
);
CREATE INDEX ix_state_changes_subject_id ON state_changes (subject_id);
CREATE TABLE outbox_events (
    id uuid CONSTRAINT pk_outbox_events PRIMARY KEY,
    name varchar(64) NOT NULL,
    subject_id uuid NOT NULL,
    payload json NOT NULL,
    occurred_at timestamptz NOT NULL
);
CREATE INDEX ix_outbox_events_subject_id ON outbox_events (subject_id);
CREATE TABLE idempotency_keys (
    id uuid CONSTRAINT pk_idempotency_keys PRIMARY KEY,
    scope varchar(128) NOT NULL,
    key varchar(255) NOT NULL,
    fingerprint varchar(64) NOT NULL,
    object_id uuid NOT NULL,
    status integer,
    sealed_body text,
    leased_until timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_idempotency_keys_scope_key UNIQUE (scope, key)
);
CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at);
CREATE TABLE audit_entries (
    id uuid CONSTRAINT pk_audit_entries PRIMARY KEY,
    actor_kind varchar(16) NOT NULL,
    actor_id varchar(64) NOT NULL,
    action varchar(64) NOT NULL,
    subject_kind varchar(64) NOT NULL,
    subject_id uuid NOT NULL,
    reason text,
    facts json NOT NULL,
    request_id varchar(64) NOT NULL,
    occurred_at timestamptz NOT NULL
);
CREATE INDEX ix_audit_entries_subject_id ON audit_entries (subject_id);
CREATE TABLE shared_tokens (
    name varchar(128) CONSTRAINT pk_shared_tokens PRIMARY KEY,
    sealed text,
    leased_until timestamptz NOT NULL
);
"""
APPEND_ONLY = ("state_changes", "outbox_events", "audit_entries")


def upgrade() -> None:
    op.execute(TABLES)
    for table in APPEND_ONLY:
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP}")
