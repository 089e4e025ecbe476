"""On whose pages a phone code was asked for."""

from alembic import op

revision, down_revision = "0062", "0047"


def upgrade() -> None:
    """Add the column and its index."""
    op.execute(
        """
        ALTER TABLE phone_codes ADD COLUMN partner_id uuid;
        CREATE INDEX ix_phone_codes_partner_id_created_at ON phone_codes (partner_id, created_at);
        """
    )
