"""The inbox, what users allow in the mini-program, and where WeChat pushes to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import structlog
from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from app.adapters import channels
from app.kernel.db import transaction
from app.kernel.web.bodies import raw_body
from app.kernel.web.idempotent import once
from app.kernel.web.paging import page_request
from app.kernel.web.principal import customer
from app.kernel.web.routing import Routes
from app.messages import queries, schemas, usecases
from app.messages.domain.delivery import TemplateUnknown

MAX_PUSH_BYTES = 64 * 1024
messages = Routes("messages", __name__, description="What the bank told the signed-in customer")
pushes = Blueprint("wechat_pushes", __name__)
log = structlog.get_logger(__name__)


@messages.get("/messages")
@messages.arguments(schemas.MessagesIn, location="query")
@messages.response(200, schemas.MessagePageOut)
def list_messages(query: dict[str, Any]) -> dict[str, Any]:
    """The inbox, newest first, and how many messages are unread."""
    customer_id = customer().customer_id
    with transaction() as session:
        page = queries.inbox(
            session, customer_id=customer_id, locale=query["locale"], request=page_request(query, "messages")
        )
        unread = queries.unread_count(session, customer_id)
    return {"items": page.items, "next_cursor": page.next_cursor, "unread_count": unread}


@messages.post("/messages/<uuid:message_id>/read")
@messages.arguments(schemas.LocaleIn, location="query")
@messages.response(200, schemas.MessageOut)
def read_message(query: dict[str, Any], message_id: UUID) -> Response:
    """The customer opened a message; the first time counts. 404 `message.not_found`."""
    customer_id = customer().customer_id
    return once(
        lambda session, _: usecases.read_message(
            session, customer_id=customer_id, message_id=message_id, locale=query["locale"]
        ),
        schema=schemas.MessageOut,
        status=200,
        body=query,
    )


@messages.get("/message-templates")
@messages.response(200, schemas.MessageTemplatesOut)
def list_templates() -> dict[str, Any]:
    """The templates to ask for in the mini-program, with what is still allowed of each."""
    with transaction() as session:
        return _templates(session)


@messages.post("/message-grants")
@messages.arguments(schemas.MessageGrantsIn)
@messages.response(200, schemas.MessageTemplatesOut)
def create_grants(body: dict[str, Any]) -> Response:
    """Tell what the user tapped in wx.requestSubscribeMessage: each accepted template is worth one message.

    422 `message_grant.template_unknown`, `message_grant.not_in_mini_program`.
    """
    asking = customer()

    def claim(session: Session, _: UUID) -> dict[str, Any]:
        usecases.claim_grants(
            session,
            customer_id=asking.customer_id,
            channel=asking.channel,
            accepted=_kinds(body["accepted"]),
            rejected=_kinds(body["rejected"]),
        )
        session.flush()
        return _templates(session)

    return once(claim, schema=schemas.MessageTemplatesOut, status=200, body=body)


def _kinds(template_ids: Iterable[str]) -> list[str]:
    known = {template.template_id: kind for kind, template in channels().wechat_messages.templates.items()}
    wanted = sorted(set(template_ids))
    if not set(wanted) <= set(known):
        raise TemplateUnknown("No message of this bank has such a template.")
    return [known[one] for one in wanted]


def _templates(session: Session) -> dict[str, Any]:
    left = queries.credits_left(session, customer_id=customer().customer_id)
    templates = channels().wechat_messages.templates
    items = [
        {"kind": kind, "template_id": template.template_id, "left": left.get(kind, 0)}
        for kind, template in templates.items()
    ]
    return {"items": items}


@pushes.get("/wechat/messages")
def check_address() -> Response:
    """WeChat makes sure that this address is ours: answers its echo."""
    echo = channels().wechat_messages.check_address(list(request.args.items(multi=True)))
    return Response(echo, mimetype="text/plain")


@pushes.post("/wechat/messages")
def receive_push() -> Response:
    """A push of WeChat: stored and answered at once, worked on later. 401 when it proves nothing, 400 for nonsense."""
    push = channels().wechat_messages.read_push(list(request.args.items(multi=True)), raw_body(MAX_PUSH_BYTES))
    nonce = f"{request.args['timestamp']}|{request.args['nonce']}"
    with transaction() as session:
        new = usecases.keep_push(session, push=push, nonce=nonce)
    log.info("push", kind=push.kind, new=new)
    return Response("success", mimetype="text/plain")
