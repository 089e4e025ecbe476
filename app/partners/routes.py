"""Partners' servers ask who they are (the first call of an integration), manage their keys and fetch tokens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, current_app, request
from sqlalchemy.orm import Session

from app.kernel import call_log, clock
from app.kernel.audience import PartnerPrincipal
from app.kernel.db import transaction
from app.kernel.errors import Forbidden, Malformed, Problem, Unauthenticated
from app.kernel.pagination import Page
from app.kernel.web import principal, problems
from app.kernel.web.idempotent import once
from app.kernel.web.paging import PageIn, page_request
from app.kernel.web.routing import Routes
from app.partners import queries, usecases
from app.partners.domain.keys import TOKEN_LIFE
from app.partners.schemas import (
    ASSERTION_TYPE,
    CallsIn,
    CallsOut,
    KeyIn,
    KeyOut,
    KeyPageOut,
    NewKeyOut,
    TokenIn,
    TokenOut,
    WhoAmIOut,
)

blueprint = Routes("partners", __name__, description="Who signed the request, and your keys")
tokens = Routes("partner_tokens", __name__, description="Tokens for partners who do not sign")


MOST_CALLS = 100


class GrantRefused(Malformed):
    """Only client credentials are exchanged here, given once: in the form or by HTTP Basic."""

    code = "partner.grant_refused"


# RFC 6749 §5.2 beside our own code, for clients that know only that
OAUTH_ERRORS = ((Unauthenticated, "invalid_client"), (Forbidden, "unauthorized_client"))


@blueprint.get("/whoami")
@blueprint.response(200, WhoAmIOut)
def whoami() -> dict[str, Any]:
    """Whom we take the signer for: proves that your signature arrives as you meant it."""
    asking = principal.partner()
    with transaction() as session:
        partner = queries.partner(session, asking.partner_id)
        return {
            "partner_code": partner.code,
            "partner_name": partner.name,
            "key_id": asking.key_id,
            "scopes": sorted(asking.scopes),
            "origins": queries.origins(session, asking.partner_id),
            "mode": current_app.config["DUKOU"].mode,
            "version": asking.version,
            "server_time": clock.now(),
        }


@blueprint.get("/keys")
@blueprint.arguments(PageIn, location="query")
@blueprint.response(200, KeyPageOut)
def list_keys(query: dict[str, Any]) -> Page[queries.KeyView]:
    """Your keys, newest first, also those that ended."""
    asking = _asking()
    with transaction() as session:
        return queries.own_keys(session, partner_id=asking.partner_id, request=page_request(query, "partner_keys"))


@blueprint.get("/calls")
@blueprint.arguments(CallsIn, location="query")
@blueprint.response(200, CallsOut)
def list_calls(query: dict[str, Any]) -> dict[str, Any]:
    """What your servers asked in seven days and how it ended (scope `events:read`); these questions are not in it."""
    asking = principal.partner()
    usecases.require_scope(asking, "events:read")
    most = call_log.MOST if query["after"] else MOST_CALLS  # who follows it misses none
    with transaction() as session:
        wanted = call_log.Wanted(**query)
        found = queries.calls(session, partner_id=asking.partner_id, wanted=wanted, most=most)
    return {"items": found[-MOST_CALLS:][::-1]}


@blueprint.post("/keys")
@blueprint.arguments(KeyIn)
@blueprint.response(201, NewKeyOut)
def create_key(body: dict[str, Any]) -> Response:
    """Give yourself another key, with no more scopes than the one that asks, for a year.

    Both work until you revoke the old one. 403 `partner.scope_not_yours`; 422 `partner.key_unusable`,
    `partner.network_malformed`; 400 `partner.version_unknown`.
    """
    asking = _asking()
    told = {**body, "scopes": frozenset(body["scopes"]), "mode": current_app.config["DUKOU"].mode}

    def work(session: Session, new_id: UUID) -> usecases.NewKey:
        return usecases.add_own_key(session, asking=asking, **told)

    return once(work, schema=NewKeyOut, status=201, body=body)


@blueprint.post("/keys/<string:key_id>/revocation")
@blueprint.response(200, KeyOut)
def revoke_key(key_id: str) -> Response:
    """Take one of your keys back, at once and for ever; its tokens end with it. 404 `partner.key_unknown`."""
    asking = _asking()

    def work(session: Session, new_id: UUID) -> queries.KeyView:
        return usecases.revoke_own_key(session, asking=asking, key_id=key_id)

    return once(work, schema=KeyOut, status=200)


@tokens.post("/oauth/token")
@tokens.arguments(TokenIn, location="form", content_type="application/x-www-form-urlencoded")
@tokens.response(200, TokenOut)
def create_token(form: dict[str, Any]) -> Any:
    """Exchange a client secret or a signed assertion for a bearer token of fifteen minutes (RFC 6749 §4.4, RFC 7523).

    An assertion is for this very address or for our origin, for 300 s at most, and used once. Refusals carry `error` as
    RFC 6749 has it beside our `code`: 401 `partner.client_refused`, `partner.assertion_refused`, 400
    `partner.grant_refused`, `partner.token_scope_refused`.
    """
    settings = current_app.config["DUKOU"]
    asked = {"scope": form["scope"], "address": request.remote_addr, "mode": settings.mode}
    try:
        proof = _proof(form)
        with transaction() as session:
            if "assertion" in proof:
                audiences = (f"{settings.public_url}/partner/v1/oauth/token", settings.public_url)
                made = usecases.issue_token_by_assertion(session, audiences=audiences, **proof, **asked)
            else:
                made = usecases.issue_token(session, **proof, **asked)
    except Problem as problem:
        return _oauth_refusal(problem)
    life_s = int(TOKEN_LIFE.total_seconds())
    return {"access_token": made.token, "token_type": "Bearer", "expires_in": life_s, "scope": " ".join(made.scopes)}


def _proof(form: dict[str, Any]) -> dict[str, Any]:
    """RFC 6749 §2.3: the client proves itself in one way only. Raises GrantRefused."""
    if form["grant_type"] != "client_credentials":
        raise GrantRefused("grant_type is client_credentials.")
    basic = request.authorization if request.authorization and request.authorization.type == "basic" else None
    if form["client_assertion"]:
        if basic or form["client_secret"] or form["client_assertion_type"] != ASSERTION_TYPE:
            raise GrantRefused("An assertion goes with its type and with no secret.", type=ASSERTION_TYPE)
        return {"assertion": form["client_assertion"], "client_id": form["client_id"]}
    if basic and (form["client_id"] or form["client_secret"]):
        raise GrantRefused("Send the client's secret once.")
    given = (basic.username, basic.password) if basic else (form["client_id"], form["client_secret"])
    return {"client_id": given[0] or "", "client_secret": given[1] or ""}


def _oauth_refusal(problem: Problem) -> Response:
    wrong = "invalid_scope" if isinstance(problem, usecases.TokenScopeRefused) else "unsupported_grant_type"
    error = next((name for kind, name in OAUTH_ERRORS if isinstance(problem, kind)), wrong)
    status = problems.status_of(problem)
    response = problems.render(
        status, problem.code, problem.detail, context=problem.context, error=error, error_description=problem.detail
    )
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="partner"'
    return response


def _asking() -> PartnerPrincipal:
    asking = principal.partner()
    usecases.require_scope(asking, "keys:write")
    return asking
