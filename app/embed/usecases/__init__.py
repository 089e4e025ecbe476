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
from app.embed.usecases.proofs import Presented, check_proof, purge_proofs
from app.embed.usecases.sessions import Opened, OrderTerms, open_session

__all__ = [
    "Arrival",
    "Handoff",
    "Opened",
    "OrderTerms",
    "Presented",
    "Redemption",
    "apply",
    "apply_by_handoff",
    "arrive",
    "authenticate",
    "check_proof",
    "compare",
    "enter_page",
    "look",
    "open_handoff",
    "open_session",
    "purge_proofs",
    "redeem",
    "stop",
    "take_over",
]
