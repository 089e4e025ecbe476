"""Returned debits are looked for every ten minutes and are few: found without reading all debits."""

from alembic import op
from sqlalchemy import text

revision, down_revision = "0050", "0046"


def upgrade() -> None:
    op.execute(text("CREATE INDEX ix_debits_returned ON debits (reference_id) WHERE status = 'returned'"))


def downgrade() -> None:
    op.execute(text("DROP INDEX ix_debits_returned"))
