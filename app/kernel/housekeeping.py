"""What the kernel tidies up and watches by itself: traces past their period, keys, listeners that gave up."""

from __future__ import annotations

from app.kernel import invariants, retention
from app.kernel.db import transaction
from app.kernel.jobs import task

retention.register("idempotency_keys", "idempotency_keys", "t.created_at < :before")
retention.register(  # failed ones stay until a person has looked
    "finished_jobs",
    "procrastinate_jobs",
    "t.status IN ('succeeded', 'aborted')"
    " AND NOT EXISTS (SELECT 1 FROM procrastinate_events e WHERE e.job_id = t.id AND e.at > :before)",
)


@task("kernel.purge_traces", cron="17 3 * * *")
def purge_traces() -> None:
    """Delete what is older than its period, each kind by itself and in small transactions."""
    for name in tuple(retention.TRACES):  # codes before the sessions they name
        deleted = retention.AT_ONCE
        while deleted == retention.AT_ONCE:
            with transaction() as session:
                deleted = retention.purge(session, name)


invariants.register(
    "I7",
    "no listener of an event has given up: its work is done, or its job is still tried",
    "SELECT id, task_name, attempts FROM procrastinate_jobs WHERE status = 'failed' AND jsonb_exists(args, 'event_id')",
)
invariants.register(
    "I8",
    "every idempotency key is finished, or its lease ended less than thirty days ago and a repeat may take it up",
    "SELECT id::text, scope FROM idempotency_keys WHERE (status IS NULL) <> (sealed_body IS NULL)"
    " OR leased_until > created_at + interval '31 days'",
)
invariants.register(
    "I2",
    "balances that are stored equal the sum of what moved them: lines, loans, customer credit",
    "SELECT l.id::text, l.used_fen, coalesce(sum(n.outstanding_principal_fen), 0) FROM credit_lines l"
    " LEFT JOIN loans n ON n.credit_line_id = l.id GROUP BY l.id"
    " HAVING l.used_fen <> coalesce(sum(n.outstanding_principal_fen), 0)",
)
