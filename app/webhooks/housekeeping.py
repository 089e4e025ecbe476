"""What must hold of webhooks at any time."""

from __future__ import annotations

from app.kernel import invariants
from app.webhooks.domain.told import TOLD

invariants.register(
    "I7",
    "every event a partner must hear of has its message, or the job that makes it is still to run",
    "SELECT o.id::text, o.name FROM outbox_events o WHERE o.payload ->> 'partner_id' IS NOT NULL"  # noqa: S608
    f" AND o.name IN ({', '.join(repr(name) for name in sorted(TOLD))})"
    # what partners were told is forgotten after ninety days; what is lost shows much sooner
    " AND o.occurred_at > (SELECT max(occurred_at) FROM outbox_events) - interval '80 days'"
    " AND NOT EXISTS (SELECT 1 FROM webhook_events w WHERE w.outbox_event_id = o.id)"
    " AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs p WHERE p.task_name = 'webhooks.fan_out'"
    " AND p.status IN ('todo', 'doing') AND p.args ->> 'event_id' = o.id::text)",
)
invariants.register(
    "I7",
    "every message to a partner is delivered, given up with a reason, parked, or has a job that will deliver it",
    "SELECT m.id::text, m.due_at FROM webhook_messages m WHERE m.delivered_at IS NULL AND m.given_up_at IS NULL"
    " AND m.parked_at IS NULL AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs p"
    " WHERE p.task_name IN ('webhooks.deliver', 'webhooks.wake_waiting') AND p.status IN ('todo', 'doing')"
    " AND (p.args ->> 'message_id' = m.id::text OR p.task_name = 'webhooks.wake_waiting'))"
    " UNION ALL SELECT id::text, due_at FROM webhook_messages"
    " WHERE given_up_at IS NOT NULL AND given_up_reason IS NULL",
)
