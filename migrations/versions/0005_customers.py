"""People, identities, sessions, phone codes, enterprises, consents and the first consent texts."""

import hashlib
import tomllib
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from alembic import op
from sqlalchemy import text

revision, down_revision = "0005", "0004"
APP = "dukou_app"
TEXTS = Path(__file__).parents[1] / "texts" / "consents_1.toml"

TABLES = """
CREATE TABLE customers (
    id uuid CONSTRAINT pk_customers PRIMARY KEY,
    status varchar(16) NOT NULL,
    level varchar(16) NOT NULL,
    phone text NOT NULL,
    phone_index varchar(64) NOT NULL CONSTRAINT uq_customers_phone_index UNIQUE,
    name text,
    id_no text,
    id_no_index varchar(64) CONSTRAINT uq_customers_id_no_index UNIQUE,
    identified_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE TABLE wechat_identities (
    id uuid CONSTRAINT pk_wechat_identities PRIMARY KEY,
    customer_id uuid CONSTRAINT fk_wechat_identities_customer_id REFERENCES customers,
    app varchar(8) NOT NULL,
    appid varchar(32) NOT NULL,
    openid text NOT NULL,
    openid_index varchar(64) NOT NULL,
    unionid_index varchar(64),
    session_key text,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    CONSTRAINT uq_wechat_identities_appid_openid_index UNIQUE (appid, openid_index)
);
CREATE INDEX ix_wechat_identities_customer_id ON wechat_identities (customer_id);
CREATE INDEX ix_wechat_identities_unionid_index ON wechat_identities (unionid_index);
CREATE TABLE customer_sessions (
    id uuid CONSTRAINT pk_customer_sessions PRIMARY KEY,
    customer_id uuid CONSTRAINT fk_customer_sessions_customer_id REFERENCES customers,
    wechat_identity_id uuid CONSTRAINT fk_customer_sessions_wechat_identity_id REFERENCES wechat_identities,
    token_hash varchar(64) NOT NULL CONSTRAINT uq_customer_sessions_token_hash UNIQUE,
    channel varchar(8) NOT NULL,
    device varchar(64) NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    stepped_up_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX ix_customer_sessions_customer_id ON customer_sessions (customer_id);
CREATE TABLE phone_codes (
    id uuid CONSTRAINT pk_phone_codes PRIMARY KEY,
    purpose varchar(32) NOT NULL,
    subject_id uuid,
    session_id uuid CONSTRAINT fk_phone_codes_session_id REFERENCES customer_sessions,
    phone text NOT NULL,
    phone_index varchar(64) NOT NULL,
    address_index varchar(64) NOT NULL,
    device_index varchar(64),
    tries integer NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    failed_at timestamptz,
    sent_at timestamptz,
    used_at timestamptz,
    CONSTRAINT ck_phone_codes_tries CHECK (tries BETWEEN 0 AND 5)
);
CREATE INDEX ix_phone_codes_address_index_created_at ON phone_codes (address_index, created_at);
CREATE INDEX ix_phone_codes_device_index_created_at ON phone_codes (device_index, created_at);
CREATE INDEX ix_phone_codes_phone_index_created_at ON phone_codes (phone_index, created_at);
CREATE TABLE step_ups (
    id uuid CONSTRAINT pk_step_ups PRIMARY KEY,
    session_id uuid NOT NULL CONSTRAINT fk_step_ups_session_id REFERENCES customer_sessions,
    phone_code_id uuid NOT NULL CONSTRAINT uq_step_ups_phone_code_id UNIQUE
        CONSTRAINT fk_step_ups_phone_code_id REFERENCES phone_codes,
    purpose varchar(32) NOT NULL,
    subject_id uuid NOT NULL,
    granted_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX ix_step_ups_session_id_purpose_subject_id ON step_ups (session_id, purpose, subject_id);
CREATE TABLE oauth_states (
    id uuid CONSTRAINT pk_oauth_states PRIMARY KEY,
    state_hash varchar(64) NOT NULL CONSTRAINT uq_oauth_states_state_hash UNIQUE,
    browser_hash varchar(64) NOT NULL,
    origin varchar(255) NOT NULL,
    return_path varchar(300) NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    wechat_identity_id uuid CONSTRAINT fk_oauth_states_wechat_identity_id REFERENCES wechat_identities,
    one_time_code_hash varchar(64) CONSTRAINT uq_oauth_states_one_time_code_hash UNIQUE,
    one_time_code_expires_at timestamptz,
    redeemed_at timestamptz
);
CREATE TABLE identity_checks (
    id uuid CONSTRAINT pk_identity_checks PRIMARY KEY,
    customer_id uuid NOT NULL CONSTRAINT fk_identity_checks_customer_id REFERENCES customers,
    created_at timestamptz NOT NULL,
    outcome varchar(16)
);
CREATE INDEX ix_identity_checks_customer_id_created_at ON identity_checks (customer_id, created_at);
CREATE TABLE enterprises (
    id uuid CONSTRAINT pk_enterprises PRIMARY KEY,
    uscc varchar(18) NOT NULL CONSTRAINT uq_enterprises_uscc UNIQUE,
    name varchar(200) NOT NULL,
    registry_status varchar(16) NOT NULL,
    industry_code varchar(8) NOT NULL,
    region_code varchar(6) NOT NULL,
    established_on date NOT NULL,
    legal_rep_name text NOT NULL,
    registry_snapshot text NOT NULL,
    checked_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE memberships (
    id uuid CONSTRAINT pk_memberships PRIMARY KEY,
    customer_id uuid NOT NULL CONSTRAINT fk_memberships_customer_id REFERENCES customers,
    enterprise_id uuid NOT NULL CONSTRAINT fk_memberships_enterprise_id REFERENCES enterprises,
    role varchar(16) NOT NULL,
    status varchar(16) NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_memberships_customer_id_enterprise_id UNIQUE (customer_id, enterprise_id)
);
CREATE INDEX ix_memberships_enterprise_id ON memberships (enterprise_id);
CREATE TABLE consent_texts (
    id uuid CONSTRAINT pk_consent_texts PRIMARY KEY,
    kind varchar(32) NOT NULL,
    version varchar(16) NOT NULL,
    locale varchar(8) NOT NULL,
    title varchar(100) NOT NULL,
    text text NOT NULL,
    sha256 varchar(64) NOT NULL,
    effective_from date NOT NULL,
    CONSTRAINT uq_consent_texts_kind_version_locale UNIQUE (kind, version, locale)
);
CREATE TABLE consents (
    id uuid CONSTRAINT pk_consents PRIMARY KEY,
    customer_id uuid NOT NULL CONSTRAINT fk_consents_customer_id REFERENCES customers,
    enterprise_id uuid CONSTRAINT fk_consents_enterprise_id REFERENCES enterprises,
    kind varchar(32) NOT NULL,
    text_version varchar(16) NOT NULL,
    text_locale varchar(8) NOT NULL,
    text_sha256 varchar(64) NOT NULL,
    granted_at timestamptz NOT NULL,
    granted_facts json NOT NULL,
    withdrawn_at timestamptz,
    ended_by varchar(16)
);
CREATE INDEX ix_consents_customer_id ON consents (customer_id);
CREATE UNIQUE INDEX uq_consents_live ON consents (customer_id, enterprise_id, kind)
    NULLS NOT DISTINCT WHERE withdrawn_at IS NULL;
"""
INSERT = """
INSERT INTO consent_texts (id, kind, version, locale, title, text, sha256, effective_from)
VALUES (:id, :kind, :version, :locale, :title, :text, :sha256, :effective_from)
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON consent_texts FROM {APP}")
    op.execute(f"REVOKE DELETE, TRUNCATE ON consents FROM {APP}")  # withdrawn, never deleted
    content = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    for row in content["text"]:
        key = f"dukou:consent:{row['kind']}:{content['version']}:{row['locale']}"
        body = row["text"].strip()
        op.get_bind().execute(
            text(INSERT),
            {
                "id": uuid5(NAMESPACE_URL, key),
                "kind": row["kind"],
                "version": content["version"],
                "locale": row["locale"],
                "title": row["title"],
                "text": body,
                "sha256": hashlib.sha256(body.encode()).hexdigest(),
                "effective_from": content["effective_from"],
            },
        )
