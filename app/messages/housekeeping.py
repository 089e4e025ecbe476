"""Which traces of messages are deleted once their period is over."""

from __future__ import annotations

from app.kernel.retention import register

register("message_pushes", "message_pushes", "t.received_at < :before")
