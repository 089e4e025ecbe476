"""The data box: files of a business and their readings, sealed under its own key, and a log that is only added to."""

from alembic import op

revision, down_revision = "0045", "0035"
APP = "dukou_app"

DOCUMENTS = """
CREATE TABLE documents (
    id uuid CONSTRAINT pk_documents PRIMARY KEY,
    enterprise_id uuid NOT NULL CONSTRAINT fk_documents_enterprise_id REFERENCES enterprises,
    uploaded_by uuid NOT NULL CONSTRAINT fk_documents_uploaded_by REFERENCES customers,
    content_index varchar(64) NOT NULL,
    size_bytes integer NOT NULL,
    kind varchar(16),
    media_type varchar(80),
    status varchar(16) NOT NULL,
    refusal varchar(32),
    refusal_place varchar(32),
    sealed_content bytea,
    sealed_reading bytea,
    created_at timestamptz NOT NULL,
    confirmed_by uuid CONSTRAINT fk_documents_confirmed_by REFERENCES customers,
    confirmed_at timestamptz,
    CONSTRAINT ck_documents_erased CHECK (
        status NOT IN ('rejected', 'withdrawn') OR (sealed_content IS NULL AND sealed_reading IS NULL)
    ),
    CONSTRAINT ck_documents_refusal CHECK ((status = 'rejected') = (refusal IS NOT NULL))
);
CREATE INDEX ix_documents_enterprise_id_id ON documents (enterprise_id, id);
CREATE UNIQUE INDEX uq_documents_live ON documents (enterprise_id, content_index)
    WHERE status IN ('received', 'to_confirm', 'confirmed');
CREATE TABLE document_accesses (
    id uuid CONSTRAINT pk_document_accesses PRIMARY KEY,
    document_id uuid NOT NULL CONSTRAINT fk_document_accesses_document_id REFERENCES documents,
    customer_id uuid NOT NULL CONSTRAINT fk_document_accesses_customer_id REFERENCES customers,
    action varchar(16) NOT NULL,
    occurred_at timestamptz NOT NULL
);
CREATE INDEX ix_document_accesses_document_id ON document_accesses (document_id);
"""


def upgrade() -> None:
    op.execute(DOCUMENTS)
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON document_accesses FROM {APP}")
    op.execute(f"REVOKE DELETE, TRUNCATE ON documents FROM {APP}")
