"""A row of a schedule says where its interest begins and what it earns where that is not told by its due days and sum."""

from alembic import op

revision, down_revision = "0047", "0058"


def upgrade() -> None:
    """Add the columns; empty for every loan whose product says nothing of holidays or grace."""
    op.execute(
        "ALTER TABLE loan_instalments ADD COLUMN interest_from_on date,"
        " ADD COLUMN own_interest_fen bigint CHECK (own_interest_fen >= 0)"
    )
