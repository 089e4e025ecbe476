"""A row says on which day a restructuring took its principal, so that statements of earlier months stay what they were."""

from alembic import op

revision, down_revision = "0042", "0053"


def upgrade() -> None:
    """Add the column; what was moved before now was moved by the loan's first restructuring after the due day."""
    op.execute("ALTER TABLE loan_instalments ADD COLUMN moved_on date")
    op.execute(
        "UPDATE loan_instalments i SET moved_on = (SELECT min(c.effective_on) FROM loan_changes c"
        " WHERE c.loan_id = i.loan_id AND c.kind = 'restructuring' AND c.effective_on >= i.due_on"
        " AND NOT coalesce((c.terms->>'keep_arrears')::boolean, false)) WHERE moved_principal_fen > 0"
    )
