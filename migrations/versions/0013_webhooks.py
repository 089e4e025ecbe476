"""Webhook endpoints, what partners are told, messages, attempts and their results."""

from alembic import op

revision, down_revision = "0013", "0012"
APP = "dukou_app"

TABLES = """
CREATE TABLE webhook_endpoints (
    id uuid CONSTRAINT pk_webhook_endpoints PRIMARY KEY,
    partner_id uuid NOT NULL CONSTRAINT fk_webhook_endpoints_partner_id REFERENCES partners (id),
    url varchar(500) NOT NULL,
    event_types json NOT NULL,
    secret text NOT NULL,
    previous_secret text,
    previous_until timestamptz,
    status varchar(16) NOT NULL CONSTRAINT ck_webhook_endpoints_status CHECK (status IN ('active', 'disabled')),
    disabled_reason varchar(32),
    failing_since timestamptz,
    timeouts integer NOT NULL,
    paused_until timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX ix_webhook_endpoints_partner_id ON webhook_endpoints (partner_id);
CREATE TABLE webhook_events (
    id uuid CONSTRAINT pk_webhook_events PRIMARY KEY,
    partner_id uuid NOT NULL CONSTRAINT fk_webhook_events_partner_id REFERENCES partners (id),
    outbox_event_id uuid NOT NULL CONSTRAINT fk_webhook_events_outbox_event_id REFERENCES outbox_events (id),
    type varchar(64) NOT NULL,
    object_kind varchar(32) NOT NULL,
    object_id uuid NOT NULL,
    object_status varchar(32) NOT NULL,
    sequence integer NOT NULL,
    body text NOT NULL CONSTRAINT ck_webhook_events_body CHECK (octet_length(body) <= 20000),
    occurred_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_webhook_events_outbox_event_id_type UNIQUE (outbox_event_id, type),
    CONSTRAINT uq_webhook_events_object_id_object_kind_sequence UNIQUE (object_id, object_kind, sequence)
);
CREATE INDEX ix_webhook_events_partner_id_id ON webhook_events (partner_id, id);
CREATE TABLE webhook_messages (
    id uuid CONSTRAINT pk_webhook_messages PRIMARY KEY,
    endpoint_id uuid NOT NULL CONSTRAINT fk_webhook_messages_endpoint_id REFERENCES webhook_endpoints (id),
    event_id uuid NOT NULL CONSTRAINT fk_webhook_messages_event_id REFERENCES webhook_events (id),
    failures integer NOT NULL,
    due_at timestamptz NOT NULL,
    parked_at timestamptz,
    delivered_at timestamptz,
    given_up_at timestamptz,
    given_up_reason varchar(32),
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_webhook_messages_endpoint_id_event_id UNIQUE (endpoint_id, event_id),
    CONSTRAINT ck_webhook_messages_end CHECK (delivered_at IS NULL OR given_up_at IS NULL)
);
CREATE INDEX ix_webhook_messages_event_id ON webhook_messages (event_id);
CREATE INDEX ix_webhook_messages_open ON webhook_messages (endpoint_id, due_at)
    WHERE delivered_at IS NULL AND given_up_at IS NULL;
CREATE TABLE webhook_attempts (
    id uuid CONSTRAINT pk_webhook_attempts PRIMARY KEY,
    message_id uuid NOT NULL CONSTRAINT fk_webhook_attempts_message_id REFERENCES webhook_messages (id),
    endpoint_id uuid NOT NULL CONSTRAINT fk_webhook_attempts_endpoint_id REFERENCES webhook_endpoints (id),
    number integer NOT NULL,
    opened_at timestamptz NOT NULL,
    CONSTRAINT uq_webhook_attempts_message_id_number UNIQUE (message_id, number)
);
CREATE INDEX ix_webhook_attempts_endpoint_id_opened_at ON webhook_attempts (endpoint_id, opened_at);
CREATE TABLE webhook_results (
    attempt_id uuid CONSTRAINT pk_webhook_results PRIMARY KEY
        CONSTRAINT fk_webhook_results_attempt_id REFERENCES webhook_attempts (id),
    outcome varchar(16) NOT NULL,
    http_status integer,
    duration_ms integer NOT NULL,
    answer_start varchar(500) NOT NULL,
    finished_at timestamptz NOT NULL
);
"""
APPEND_ONLY = ("webhook_events", "webhook_attempts", "webhook_results")


def upgrade() -> None:
    op.execute(TABLES)
    for table in APPEND_ONLY:
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP}")
