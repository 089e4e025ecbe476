"""A loan keeps what its product said about the plan (due day, first period, smoothing); none: as it always was."""

from alembic import op

revision, down_revision = "0041", "0048"


def upgrade() -> None:
    """Add the column."""
    op.execute("ALTER TABLE loans ADD COLUMN plan_options json")
