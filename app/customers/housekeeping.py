"""Which traces of signing in are deleted once their period is over (PIPL article 19).

A number typed by a stranger is personal data of somebody who never came. A code that became a second factor is
evidence of what was signed: it stays, and its session with it.
"""

from __future__ import annotations

from app.kernel.retention import NOT_HELD, register

register(
    "phone_codes",
    "phone_codes",
    "t.created_at < :before AND NOT EXISTS (SELECT 1 FROM step_ups s WHERE s.phone_code_id = t.id)",
)
register("phone_changes", "phone_changes", "t.opened_at < :before AND t.status <> 'done'")
register("oauth_states", "oauth_states", "t.created_at < :before")
_UNUSED = (
    "NOT EXISTS (SELECT 1 FROM phone_codes p WHERE p.session_id = t.id)"
    " AND NOT EXISTS (SELECT 1 FROM step_ups s WHERE s.session_id = t.id)"
    " AND NOT EXISTS (SELECT 1 FROM phone_changes c WHERE c.session_id = t.id)"
)
register(
    "unfinished_sign_ins", "customer_sessions", f"t.customer_id IS NULL AND t.ends_at < :before AND {_UNUSED}"
)
register(
    "customer_sessions",
    "customer_sessions",
    "t.customer_id IS NOT NULL AND least(t.expires_at, t.ends_at, t.revoked_at) < :before"
    f" AND {_UNUSED} AND {NOT_HELD}",
)
