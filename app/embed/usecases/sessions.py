"""A partner's server opens a session for one of its customers and gets a client token for its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.embed import domain
from app.embed.models import EmbedSession
from app.embed.usecases import pages
from app.kernel import clock, crypto, ids
from app.orders import usecases as orders
from app.partners import queries as partners


@dataclass(frozen=True)
class OrderTerms:
    """The order that a loan may pay, in the partner's words."""

    order_ref: str
    merchant_ref: str
    title: str
    amount_fen: int


@dataclass(frozen=True)
class Opened:
    """A new session; the client token is shown this once."""

    id: UUID
    expires_at: datetime
    components: tuple[str, ...]
    mode: str
    client_token: str = field(repr=False)
    page_code: str = field(repr=False)


def open_session(
    session: Session,
    *,
    session_id: UUID,
    partner_id: UUID,
    customer_ref: str,
    origins: Sequence[str],
    components: Mapping[str, Mapping[str, Any]],
    order: OrderTerms | None,
    mode: str | None,
    locale: str,
    mode_setting: str,
    return_url: str | None = None,
) -> Opened:
    """Open a session of ten minutes, bound to partner, customer reference, origins, components and mode.

    It is opened once: by the client token in a frame, or by the page code in a page of our own, which then leads back
    to `return_url`. Raises the refusals of `embed.domain` and of `orders.usecases.offer`.
    """
    domain.check_customer_ref(customer_ref)
    _check_origins(session, partner_id, origins)
    chosen = domain.choose_mode(mode, mode_setting)
    token, now = ids.new_token("ect"), clock.now()
    row = EmbedSession(
        id=session_id,
        partner_id=partner_id,
        customer_ref=customer_ref,
        order_id=_offer(session, partner_id, components, order),
        origins=list(origins),
        components={name: dict(options) for name, options in components.items()},
        mode=chosen,
        locale=locale,
        token_hash=crypto.token_hash(token),
        token_expires_at=now + domain.CLIENT_TOKEN_LIFE,
        created_at=now,
    )
    session.add(row)
    session.flush()
    code = pages.add_code(session, row, return_to=return_url, expires_at=now + domain.CLIENT_TOKEN_LIFE)
    return Opened(row.id, row.token_expires_at, tuple(row.components), chosen, token, code)


def _check_origins(session: Session, partner_id: UUID, origins: Sequence[str]) -> None:
    if foreign := partners.unregistered(session, partner_id, origins):
        raise domain.OriginNotRegistered("Register these origins first.", origins=foreign)


def _offer(
    session: Session, partner_id: UUID, components: Mapping[str, Mapping[str, Any]], order: OrderTerms | None
) -> UUID | None:
    granted = components.get("apply", {}).get("max_amount_fen")
    if order is None:
        if "apply" in components:
            raise domain.OrderMissing("Name the order that the loan is to pay.")
        return None
    if granted is not None and order.amount_fen > granted:
        raise domain.AmountAboveGrant("The order costs more than max_amount_fen.", max_amount_fen=granted)
    offered = orders.offer(
        session,
        partner_id=partner_id,
        order_ref=order.order_ref,
        merchant_ref=order.merchant_ref,
        title=order.title,
        amount_fen=order.amount_fen,
    )
    return offered.id
