"""From a desktop to a phone: the desktop shows a code and follows; the mini-program takes the order over."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

import segno
from flask import Response, current_app, g

from app.adapters import channels
from app.adapters.wechat_login import WechatUnavailable
from app.credit.queries import ApplicationView
from app.embed import queries, usecases
from app.embed.domain import MINI_PROGRAM_PAGE, MatchNumberWrong
from app.embed.schemas import (
    FrameApplicationIn,
    FrameApplicationOut,
    HandoffOut,
    HandoffStateOut,
    OwnHandoffOut,
    OwnHandoffPageOut,
    ScannedOrderOut,
    SceneIn,
    StoppedOut,
    TakeOverIn,
)
from app.kernel import crypto
from app.kernel.db import transaction
from app.kernel.pagination import Page
from app.kernel.web import principal
from app.kernel.web.idempotent import once, open_call_settle
from app.kernel.web.polling import polled
from app.kernel.web.routing import Routes

desktop_handoffs = Routes("handoffs", __name__, description="From a desktop to a phone")
scanned_codes = Routes("scanned_codes", __name__, description="A phone has scanned a code; nobody is known yet")
own_handoffs = Routes("own_handoffs", __name__, description="Orders taken over from a desktop")
PNG = b"\x89PNG"


@desktop_handoffs.post("/handoffs")
@desktop_handoffs.response(201, HandoffOut)
def create_handoff() -> Response:
    """Show the way to a phone: a code for one use within five minutes; an earlier one ends."""
    asking = principal.embed()
    return open_call_settle(
        open_=lambda session, new_id: usecases.open_handoff(
            session, handoff_id=new_id, embed_session_id=asking.embed_session_id
        ),
        call=lambda made: _mini_program_code(made.code),
        settle=lambda _, made, image: _shown(made, image),
        schema=HandoffOut,
        status=201,
    )


@desktop_handoffs.get("/handoffs/<uuid:handoff_id>")
@desktop_handoffs.response(200, HandoffStateOut)
def get_handoff(handoff_id: UUID) -> Response:
    """How far the phone is; poll every 2 s with If-None-Match."""
    with transaction() as session:
        state = queries.handoff_state(
            session, handoff_id=handoff_id, embed_session_id=principal.embed().embed_session_id
        )
    return polled(HandoffStateOut, state)


@scanned_codes.post("/scanned-codes")
@scanned_codes.arguments(SceneIn)
@scanned_codes.response(200, ScannedOrderOut)
def look_at_code(body: dict[str, str]) -> dict[str, Any]:
    """What a scanned code leads to, before anything personal; the code is the proof. Looking twice is looking once.

    401 `embed.handoff_refused`: used, stopped or too old.
    """
    with transaction() as session:
        return _with_partner(usecases.look(session, code=body["scene"]))


@scanned_codes.post("/scanned-codes/stop")
@scanned_codes.arguments(SceneIn)
@scanned_codes.response(200, StoppedOut)
def stop_code(body: dict[str, str]) -> dict[str, bool]:
    """The number on the desktop is none of the choices: nobody can use this code any more."""
    with transaction() as session:
        usecases.stop(session, code=body["scene"], request_id=g.get("request_id", ""))
    return {"stopped": True}


@own_handoffs.post("/handoffs")
@own_handoffs.arguments(TakeOverIn)
@own_handoffs.response(201, OwnHandoffOut)
def take_over(body: dict[str, str]) -> Response:
    """Take the order of a scanned code over; from now on it is yours alone.

    422 `embed.match_number_wrong`: the code has ended, ask the desktop for a new one; 401 `embed.handoff_refused`;
    403 `embed.other_customer`.
    """
    asking = principal.customer()

    def settle(session: Any, same: bool, _: None) -> dict[str, Any]:
        if not same:
            raise MatchNumberWrong("This is not the number on the desktop.")
        return _with_partner(usecases.take_over(session, code=body["scene"], customer_id=asking.customer_id))

    return open_call_settle(
        open_=lambda session, _: usecases.compare(
            session, code=body["scene"], match_number=body["match_number"], request_id=g.get("request_id", "")
        ),
        call=lambda _: None,  # between the two transactions only a commit: a wrong number ends the code
        settle=settle,
        schema=OwnHandoffOut,
        status=201,
        body=[crypto.token_hash(body["scene"]), body["match_number"]],
    )


@own_handoffs.get("/handoffs")
@own_handoffs.response(200, OwnHandoffPageOut)
def list_handoffs() -> Page[Any]:
    """Orders you took over and have not applied for yet, newest first: a handful, so always one page."""
    with transaction() as session:
        found = queries.open_handoffs(session, principal.customer().customer_id)
    return Page([_with_partner(one) for one in found], None)


@own_handoffs.get("/handoffs/<uuid:handoff_id>")
@own_handoffs.response(200, OwnHandoffOut)
def get_own_handoff(handoff_id: UUID) -> dict[str, Any]:
    """One order that you took over; its application, once there is one, says how it goes on."""
    with transaction() as session:
        customer_id = principal.customer().customer_id
        return _with_partner(queries.own_handoff(session, handoff_id=handoff_id, customer_id=customer_id))


@own_handoffs.post("/handoffs/<uuid:handoff_id>/application")
@own_handoffs.arguments(FrameApplicationIn)
@own_handoffs.response(201, FrameApplicationOut)
def apply_for_order(body: dict[str, Any], handoff_id: UUID) -> Response:
    """Apply for the loan that pays the order: the hand-off says for what, the session says who.

    401 `embed.handoff_refused`; 403 `embed.other_customer`, `consent.missing`; 409 `order.closed`.
    """
    customer_id = principal.customer().customer_id

    def work(session: Any, new_id: UUID) -> ApplicationView:
        return usecases.apply_by_handoff(
            session, application_id=new_id, handoff_id=handoff_id, customer_id=customer_id, **body
        )

    return once(work, schema=FrameApplicationOut, status=201, body=body)


def _with_partner(found: queries.ScannedOrder | queries.OwnHandoff) -> dict[str, Any]:
    return {**vars(found), "partner": {"name": found.partner_name}}


def _mini_program_code(code: str) -> bytes | None:
    """WeChat's picture; without it the desktop shows the code for browsers."""
    try:
        return channels().wechat_login.mini_program_code(scene=code, page=MINI_PROGRAM_PAGE)
    except WechatUnavailable:
        return None


def _shown(made: usecases.Handoff, image: bytes | None) -> dict[str, Any]:
    url = f"{current_app.config['DUKOU'].embed_url}/embed/v1/page#h={made.code}"
    kind = "png" if image and image.startswith(PNG) else "jpeg"
    shown = f"data:image/{kind};base64,{base64.b64encode(image).decode()}" if image else None
    return {**vars(made), "url": url, "picture": _picture(url), "mini_program_code": shown}


def _picture(url: str) -> dict[str, Any]:
    matrix = segno.make(url, error="m", micro=False).matrix
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark)
    return {"size": len(matrix), "path": path}
