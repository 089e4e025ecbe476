"""The job queue's schema as procrastinate 3.10 ships it, without its NOTIFY triggers: workers poll."""

from pathlib import Path

from alembic import op

revision, down_revision = "0002", "0001"
SCHEMA = Path(__file__).parents[1] / "sql" / "procrastinate_3.10.sql"  # a frozen copy: a migration never changes


def upgrade() -> None:
    # many statements with % and : in them: only psycopg's own cursor, without parameters, sends them as they are
    op.get_bind().connection.driver_connection.execute(SCHEMA.read_text().encode())
    for trigger in ("inserted", "aborted"):
        op.execute(f"DROP TRIGGER procrastinate_jobs_notify_queue_job_{trigger}_v1 ON procrastinate_jobs")
