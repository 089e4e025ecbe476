"""What a frame may know of its session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.credit import queries as credit
from app.embed.models import EmbedSession, PageCode
from app.kernel import clock
from app.kernel.errors import NotFound
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


@dataclass(frozen=True)
class HandoffState:
    """What a desktop may know of the phone that took over."""

    status: str
    expires_at: datetime
    order_status: str | None
    application_status: str | None


def handoff_state(session: Session, *, handoff_id: UUID, embed_session_id: UUID) -> HandoffState:
    """How far a phone is that was shown the way by this session. Raises NotFound."""
    row = session.get(PageCode, handoff_id)
    if row is None or row.embed_session_id != embed_session_id:
        raise NotFound("There is no such hand-off.")
    context = frame_context(session, embed_session_id)
    application_id = context.order.application_id if context.order else None
    status = "scanned" if row.used_at else "expired" if row.expires_at <= clock.now() else "waiting"
    return HandoffState(
        status=status,
        expires_at=row.expires_at,
        order_status=context.order.status if context.order else None,
        application_status=credit.application(session, application_id).status if application_id else None,
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
