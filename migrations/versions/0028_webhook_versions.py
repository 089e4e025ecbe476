"""Endpoints are pinned to a version and known to answer well or not; what is older than ninety days can be forgotten."""

from alembic import op

revision, down_revision = "0028", "0021"
APP = "dukou_app"

COLUMNS = """
ALTER TABLE webhook_endpoints
    ADD COLUMN version varchar(10) NOT NULL DEFAULT '2026-11-01',
    ADD COLUMN proven_at timestamptz;
ALTER TABLE webhook_endpoints ALTER COLUMN version DROP DEFAULT;
"""
# The application may still delete nothing of what was told; only this may, and only what is old.
FORGET = """
CREATE FUNCTION webhooks_forget(doomed uuid[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    old uuid[] := ARRAY(
        SELECT id FROM webhook_events WHERE id = ANY (doomed) AND created_at < now() - interval '90 days'
    );
BEGIN
    DELETE FROM webhook_results r USING webhook_attempts a, webhook_messages m
        WHERE r.attempt_id = a.id AND a.message_id = m.id AND m.event_id = ANY (old);
    DELETE FROM webhook_attempts a USING webhook_messages m WHERE a.message_id = m.id AND m.event_id = ANY (old);
    DELETE FROM webhook_messages WHERE event_id = ANY (old);
    DELETE FROM webhook_events WHERE id = ANY (old);
    RETURN coalesce(array_length(old, 1), 0);
END $$;
"""


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(FORGET)
    op.execute("REVOKE EXECUTE ON FUNCTION webhooks_forget(uuid[]) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION webhooks_forget(uuid[]) TO {APP}")
