"""What a frame may know of its session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.credit import queries as credit
from app.embed.models import EmbedSession
from app.kernel import clock
from app.orders import queries as orders
from app.partners import queries as partners


@dataclass(frozen=True)
class FrameContext:
    """Where the frame is and what for. The partner is shown to the customer before anything personal is asked."""

    embed_session_id: UUID
    partner_name: str
    order: orders.OrderView | None
    components: dict[str, object]
    mode: str
    locale: str


def frame_context(session: Session, embed_session_id: UUID) -> FrameContext:
    """The context of a session that was opened."""
    opened = session.get_one(EmbedSession, embed_session_id)
    return FrameContext(
        embed_session_id=opened.id,
        partner_name=partners.partner(session, opened.partner_id).name,
        order=orders.order(session, opened.order_id) if opened.order_id else None,
        components=opened.components,
        mode=opened.mode,
        locale=opened.locale,
    )


def public_terms(session: Session) -> list[dict[str, Any]]:
    """What is offered today, as badges in partners' pages compute with it."""
    return [
        {
            "code": offer.product.terms.code,
            "name": offer.product.terms.name,
            "min_fen": offer.product.terms.min_fen,
            "max_fen": offer.product.terms.max_fen,
            "terms_months": offer.product.terms.terms_months,
            "methods": offer.product.terms.methods,
            "lowest_annual_rate": offer.lowest_rate,
            "highest_annual_rate": offer.highest_rate,
            "all_in_cap": offer.all_in_cap,
        }
        for offer in credit.offers(session, on=clock.today())
    ]
