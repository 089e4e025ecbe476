"""The account of the person signed in: who they are, their enterprises, their devices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from app.adapters import channels
from app.customers import queries, schemas, usecases
from app.customers.domain.sessions import ELSEWHERE
from app.customers.routes.answers import enterprise_row, masked
from app.kernel import crypto
from app.kernel.db import transaction
from app.kernel.pagination import Page
from app.kernel.web import principal
from app.kernel.web.idempotent import once, open_call_settle
from app.kernel.web.paging import PageIn, page_request
from app.kernel.web.routing import Routes

account = Routes("account", __name__, description="The person signed in")


@account.get("/me")
@account.response(200, schemas.MeOut)
def me() -> dict[str, Any]:
    """Who is signed in."""
    asking = principal.customer()
    with transaction() as session:
        return {
            **masked(queries.person(session, asking.customer_id)),
            "wechat_apps": queries.wechat_apps(session, asking.customer_id),
            "session_id": asking.session_id,
            "channel": asking.channel,
        }


@account.delete("/session")
@account.response(200, schemas.SessionOut)
def sign_out() -> Response:
    """Sign out on this device."""
    asking = principal.customer()
    return once(
        lambda session, _: usecases.revoke_session(
            session, customer_id=asking.customer_id, session_id=asking.session_id, asking_id=asking.session_id
        ),
        schema=schemas.SessionOut,
        status=200,
    )


@account.get("/sessions")
@account.arguments(PageIn, location="query")
@account.response(200, schemas.SessionPageOut)
def list_sessions(query: dict[str, Any]) -> Page[Any]:
    """The devices signed in now, newest first; `live` false: it sleeps, and WeChat wakes it without a code."""
    asking = principal.customer()
    with transaction() as session:
        return queries.live_sessions(session, asking.customer_id, asking.session_id, page_request(query, "sessions"))


@account.delete("/sessions")
@account.response(200, schemas.SessionsEndedOut)
def revoke_other_sessions() -> Response:
    """Sign all other devices out; they need a code to the phone to come back, in WeChat too."""
    asking = principal.customer()
    return once(
        lambda session, _: {
            "ended_count": usecases.end_others(
                session, customer_id=asking.customer_id, session_id=asking.session_id, why=ELSEWHERE
            )
        },
        schema=schemas.SessionsEndedOut,
        status=200,
    )


@account.delete("/sessions/<uuid:session_id>")
@account.response(200, schemas.SessionOut)
def revoke_session(session_id: UUID) -> Response:
    """Sign another device out; it needs a code to the phone to come back, in WeChat too. 404 `session.not_found`."""
    asking = principal.customer()
    return once(
        lambda session, _: usecases.revoke_session(
            session, customer_id=asking.customer_id, session_id=session_id, asking_id=asking.session_id
        ),
        schema=schemas.SessionOut,
        status=200,
    )


@account.post("/me/identity")
@account.arguments(schemas.IdentityIn)
@account.response(200, schemas.CustomerOut)
def confirm_identity(body: dict[str, Any]) -> Response:
    """Confirm name and resident ID with the bureau; needs the consent `identity_check`.

    403 `consent.missing`; 422 `identity.id_no_malformed`, `identity.name_malformed`, `identity.mismatch`,
    `identity.not_found`; 409 `identity.already_confirmed`, `identity.belongs_to_another_customer`; 429
    `identity.too_many_checks`; 503 `source.down`: nothing is lost, repeat with the same Idempotency-Key.
    """
    customer_id = principal.customer().customer_id
    return open_call_settle(
        open_=lambda session, check_id: usecases.open_identity_check(
            session, check_id=check_id, customer_id=customer_id, name=body["name"], id_no=body["id_no"]
        ),
        call=lambda asked: channels().bureau.check_identity(
            query_no=asked.query_no, name=asked.name, id_no=asked.id_no, phone=asked.phone
        ),
        settle=lambda session, asked, outcome: masked(
            usecases.settle_identity(session, question=asked, outcome=outcome)
        ),
        schema=schemas.CustomerOut,
        status=200,
        # the key's fingerprint is stored: a keyed hash, so that it does not give the number away
        body=crypto.blind_index(f"{body['name']}\x00{body['id_no']}", "customers.identity_request"),
    )


@account.post("/enterprises")
@account.arguments(schemas.EnterpriseIn)
@account.response(201, schemas.EnterpriseOut)
def bind_enterprise(body: dict[str, Any]) -> Response:
    """Bind the enterprise whose legal representative the person is, as the registry says.

    403 `identity.needed`; 422 `enterprise.uscc_malformed`, `enterprise.unknown`, `enterprise.not_active`,
    `enterprise.legal_rep_mismatch`; 429 `enterprise.too_many_questions`: ten a day; 503 `source.down`: nothing is
    lost, repeat with the same Idempotency-Key.
    """
    customer_id = principal.customer().customer_id
    return open_call_settle(
        open_=lambda session, binding_id: usecases.open_binding(
            session, binding_id=binding_id, customer_id=customer_id, uscc=body["uscc"]
        ),
        call=lambda asked: channels().tax.enterprise(query_no=asked.query_no, uscc=asked.uscc),
        settle=lambda session, asked, record: enterprise_row(
            usecases.settle_binding(session, question=asked, record=record)
        ),
        schema=schemas.EnterpriseOut,
        status=201,
        body=body,
    )


@account.get("/enterprises")
@account.response(200, schemas.EnterprisePageOut)
def list_enterprises() -> Page[Any]:
    """The enterprises the person acts for: a handful, so always one page."""
    with transaction() as session:
        bound = queries.enterprises_of(session, principal.customer().customer_id)
        return Page([enterprise_row(one) for one in bound], None)
