"""Consents: read the texts in force, give them one by one, see the history, withdraw."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, g

from app.customers import queries, schemas, usecases
from app.customers.routes.account import account
from app.kernel.db import transaction
from app.kernel.pagination import Page
from app.kernel.web import principal
from app.kernel.web.idempotent import once
from app.kernel.web.paging import page_request


@account.get("/consent-texts")
@account.arguments(schemas.ConsentTextsIn, location="query")
@account.response(200, schemas.ConsentTextsOut)
def list_consent_texts(query: dict[str, Any]) -> dict[str, Any]:
    """The consent texts in force."""
    with transaction() as session:
        return {"items": queries.current_texts(session, locale=query["locale"])}


@account.post("/consents")
@account.arguments(schemas.ConsentIn)
@account.response(201, schemas.ConsentOut)
def create_consent(body: dict[str, Any]) -> Response:
    """Give one consent to exactly the text in force.

    409 `consent.text_changed`: show the current text and ask again; 422 `consent.subject_wrong`; 404
    `enterprise.not_found`.
    """
    asking = principal.customer()
    facts = {"request_id": g.request_id, "session_id": str(asking.session_id), "channel": asking.channel}
    return once(
        lambda session, consent_id: usecases.grant(
            session, consent_id=consent_id, customer_id=asking.customer_id, facts=facts, **body
        ),
        schema=schemas.ConsentOut,
        status=201,
        body=body,
    )


@account.get("/consents")
@account.arguments(schemas.ConsentsIn, location="query")
@account.response(200, schemas.ConsentPageOut)
def list_consents(query: dict[str, Any]) -> Page[Any]:
    """All consents ever given, newest first; `withdrawn_at` says which have ended."""
    with transaction() as session:
        return queries.consents(
            session, principal.customer().customer_id, page_request(query, "consents"), locale=query["locale"]
        )


@account.get("/consents/<uuid:consent_id>/text")
@account.response(200, schemas.AgreedTextOut)
def get_agreed_text(consent_id: UUID) -> Any:
    """The text that was agreed to, in the version and language it was read in. 404 `consent.not_found`."""
    with transaction() as session:
        return queries.agreed_text(session, customer_id=principal.customer().customer_id, consent_id=consent_id)


@account.delete("/consents/<uuid:consent_id>")
@account.response(200, schemas.ConsentOut)
def withdraw_consent(consent_id: UUID) -> Response:
    """Withdraw a consent from now on, without a second factor. 404 `consent.not_found`.

    What rests on it stops: applications that are not signed, estimates, automatic debits, what a partner is told.
    """
    customer_id = principal.customer().customer_id
    return once(
        lambda session, _: usecases.withdraw(session, customer_id=customer_id, consent_id=consent_id),
        schema=schemas.ConsentOut,
        status=200,
    )
