"""What a frame may know of its session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credit import queries as credit
from app.embed.domain import CLIENT_TOKEN_LIFE, FRAME_ABSOLUTE, HandoffUnknown, match_choices
from app.embed.models import EmbedSession, PageCode
from app.kernel import clock
from app.orders import queries as orders
from app.partners import queries as partners

MOST_HANDOFFS = 20


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
    """How far a phone is that was shown the way by this session. Raises HandoffUnknown."""
    row = session.get(PageCode, handoff_id)
    if row is None or row.embed_session_id != embed_session_id:
        raise HandoffUnknown("There is no such hand-off.")
    context = frame_context(session, embed_session_id)
    application_id = context.order.application_id if context.order else None
    return HandoffState(
        status=_stage(row),
        expires_at=row.expires_at,
        order_status=context.order.status if context.order else None,
        application_status=credit.application(session, application_id).status if application_id else None,
    )


def _stage(row: PageCode) -> str:
    """`confirmed` needs the mini-program: a phone's browser has taken over when it is `scanned`."""
    if row.stopped_at:
        return "stopped"
    if row.used_at:
        return "confirmed" if row.customer_id else "scanned"
    if row.expires_at <= clock.now():
        return "expired"
    return "scanned" if row.scanned_at else "waiting"


@dataclass(frozen=True)
class ScannedOrder:
    """What a scanned code shows to whoever holds the phone: the order and the numbers to choose from."""

    partner_name: str
    order: orders.OrderView | None
    match_choices: list[str]
    expires_at: datetime


def scanned_order(session: Session, row: PageCode) -> ScannedOrder:
    """The order behind a code that waits to be taken over."""
    context = frame_context(session, row.embed_session_id)
    choices = match_choices(row.match_number or "", row.code_hash)
    return ScannedOrder(context.partner_name, context.order, choices, row.expires_at)


@dataclass(frozen=True)
class OwnHandoff:
    """An order that a customer took over; `expires_at`: until then they can apply for it here."""

    id: UUID
    status: str
    partner_name: str
    order: orders.OrderView | None
    expires_at: datetime


def own_handoff(session: Session, *, handoff_id: UUID, customer_id: UUID) -> OwnHandoff:
    """One of the orders that this customer took over. Raises HandoffUnknown."""
    row = session.get(PageCode, handoff_id)
    if row is None or row.customer_id != customer_id:
        raise HandoffUnknown("There is no such hand-off.")
    return _own(session, row)


def open_handoffs(session: Session, customer_id: UUID) -> list[OwnHandoff]:
    """The orders that this customer took over and can still apply for, newest first."""
    since = clock.now() - FRAME_ABSOLUTE - CLIENT_TOKEN_LIFE
    query = select(PageCode).where(PageCode.customer_id == customer_id, PageCode.created_at > since)
    found = [_own(session, row) for row in session.scalars(query.order_by(PageCode.id.desc()).limit(MOST_HANDOFFS))]
    return [one for one in found if one.status == "confirmed" and one.order and one.order.status == "offered"]


def _own(session: Session, row: PageCode) -> OwnHandoff:
    opened = session.get_one(EmbedSession, row.embed_session_id)
    ends_at = (opened.redeemed_at or row.created_at) + FRAME_ABSOLUTE
    context = frame_context(session, row.embed_session_id)
    status = "expired" if ends_at <= clock.now() else _stage(row)
    return OwnHandoff(row.id, status, context.partner_name, context.order, ends_at)


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
