"""What the kernel tidies up and watches by itself: old idempotency keys, finished jobs."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from app.kernel import clock, idempotency, invariants
from app.kernel.db import transaction
from app.kernel.jobs import task

FINISHED_JOBS_KEPT = timedelta(days=7)  # long enough to see what happened last week


@task("kernel.purge_idempotency_keys", cron="17 3 * * *")
def purge_idempotency_keys() -> None:
    """Forget keys after thirty days, as the API documents promise."""
    with transaction() as session:
        idempotency.purge(session)


@task("kernel.purge_finished_jobs", cron="27 3 * * *")
def purge_finished_jobs() -> None:
    """Delete jobs that ended well or gave way to a twin; failed ones stay until a person has looked."""
    with transaction() as session:
        session.execute(
            text(
                "DELETE FROM procrastinate_jobs j WHERE j.status IN ('succeeded', 'aborted') AND NOT EXISTS"
                " (SELECT 1 FROM procrastinate_events e WHERE e.job_id = j.id AND e.at > :since)"
            ),
            {"since": clock.now() - FINISHED_JOBS_KEPT},
        )


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
