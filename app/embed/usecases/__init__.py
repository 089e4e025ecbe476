"""What happens in embed sessions: opened by the partner, redeemed by a frame, used by a customer."""

from app.embed.usecases.applications import apply
from app.embed.usecases.frames import Redemption, authenticate, redeem
from app.embed.usecases.handoffs import (
    Handoff,
    apply_by_handoff,
    compare,
    look,
    open_handoff,
    stop,
    take_over,
)
from app.embed.usecases.pages import Arrival, arrive, enter_page
from app.embed.usecases.sessions import Opened, OrderTerms, open_session

__all__ = [
    "Arrival",
    "Handoff",
    "Opened",
    "OrderTerms",
    "Redemption",
    "apply",
    "apply_by_handoff",
    "arrive",
    "authenticate",
    "compare",
    "enter_page",
    "look",
    "open_handoff",
    "open_session",
    "redeem",
    "stop",
    "take_over",
]
