"""What the application's role may do with the tables that later migrations create."""

from alembic import op

revision, down_revision = "0001", None
APP = "dukou_app"


def upgrade() -> None:
    for statement in (
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {APP}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP}",
        "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",  # only globally can a default be taken away
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {APP}",
        f"REVOKE ALL ON TABLE alembic_version FROM {APP}",
        f"GRANT SELECT ON TABLE alembic_version TO {APP}",  # readiness compares it with the program's head
    ):
        op.execute(statement)
