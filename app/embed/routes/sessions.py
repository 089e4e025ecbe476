"""Sessions for partners' servers, frame sessions for our frames in partners' pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, current_app, g, request
from sqlalchemy.orm import Session

from app.credit.queries import ApplicationView
from app.customers.usecases import authenticate as authenticate_customer
from app.embed import queries, usecases
from app.embed.proof_header import presented
from app.embed.schemas import (
    ConfigOut,
    EmbedSessionIn,
    EmbedSessionOut,
    FrameApplicationIn,
    FrameApplicationOut,
    FrameContextOut,
    FrameSessionIn,
    FrameSessionOut,
)
from app.kernel.db import transaction
from app.kernel.web import principal
from app.kernel.web.idempotent import once
from app.kernel.web.polling import polled
from app.kernel.web.routing import Routes
from app.partners.usecases import require_scope

partner_sessions = Routes("partner_sessions", __name__, description="Embed sessions for your pages")
frame_sessions = Routes("frame_sessions", __name__, description="A frame redeems its client token")
frame = Routes("frame", __name__, description="What an open frame asks")
public_config = Routes("public_config", __name__, description="Public terms for badges")
CUSTOMER_HEADER = "X-Customer-Session"


@partner_sessions.post("/embed-sessions")
@partner_sessions.arguments(EmbedSessionIn)
@partner_sessions.response(201, EmbedSessionOut)
def create_embed_session(body: dict[str, Any]) -> Response:
    """Open a session for one of your customers; the client token in the answer works once, for ten minutes."""
    asking = principal.partner()
    require_scope(asking, "embed_sessions:write")
    terms = usecases.OrderTerms(**body["order"]) if body["order"] else None

    def work(session: Session, new_id: UUID) -> dict[str, Any]:
        opened = usecases.open_session(
            session,
            session_id=new_id,
            partner_id=asking.partner_id,
            mode_setting=current_app.config["DUKOU"].embed_mode,
            **{**body, "order": terms},
        )
        page = f"{current_app.config['DUKOU'].embed_url}/embed/v1/page"
        return {**vars(opened), "redirect_url": f"{page}#c={opened.page_code}"}

    return once(work, schema=EmbedSessionOut, status=201, body=body)


@frame_sessions.post("/frame-sessions")
@frame_sessions.arguments(FrameSessionIn)
@frame_sessions.response(201, FrameSessionOut)
def create_frame_session(body: dict[str, Any]) -> dict[str, Any]:
    """Redeem a client token, once; the token itself is the key, so this call needs no Idempotency-Key.

    A DPoP header (RFC 9449, ES256) binds the frame session to the browser's key; every later request carries a proof
    of its own. 401 `embed.proof_missing`, `embed.proof_invalid`, `embed.proof_stale`, `embed.proof_reused`,
    `embed.proof_other_key`.
    """
    with transaction() as session:
        redemption = usecases.redeem(session, request_id=g.get("request_id", ""), presented=presented(), **body)
        if redemption.principal:
            session.flush()
            shown = _shown(queries.frame_context(session, redemption.principal.embed_session_id))
    if redemption.refusal:  # raised after the commit: the refusal stays on record
        raise redemption.refusal
    return {**shown, "frame_token": redemption.frame_token, "expires_at": redemption.expires_at}


@frame.get("/context")
@frame.response(200, FrameContextOut)
def get_context() -> dict[str, Any]:
    """Where the frame is and what for: show the partner before you ask for anything personal."""
    with transaction() as session:
        return _shown(queries.frame_context(session, principal.embed().embed_session_id))


@frame.post("/applications")
@frame.arguments(FrameApplicationIn)
@frame.response(201, FrameApplicationOut)
def create_application(body: dict[str, Any]) -> Response:
    """Apply for the loan that pays the order: the frame token says for what, X-Customer-Session says who."""
    asking = principal.embed()
    with transaction() as session:
        customer = authenticate_customer(session, token=request.headers.get(CUSTOMER_HEADER, ""))

    def work(session: Session, new_id: UUID) -> ApplicationView:
        return usecases.apply(
            session,
            application_id=new_id,
            embed_session_id=asking.embed_session_id,
            customer_id=customer.customer_id,
            **body,
        )

    # the customer is part of the intention: nobody else gets this answer with the same key
    return once(work, schema=FrameApplicationOut, status=201, body={**body, "customer_id": customer.customer_id})


@public_config.get("/config.json")
@public_config.response(200, ConfigOut)
def get_config() -> Response:
    """Terms for badges: for any page, without cookies, cached for five minutes, with an ETag."""
    settings = current_app.config["DUKOU"]
    with transaction() as session:
        products = queries.public_terms(session)
    lender = {"zh": settings.bank.name, "en": settings.bank.english_name}
    shown = {"lender": lender, "color": settings.bank.brand_color, "mode": settings.embed_mode, "products": products}
    answer = polled(ConfigOut, shown)
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _shown(context: queries.FrameContext) -> dict[str, Any]:
    return {**vars(context), "partner": {"name": context.partner_name}}
