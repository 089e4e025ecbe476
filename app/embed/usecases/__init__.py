"""What happens in embed sessions: opened by the partner, redeemed by a frame, used by a customer."""

from app.embed.usecases.applications import apply
from app.embed.usecases.frames import Redemption, authenticate, redeem
from app.embed.usecases.pages import Arrival, Handoff, arrive, enter_page, open_handoff
from app.embed.usecases.sessions import Opened, OrderTerms, open_session

__all__ = [
    "Arrival",
    "Handoff",
    "Opened",
    "OrderTerms",
    "Redemption",
    "apply",
    "arrive",
    "authenticate",
    "enter_page",
    "open_handoff",
    "open_session",
    "redeem",
]
