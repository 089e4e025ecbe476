"""A paper is found again by the digest of its bytes."""

from alembic import op

revision, down_revision = "0061", "0041"


def upgrade() -> None:
    """Add the indexes."""
    op.execute(
        """
        CREATE INDEX ix_contracts_document_sha256 ON contracts (document_sha256) WHERE document_sha256 IS NOT NULL;
        CREATE INDEX ix_contracts_sealed_sha256 ON contracts (sealed_sha256) WHERE sealed_sha256 IS NOT NULL;
        CREATE INDEX ix_settlement_certificates_document_sha256 ON settlement_certificates (document_sha256);
        """
    )
