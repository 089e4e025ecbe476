"""Which traces of embedded pages are deleted once their period is over."""

from __future__ import annotations

from app.kernel.retention import register

register("page_codes", "embed_page_codes", "t.expires_at < :before")
