"""A code that a phone scans is followed from the look at it to the customer who took it over, or to its refusal."""

from alembic import op

revision, down_revision = "0027", "0024"

COLUMNS = """
ALTER TABLE embed_page_codes
    ADD COLUMN scanned_at timestamptz,
    ADD COLUMN stopped_at timestamptz,
    ADD COLUMN customer_id uuid;
CREATE INDEX ix_embed_page_codes_customer_id ON embed_page_codes (customer_id);
"""


def upgrade() -> None:
    op.execute(COLUMNS)
