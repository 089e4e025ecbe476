"""Messages to customers with every way that was tried, what users allowed, quiet hours, and what WeChat pushed."""

from alembic import op

revision, down_revision = "0025", "0017"

TABLES = """
CREATE TABLE messages (
    id uuid CONSTRAINT pk_messages PRIMARY KEY,
    customer_id uuid NOT NULL CONSTRAINT fk_messages_customer_id REFERENCES customers (id),
    kind varchar(32) NOT NULL,
    text_version integer NOT NULL,
    event_id uuid NOT NULL CONSTRAINT fk_messages_event_id REFERENCES outbox_events (id),
    subject_id uuid NOT NULL,
    sealed_values text NOT NULL,
    status varchar(16) NOT NULL CONSTRAINT ck_messages_status
        CHECK (status IN ('open', 'wechat', 'sms', 'sent', 'doubt', 'inbox')),
    due_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    read_at timestamptz,
    CONSTRAINT uq_messages_event_id_kind UNIQUE (event_id, kind)
);
CREATE INDEX ix_messages_customer_id_id ON messages (customer_id, id);
CREATE INDEX ix_messages_unread ON messages (customer_id) WHERE read_at IS NULL;
CREATE TABLE message_attempts (
    id uuid CONSTRAINT pk_message_attempts PRIMARY KEY,
    message_id uuid NOT NULL CONSTRAINT fk_message_attempts_message_id REFERENCES messages (id),
    channel varchar(8) NOT NULL CONSTRAINT ck_message_attempts_channel CHECK (channel IN ('wechat', 'sms')),
    wechat_identity_id uuid
        CONSTRAINT fk_message_attempts_wechat_identity_id REFERENCES wechat_identities (id),
    opened_at timestamptz NOT NULL,
    outcome varchar(16),
    errcode integer,
    vendor_ref varchar(32),
    finished_at timestamptz,
    delivered_at timestamptz,
    CONSTRAINT uq_message_attempts_message_id_channel UNIQUE (message_id, channel)
);
CREATE INDEX ix_message_attempts_vendor_ref ON message_attempts (vendor_ref);
CREATE TABLE message_credits (
    id uuid CONSTRAINT pk_message_credits PRIMARY KEY,
    wechat_identity_id uuid NOT NULL
        CONSTRAINT fk_message_credits_wechat_identity_id REFERENCES wechat_identities (id),
    kind varchar(32) NOT NULL,
    claimed integer NOT NULL,
    confirmed integer NOT NULL,
    spent integer NOT NULL,
    refused_at timestamptz,
    updated_at timestamptz NOT NULL,
    CONSTRAINT uq_message_credits_wechat_identity_id_kind UNIQUE (wechat_identity_id, kind),
    CONSTRAINT ck_message_credits_counts CHECK (claimed >= 0 AND confirmed >= 0 AND spent >= 0)
);
CREATE TABLE message_quiet_hours (
    id uuid CONSTRAINT pk_message_quiet_hours PRIMARY KEY,
    applies_to varchar(16) NOT NULL,
    starts_at time NOT NULL,
    ends_at time NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    source varchar(200) NOT NULL
);
INSERT INTO message_quiet_hours VALUES
    ('0197b0a0-0000-7000-8000-000000000001', 'reminder', '22:00', '08:00', '2025-02-28', NULL,
     'GB/T 45251-2025: no contact about repayment from 22:00 to 08:00');
CREATE TABLE message_pushes (
    id uuid CONSTRAINT pk_message_pushes PRIMARY KEY,
    kind varchar(64) NOT NULL,
    same_as varchar(64) NOT NULL CONSTRAINT uq_message_pushes_same_as UNIQUE,
    nonce_index varchar(64) NOT NULL CONSTRAINT uq_message_pushes_nonce_index UNIQUE,
    body text NOT NULL,
    received_at timestamptz NOT NULL,
    handled_at timestamptz,
    outcome varchar(32)
);
CREATE INDEX ix_message_pushes_received_at ON message_pushes (received_at);
"""


def upgrade() -> None:
    op.execute(TABLES)
