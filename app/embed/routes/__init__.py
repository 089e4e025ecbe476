"""Embed's routes: sessions for partners' servers and frames, and the ways from a desktop to a phone."""

from app.embed.routes.handoffs import desktop_handoffs, own_handoffs, scanned_codes
from app.embed.routes.sessions import frame, frame_sessions, partner_sessions, public_config

__all__ = [
    "desktop_handoffs",
    "frame",
    "frame_sessions",
    "own_handoffs",
    "partner_sessions",
    "public_config",
    "scanned_codes",
]
