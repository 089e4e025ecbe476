"""Staff accounts, their sessions and tries to sign in, and what personal data they looked at."""

from alembic import op

revision, down_revision = "0014", "0013"
APP = "dukou_app"

TABLES = """
CREATE TABLE staff (
    id uuid CONSTRAINT pk_staff PRIMARY KEY,
    number varchar(8) NOT NULL CONSTRAINT uq_staff_number UNIQUE,
    email varchar(255) NOT NULL CONSTRAINT uq_staff_email UNIQUE,
    name varchar(64) NOT NULL,
    password_hash varchar(255) NOT NULL,
    totp_secret text NOT NULL,
    totp_used_step bigint NOT NULL,
    roles json NOT NULL,
    status varchar(16) NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE staff_sessions (
    id uuid CONSTRAINT pk_staff_sessions PRIMARY KEY,
    staff_id uuid NOT NULL CONSTRAINT fk_staff_sessions_staff_id REFERENCES staff,
    token_hash varchar(64) NOT NULL CONSTRAINT uq_staff_sessions_token_hash UNIQUE,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX ix_staff_sessions_staff_id ON staff_sessions (staff_id);
CREATE TABLE staff_sign_in_tries (
    id uuid CONSTRAINT pk_staff_sign_in_tries PRIMARY KEY,
    email_index varchar(64) NOT NULL,
    address_index varchar(64) NOT NULL,
    tried_at timestamptz NOT NULL,
    succeeded_at timestamptz
);
CREATE INDEX ix_staff_sign_in_tries_email_index_tried_at ON staff_sign_in_tries (email_index, tried_at);
CREATE INDEX ix_staff_sign_in_tries_address_index_tried_at ON staff_sign_in_tries (address_index, tried_at);
CREATE TABLE reveals (
    id uuid CONSTRAINT pk_reveals PRIMARY KEY,
    staff_id uuid NOT NULL CONSTRAINT fk_reveals_staff_id REFERENCES staff,
    customer_id uuid NOT NULL,
    field varchar(16) NOT NULL,
    reason varchar(200) NOT NULL,
    revealed_at timestamptz NOT NULL
);
CREATE INDEX ix_reveals_staff_id_revealed_at ON reveals (staff_id, revealed_at);
CREATE INDEX ix_reveals_customer_id ON reveals (customer_id);
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON reveals FROM {APP}")
