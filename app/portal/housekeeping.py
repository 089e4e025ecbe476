"""Which traces of partners' developers are deleted once their period is over; the audit trail stays."""

from __future__ import annotations

from app.kernel.retention import register

register("portal_sign_in_tries", "portal_sign_in_tries", "t.tried_at < :before")
register("portal_sessions", "portal_sessions", "least(t.ends_at, t.revoked_at) < :before")
