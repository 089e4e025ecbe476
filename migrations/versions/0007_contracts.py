"""Versioned texts, cost sheets and signed contracts; the first text of the loan contract."""

import hashlib
import json
import tomllib
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from alembic import op
from sqlalchemy import text

revision, down_revision = "0007", "0006"
APP = "dukou_app"
TEXT = Path(__file__).parents[1] / "texts" / "loan_contract_1.toml"

TABLES = """
CREATE TABLE document_texts (
    id uuid CONSTRAINT pk_document_texts PRIMARY KEY,
    kind varchar(32) NOT NULL,
    version varchar(16) NOT NULL,
    locale varchar(8) NOT NULL,
    body json NOT NULL,
    sha256 varchar(64) NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    source text NOT NULL,
    CONSTRAINT uq_document_texts_kind_version_locale UNIQUE (kind, version, locale)
);
CREATE TABLE cost_sheets (
    id uuid CONSTRAINT pk_cost_sheets PRIMARY KEY,
    number varchar(24) NOT NULL CONSTRAINT uq_cost_sheets_number UNIQUE,
    application_id uuid NOT NULL,
    customer_id uuid NOT NULL CONSTRAINT fk_cost_sheets_customer_id REFERENCES customers,
    status varchar(32) NOT NULL,
    body json NOT NULL,
    sha256 varchar(64) NOT NULL,
    terms_sha256 varchar(64) NOT NULL,
    min_reading_s integer NOT NULL,
    shown_at timestamptz NOT NULL,
    confirmed_at timestamptz
);
CREATE INDEX ix_cost_sheets_application_id ON cost_sheets (application_id);
CREATE UNIQUE INDEX uq_cost_sheets_application_id ON cost_sheets (application_id) WHERE status <> 'superseded';
CREATE TABLE contracts (
    id uuid CONSTRAINT pk_contracts PRIMARY KEY,
    number varchar(24) NOT NULL CONSTRAINT uq_contracts_number UNIQUE,
    application_id uuid NOT NULL,
    customer_id uuid NOT NULL CONSTRAINT fk_contracts_customer_id REFERENCES customers,
    cost_sheet_id uuid NOT NULL CONSTRAINT fk_contracts_cost_sheet_id REFERENCES cost_sheets,
    document_text_id uuid NOT NULL CONSTRAINT fk_contracts_document_text_id REFERENCES document_texts,
    status varchar(32) NOT NULL,
    terms json NOT NULL,
    content text NOT NULL,
    document text,
    document_sha256 varchar(64),
    sealed_document text,
    sealed_sha256 varchar(64),
    evidence text,
    evidence_sha256 varchar(64),
    created_at timestamptz NOT NULL,
    presented_at timestamptz,
    read_at timestamptz,
    signed_at timestamptz,
    sealed_at timestamptz
);
CREATE INDEX ix_contracts_application_id ON contracts (application_id);
CREATE UNIQUE INDEX uq_contracts_application_id ON contracts (application_id) WHERE status <> 'void';
"""
INSERT = """
INSERT INTO document_texts (id, kind, version, locale, body, sha256, effective_from, source)
VALUES (:id, :kind, :version, :locale, CAST(:body AS json), :sha256, :effective_from, :source)
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON document_texts FROM {APP}")
    op.execute(f"REVOKE DELETE, TRUNCATE ON cost_sheets, contracts FROM {APP}")
    content = tomllib.loads(TEXT.read_text(encoding="utf-8"))
    body = {"title": content["title"], "intro": content["intro"], "clauses": content["clause"]}
    plain = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    key = f"dukou:document:{content['kind']}:{content['version']}:{content['locale']}"
    op.get_bind().execute(
        text(INSERT),
        {
            **{name: content[name] for name in ("kind", "version", "locale", "effective_from", "source")},
            "id": uuid5(NAMESPACE_URL, key),
            "body": plain,
            "sha256": hashlib.sha256(plain.encode()).hexdigest(),
        },
    )
