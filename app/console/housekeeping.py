"""Which traces of staff are deleted once their period is over; what they did stays in the audit trail."""

from __future__ import annotations

from app.kernel.retention import register

register("staff_sign_in_tries", "staff_sign_in_tries", "t.tried_at < :before")
register("staff_sessions", "staff_sessions", "least(t.ends_at, t.revoked_at) < :before")
